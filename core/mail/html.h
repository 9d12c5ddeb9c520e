/* HTML → plain text, linear in its input: a tokenizer, no tree (WHATWG tokenization as far as
 * text needs it).
 *
 * Paragraphs, line breaks, lists, table rows, links ("text <https://…>" when they differ),
 * image alt texts, quotes as "> " per <blockquote>; style, script, title, comments and hidden
 * elements are dropped. Input is UTF-8; at most HTML_MAX_BYTES are read. Output is TEXT_BLOCK.
 */
#pragma once

#include <glib.h>

#define HTML_MAX_BYTES (1024 * 1024)

char *html_to_text(const char *html, gsize length);

/* The charset that the document declares near its beginning, or NULL: <meta charset=…>, or
 * within the content of <meta http-equiv=…>. */
char *html_charset(const char *html, gsize length);
