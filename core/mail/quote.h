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
/* Splits mail->text into mail->reply, signature and quoted, with cuts and forwarded. */
void quote_mail(Mail *mail);
/* Afterwards: what of a mail's reply stands from `line` (from 0) on goes to its quoted text. */
void quote_cut_from(Mail *mail, guint line, const char *rule);
