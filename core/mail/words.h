/* Encoded words (RFC 2047) without a library, for the outline of a mail nobody could parse.
 *
 * UTF-8, US-ASCII, ISO-8859-1 and Windows-1252 are decoded; words of other charsets stay as
 * they were written. Linear, safe on any bytes. */
#pragma once

/* One folded raw value → clean one-line UTF-8. Raw bytes that are not UTF-8 are read as
 * Windows-1252. */
char *words_decode(const char *raw);
