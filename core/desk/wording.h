/* What a text says, as the hashes of its words: two texts are compared by them, whatever a mail
 * program did to the lines between.
 *
 * A word is a run of letters and digits in lower case, with the marks on them; a character of
 * the scripts that are written without spaces is a word of its own. All else only separates,
 * what is invisible does not even that. Text is valid UTF-8. */
#pragma once

#include <glib.h>

typedef struct {
    GArray *hashes; /* guint64, one a word, in order */
    gsize chars;    /* of all words */
} Wording;

#define WORDING_START G_GUINT64_CONSTANT(0xcbf29ce484222325) /* FNV-1a */
#define WORDING_PRIME G_GUINT64_CONSTANT(0x100000001b3)

Wording wording_new(void);
void wording_clear(Wording *wording);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Wording, wording_clear)
/* Appends the words of `text`. */
void wording_read(Wording *wording, const char *text, gsize length);
