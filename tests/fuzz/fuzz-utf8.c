/* Clean text: valid, in NFC, free of what must not be there, and clean already when cleaned
 * again. The first byte says which shape. */
#include "core/base/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

static void check(const char *text, TextShape shape)
{
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    g_assert_cmpstr(text, ==, composed);
    for (const char *c = text; *c; c = g_utf8_next_char(c)) {
        gunichar character = g_utf8_get_char(c);
        if (shape == TEXT_BLOCK && (*c == '\n' || *c == '\t'))
            continue;
        g_assert_false(g_unichar_iscntrl(character));
        g_assert_false(character >= 0x202a && character <= 0x202e);
        g_assert_false(character >= 0x2066 && character <= 0x2069);
    }
    if (shape == TEXT_LINE)
        g_assert_false(g_str_has_prefix(text, " ") || g_str_has_suffix(text, " "));
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    if (length == 0)
        return 0;
    TextShape shape = bytes[0] % 2 ? TEXT_LINE : TEXT_BLOCK;
    g_autofree char *text = utf8_clean((const char *)bytes + 1, length - 1, shape);
    check(text, shape);
    g_autofree char *again = utf8_clean(text, strlen(text), shape);
    g_assert_cmpstr(again, ==, text);
    g_autofree char *brief = utf8_shorten(text, bytes[0]);
    g_assert_true(g_utf8_validate(brief, -1, NULL));
    g_assert_cmpint(g_utf8_strlen(brief, -1), <=, bytes[0]);
    return 0;
}
