/* Separating what the sender wrote now from what was there before.
 *
 * Lossless: every line of `text` lands in exactly one of reply, signature, quoted, in order
 * within each; `cuts` tells which lines are not in the reply, and why. Answers between quotes
 * are never cut: they and their quotes stay in the reply, without the lines that introduce the
 * quotes. A mail that passes on another keeps it all. A reply that would be empty keeps
 * everything. Linear in the text. */
#pragma once

#include "core/mail/mail.h"

typedef struct {
    char *reply, *signature, *quoted;
    GPtrArray *cuts;      /* MailCut *, in order, at most 1000 */
    MailForward *forward; /* NULL: no forward */
} QuoteParts;

/* `subject` is that of the mail: it may say that it is a forward. */
void quote_split(const char *text, const char *subject, QuoteParts *parts);
void quote_parts_clear(QuoteParts *parts);
