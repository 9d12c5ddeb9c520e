/* Decoding of header values: RFC 2047 encoded words, RFC 5322 address lists and ids, RFC 2231.
 *
 * Input is one unfolded or folded raw value, any bytes, as a C string. Output is clean one-line
 * UTF-8 (TEXT_LINE). Nothing here recurses or is worse than linear in its input, so that it may
 * run on hostile bytes in any process. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>

#define HEADER_ADDRESSES_MAX 1000 /* of one list; what follows is not read */
#define HEADER_ID_MAX 998         /* bytes of one id; a longer one is dropped */

/* Unstructured text (Subject). Adjacent encoded words of one charset are converted together, so
 * that a character split over two of them is whole. */
char *header_decode_text(const char *raw);
/* Appends MailAddress* to `list`; groups are flattened. Two addresses where one may stand make
 * two entries; a control character in an address becomes U+FFFD rather than vanish, so that it
 * never turns into somebody else's. A name without an address has the address "". */
void header_decode_addresses(const char *raw, GPtrArray *list);
/* Appends char* ids without <> to `list`; ids with spaces or controls are dropped. */
void header_decode_ids(const char *raw, GPtrArray *list);
/* Seconds UTC, negative before 1970; 0: none, or none that is to be believed. */
gint64 header_decode_date(const char *raw);
/* The parameter `name` of "value; name=…": quoted strings, RFC 2231 charsets and continuations,
 * encoded words. NULL when absent. */
char *header_decode_parameter(const char *raw, const char *name);
