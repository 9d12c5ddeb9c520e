/* Bytes of a declared charset → clean UTF-8; never drops a byte that has a sensible reading.
 *
 * Order: the declared charset, strictly (iso-8859-1 and us-ascii read as windows-1252); else
 * UTF-8 if the bytes are valid UTF-8; else windows-1252. NUL is data. */
#pragma once

#include <glib.h>

/* `charset` NULL or "" when undeclared. The result is utf8_clean'ed as TEXT_BLOCK. */
char *charset_to_utf8(const guint8 *bytes, gsize length, const char *charset);
