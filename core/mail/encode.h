/* Encoding for outgoing mail: header fields and bodies, the inverse of header.h and transfer.h.
 *
 * Everything is appended to `out` with CRLF line ends, and the same input gives the same bytes.
 * Values are cleaned here (utf8.h), so that no CR, LF, NUL or other control character of a
 * value can end a header field. Lines stay within 76 octets wherever there is a place to fold.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define ENCODE_BASE64_LINE 57 /* bytes that make one line of 76 characters */

/* "Name: value": words that are not plain ASCII become encoded words (RFC 2047). A value longer
 * than 1,000 characters is cut. `name` must be a header name. */
void encode_text(GString *out, const char *name, const char *value);

/* "Name: Display <address>", or the bare address when `display` is "" or NULL. `address` must
 * be address_is_safe; beyond ASCII it is written as it is (RFC 6532). */
void encode_mailbox(GString *out, const char *name, const char *display, const char *address);

/* ";" and a parameter on its own line: quoted when it is short and plain, else RFC 2231. */
void encode_parameter(GString *out, const char *name, const char *value);

/* A file name fit to be offered for saving: no path, no leading dot, at most 200 bytes with
 * its extension kept, `fallback` when nothing is left. */
char *encode_file_name(const char *name, const char *fallback);
/* The same in ASCII, at most 60 bytes, for readers that know no RFC 2231. */
char *encode_file_name_ascii(const char *name);

/* A text body in quoted-printable (RFC 2045 section 6.7), ended by CRLF. A dot or "From " that
 * begins a line is escaped, so that no careless transport changes it. */
void encode_quoted_printable(GString *out, const char *text);

/* Base64 lines. `length` is a multiple of ENCODE_BASE64_LINE except in the last call. */
void encode_base64(GString *out, const guint8 *bytes, gsize length);
