/* Any text: every line of it in exactly one of the three parts, in order within each. */
#include "core/mail/quote.h"

#include <stdbool.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static bool take_line(const char **part, const char *line, gsize length)
{
    if (strncmp(*part, line, length) != 0)
        return false;
    *part += length;
    return true;
}

/* Equal lines may stand in two parts, so the greedy merge may fail where another would not:
 * then the sum of the lengths still tells. */
static void check_lossless(const char *text, const QuoteParts *parts)
{
    const char *reply = parts->reply, *signature = parts->signature, *quoted = parts->quoted;
    g_assert_cmpuint(strlen(reply) + strlen(signature) + strlen(quoted), ==, strlen(text));
    g_assert_true(g_str_has_prefix(text, reply));
    for (text += strlen(reply); *text;) {
        gsize length = strcspn(text, "\n");
        length += text[length] == '\n';
        if (!take_line(&signature, text, length) && !take_line(&quoted, text, length))
            return;
        text += length;
    }
    g_assert_cmpstr(signature, ==, "");
    g_assert_cmpstr(quoted, ==, "");
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    QuoteParts parts;
    quote_split(text, &parts);
    check_lossless(text, &parts);
    quote_parts_clear(&parts);
    return 0;
}
