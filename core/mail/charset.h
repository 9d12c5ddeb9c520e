/* Bytes of a declared charset → clean UTF-8; never drops a byte that has a sensible reading.
 *
 * Order: the escape sequences of ISO-2022, which say themselves what they are; UTF-8 where so
 * many characters are valid that it cannot be chance, whatever was declared; the declared
 * charset, strictly (iso-8859-1 read as windows-1252, other names by the superset that mail
 * programs mean); else UTF-8 if the bytes are valid UTF-8; else the declared charset with
 * U+FFFD for its few bad bytes; else a guess from the bytes (charset_guess.h); else
 * windows-1252. us-ascii and unknown names are no declaration. NUL is data. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* `charset` NULL or "" when undeclared. The result is utf8_clean'ed as TEXT_BLOCK. */
char *charset_to_utf8(const guint8 *bytes, gsize length, const char *charset);

/* Loads the converter of a charset, and keeps it loaded: afterwards no file is needed for it.
 * False if the name says nothing of foreign characters (us-ascii, unknown). */
bool charset_open(const char *charset);
/* The same for those that a guess may come to. */
void charset_open_guesses(void);
/* The same for every converter there is. */
void charset_open_all(void);
