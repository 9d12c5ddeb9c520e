/* The charset of text that names none: told by which bytes there are. */
#pragma once

#include <glib.h>

/* Text in the escape sequences of ISO-2022 (RFC 1468, RFC 1557), which are all ASCII and so
 * pass through every mail server, named or not. The converter's name, or NULL. */
const char *charset_guess_escaped(const guint8 *bytes, gsize length);

/* `bytes` are no UTF-8. The name of a converter, or NULL where nothing speaks against Western
 * European text. A guess: the beginning is counted, no word is known. */
const char *charset_guess(const guint8 *bytes, gsize length);

/* Every name that the two may answer, NULL at the end. */
extern const char *const charset_guesses[];
