/* Any text, shown with its links: the only markup that comes out is our own, and without it the
 * text is there, whole. */
#include "webview/html.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static const char opening[] = "<a href=\"";
static const char between[] = "\" rel=\"noreferrer nofollow noopener\">";
static const char closing[] = "</a>";

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GString) linked = g_string_new("");
    g_autoptr(GString) shown = g_string_new("");
    g_autoptr(GString) plain = g_string_new("");

    html_linked(linked, text);
    html_text(plain, text);
    if (!g_utf8_validate(linked->str, (gssize)linked->len, NULL))
        abort();
    for (const char *p = linked->str; *p;) {
        if (g_str_has_prefix(p, opening)) {
            p += strlen(opening);
            const char *end = strchr(p, '"');
            if (!end || !g_str_has_prefix(end, between) ||
                (g_ascii_strncasecmp(p, "http://", 7) && g_ascii_strncasecmp(p, "https://", 8)))
                abort();
            p = end + strlen(between);
        } else if (g_str_has_prefix(p, closing)) {
            p += strlen(closing);
        } else if (*p == '<' || *p == '>') {
            abort();
        } else {
            g_string_append_c(shown, *p++);
        }
    }
    if (strcmp(shown->str, plain->str) != 0)
        abort();
    return 0;
}
