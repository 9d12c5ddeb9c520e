/* The lines of a text, as the readers of quotes see them. Used by quote.c and the files of
 * marks beside it only. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    LINE_OWN,
    LINE_BLANK,
    LINE_QUOTE, /* "> …" */
} LineClass;

typedef struct {
    const char *at;
    gsize length; /* without the line end and trailing blanks */
    gsize whole;  /* with them */
    LineClass class;
} QuoteLine;

/* QuoteLine, in order; they point into `text`. */
GArray *quote_lines(const char *text);
#define quote_line(lines, i) (&g_array_index(lines, QuoteLine, i))
/* The first line from `i` on that is not blank; the number of lines if there is none. */
guint quote_skip_blank(const GArray *lines, guint i);
/* The line without its "> " marks and blanks; *ret_length in bytes. */
const char *quote_bare(const QuoteLine *line, gsize *ret_length);
/* Lower case, no-break spaces and typographic apostrophes as the plain ones, runs of blanks as
 * one. Bytes that are no UTF-8 stand as they are. */
char *quote_fold(const char *line, gsize length);
/* A letter or digit of ASCII, or a byte of any other character. */
bool quote_is_letter(char c);
