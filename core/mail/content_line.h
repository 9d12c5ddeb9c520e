/* The lines that calendars and visiting cards are made of: "NAME;PARAMETER=…:VALUE"
 * (RFC 5545 section 3.1, RFC 6350 section 3.2). */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define CONTENT_LINE_MAX 600 /* bytes kept of a line */

/* The next line with its folds undone; false at the end. Moves *at. */
bool content_line_next(const char **at, const char *end, GString *line);
/* Ends the name and its parameters with a NUL and returns the value; NULL: no such line. */
char *content_line_divide(char *line);
bool content_line_is(const char *line, const char *name); /* any case, divided */
/* A text value with its escapes undone, as one clean line. */
char *content_line_text(const char *value);
