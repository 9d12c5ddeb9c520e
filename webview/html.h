/* Writing HTML and URLs, each function named by the context its output is safe in.
 *
 * Input is text from anywhere; what is not valid UTF-8 is mended with U+FFFD first. All append
 * to `out` and take time linear in the text. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Markup of our own, never data. */
void html_raw(GString *out, const char *markup);
/* Between tags. */
void html_text(GString *out, const char *text);
/* Within an attribute value in double quotes. */
void html_attr(GString *out, const char *text);
/* One segment of a path, or one value of a query: all but RFC 3986's unreserved characters
 * percent-encoded, so that the result is safe in an attribute, too. */
void url_segment(GString *out, const char *text);

/* Between tags, with http and https addresses as links that take no referrer along. */
void html_linked(GString *out, const char *text);
