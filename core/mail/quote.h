/* Separating what the sender wrote now from what was there before.
 *
 * Lossless: every line of `text` lands in exactly one of reply, signature, quoted, in order
 * within each. Interleaved answers (own lines after quoted ones, other than a signature) are
 * never cut: they and their quotes stay in reply. A reply that would be empty keeps everything
 * (forwards). Patterns run with match limits on capped subjects. */
#pragma once

#include <glib.h>

typedef struct {
    char *reply, *signature, *quoted;
} QuoteParts;

void quote_split(const char *text, QuoteParts *parts);
void quote_parts_clear(QuoteParts *parts);
