/* What somebody typed, as it is compared: lower case, without accents. */
#pragma once

/* Case, accents and typographic apostrophes do not matter; no-break spaces and what joins words
 * (- and _) become plain spaces; spaces around are cut. `text` is valid UTF-8. */
char *fold_text(const char *text);
/* The same, with what joins words as it stands. */
char *fold_letters(const char *text);
