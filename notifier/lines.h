/* Line ends on the way out: CRLF on the wire (RFC 5321 section 2.3.8), LF in files and pipes.
 *
 * Works on pieces cut anywhere, also between CR and LF. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    bool cr; /* the last byte so far was a CR */
} LineEnds;

/* False when a CR or LF stands alone: what one server takes for text and the next for the end
 * of the mail (SMTP smuggling). */
bool line_ends_are_crlf(LineEnds *ends, const guint8 *bytes, gsize length);
/* Appends the bytes with each CRLF as LF; a CR stays if another byte follows it. */
void line_ends_to_lf(LineEnds *ends, const guint8 *bytes, gsize length, GByteArray *out);
