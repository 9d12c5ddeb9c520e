/* What may be stored or shown as text: valid UTF-8 in NFC without control characters. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    TEXT_LINE,  /* one line: CR, LF and TAB become one space; ends trimmed */
    TEXT_BLOCK, /* lines: CR LF and CR become LF; TAB kept */
} TextShape;

/* Invalid bytes become U+FFFD each; C0, C1, DEL, bidi overrides and isolates, U+FEFF and
 * noncharacters are dropped, and marks past the 30th on one character. NUL is data on the way
 * in, dropped on the way out. Time and memory are linear in `length`. */
char *utf8_clean(const char *bytes, gsize length, TextShape shape);
/* At most `max` characters, cut at a character with "…" in its place. */
char *utf8_shorten(const char *text, gsize max);
/* Cuts valid UTF-8 to at most `max` bytes, at a character. Was it longer? */
bool utf8_cut(char *text, gsize max);
