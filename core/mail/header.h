/* Decoding of header values: RFC 2047 encoded words, RFC 5322 address lists and ids, RFC 2231.
 *
 * Input is one unfolded or folded raw value, any bytes. Output is clean one-line UTF-8. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>

/* Unstructured text (Subject). Works around GMime 3.2.13 losing text after a padded B word. */
char *header_decode_text(const char *raw);
/* Appends MailAddress* to `list`; groups are flattened. */
void header_decode_addresses(const char *raw, GPtrArray *list);
/* Appends char* ids without <> to `list`; ids with spaces or controls are dropped. */
void header_decode_ids(const char *raw, GPtrArray *list);
/* Seconds UTC, or 0. */
gint64 header_decode_date(const char *raw);
