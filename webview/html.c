/* Escaping for HTML and URLs.
 *
 * Not here: finding links in text (linkify.c). Nothing can fail: what cannot be shown as it is
 * is shown as U+FFFD. */
#include "webview/html.h"

#include <string.h>

void html_raw(GString *out, const char *markup)
{
    g_string_append(out, markup);
}

static const char *entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return "&#39;";
    }
}

/* Runs of harmless bytes are appended whole: most text has nothing to escape. */
static void escape(GString *out, const char *text, const char *special)
{
    for (;;) {
        gsize plain = strcspn(text, special);
        g_string_append_len(out, text, (gssize)plain);
        text += plain;
        if (*text == '\0')
            return;
        g_string_append(out, entity(*text++));
    }
}

static void escape_valid(GString *out, const char *text, const char *special)
{
    if (g_utf8_validate(text, -1, NULL)) {
        escape(out, text, special);
        return;
    }
    g_autofree char *mended = g_utf8_make_valid(text, -1);
    escape(out, mended, special);
}

void html_text(GString *out, const char *text)
{
    escape_valid(out, text, "&<>");
}

void html_attr(GString *out, const char *text)
{
    escape_valid(out, text, "&<>\"'");
}

void url_segment(GString *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    g_autofree char *mended =
        g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);

    for (const char *p = mended ? mended : text; *p; p++) {
        guint8 byte = (guint8)*p;
        if (g_ascii_isalnum(*p) || strchr("-._~", *p)) {
            g_string_append_c(out, *p);
        } else {
            const char escaped[] = {'%', hex[byte >> 4], hex[byte & 15]};
            g_string_append_len(out, escaped, sizeof escaped);
        }
    }
}
