/* A line of a text that shows where words stand in it. */
#pragma once

#include "schema/words.h"

/* Around the first word of `text` that is, or begins with, one of `words` (char *, folded as
 * words.h has it), else from its beginning; at most some 160 characters on one line, cut
 * between words with "…" in place of what is left out. */
char *snippet_make(const WordReader *reader, const char *text, const GPtrArray *words);
