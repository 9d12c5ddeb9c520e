/* Clean text: against a table, and against GLib's own normalisation of whole texts. */
#include "core/base/utf8.h"

#include <string.h>

/* Cleans an exact-size copy, so that reading past the end shows. */
static char *clean(const char *bytes, gsize length, TextShape shape)
{
    g_autofree char *exact = g_memdup2(bytes, length);
    return utf8_clean(exact, length, shape);
}

static void test_table(void)
{
    static const struct {
        TextShape shape;
        const char *bytes;
        gsize length; /* 0: strlen */
        const char *expected;
    } cases[] = {
        {TEXT_LINE, "", 0, ""},
        {TEXT_LINE, "plain", 0, "plain"},
        {TEXT_LINE, "  a  b  ", 0, "a  b"},
        {TEXT_LINE, "a\r\n b", 0, "a b"},
        {TEXT_LINE, "a \t\r\n\tb\r\n", 0, "a b"},
        {TEXT_LINE, "\r\na", 0, "a"},
        {TEXT_LINE, "a\nBcc: x", 0, "a Bcc: x"},
        {TEXT_LINE, "a\342\200\250b", 0, "a b"}, /* U+2028 */
        {TEXT_BLOCK, "a\r\nb\rc\nd\te", 0, "a\nb\nc\nd\te"},
        {TEXT_BLOCK, " a \r\n", 0, " a \n"},
        {TEXT_BLOCK, "a\r\r\nb", 0, "a\n\nb"},
        {TEXT_BLOCK, "a\0b", 3, "ab"},
        {TEXT_BLOCK, "\x1b[31mred\x07\x7f", 0, "[31mred"},
        {TEXT_BLOCK, "a\302\205b", 0, "ab"},                           /* C1 */
        {TEXT_BLOCK, "a\342\200\256b\342\201\246c", 0, "abc"},         /* RLO, LRI */
        {TEXT_BLOCK, "\357\273\277a\357\277\276\357\267\220", 0, "a"}, /* BOM, noncharacters */
        {TEXT_BLOCK, "\360\237\277\277b", 0, "b"},                     /* U+1FFFF */
        {TEXT_BLOCK, "caf\351 cr\350me", 0, "caf\357\277\275 cr\357\277\275me"},
        {TEXT_BLOCK, "a\303", 0, "a\357\277\275"},               /* cut off */
        {TEXT_BLOCK, "\300\200", 0, "\357\277\275\357\277\275"}, /* overlong NUL */
        {TEXT_BLOCK, "\355\240\200", 0, "\357\277\275\357\277\275\357\277\275"}, /* surrogate */
        {TEXT_BLOCK, "e\314\201te\314\201", 0, "\303\251t\303\251"},             /* composed */
        {TEXT_BLOCK, "\342\204\253", 0, "\303\205"},                  /* angstrom sign */
        {TEXT_BLOCK, "a\314\201\314\243", 0, "\341\272\241\314\201"}, /* marks in order */
        {TEXT_BLOCK, "\341\204\222\341\205\241\341\206\253", 0, "\355\225\234"}, /* hangul */
        {TEXT_BLOCK, "\314\201a", 0, "\314\201a"}, /* a mark on nothing */
        {TEXT_LINE, "x\r\n\314\201a", 0, "x \314\201a"},
        {TEXT_BLOCK, "\346\227\245\346\234\254\350\252\236 \360\237\230\200", 0,
         "\346\227\245\346\234\254\350\252\236 \360\237\230\200"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = cases[i].length ? cases[i].length : strlen(cases[i].bytes);
        g_autofree char *text = clean(cases[i].bytes, length, cases[i].shape);
        g_assert_cmpstr(text, ==, cases[i].expected);
    }
}

/* Every character there is, alone and between others, comes out as GLib would normalise it. */
static void test_every_character(void)
{
    for (gunichar c = 0xa0; c <= 0x10ffff; c++) {
        if (!g_unichar_validate(c) || (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef) ||
            (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff)
            continue;
        if (!g_unichar_isdefined(c) || g_unichar_type(c) == G_UNICODE_PRIVATE_USE)
            continue;
        if (c >= 0x20000 && c < 0x2f000 && c % 16 != 0) /* ideographs, all alike */
            continue;
        g_autoptr(GString) text = g_string_new("a");
        g_string_append_unichar(text, c);
        g_string_append(text, "\314\201\314\243e\314\202b"); /* marks on it, and after it */
        g_string_append_unichar(text, 0x1100);
        g_string_append_unichar(text, c);
        g_string_append_unichar(text, 0x1161);
        g_autofree char *expected = g_utf8_normalize(text->str, -1, G_NORMALIZE_NFC);
        g_autofree char *got = utf8_clean(text->str, text->len, TEXT_BLOCK);
        if (strcmp(got, expected) != 0)
            g_error("U+%04X differs", c);
    }
}

/* Mixtures of characters that join each other, longer than what is normalised at a time. */
static void test_mixtures(void)
{
    static const gunichar pool[] = {
        'a',    'e',    0xe9,   0x300,  0x301,   0x323,   0x345,   0x3b1,  0x1f00, 0x1100,
        0x1161, 0x11a8, 0xac00, 0x0915, 0x093c,  0x0958,  0x0bc6,  0x0bbe, 0x3046, 0x3099,
        0x2126, 0x4e00, 0xfb1d, 0x0f43, 0x1d15e, 0x11099, 0x110ba, '\n',   0x5d0};
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        int length = g_test_rand_int_range(1, round % 10 == 0 ? 3000 : 20);
        for (int i = 0; i < length; i++)
            g_string_append_unichar(text,
                                    pool[g_test_rand_int_range(0, (gint32)G_N_ELEMENTS(pool))]);
        g_autofree char *expected = g_utf8_normalize(text->str, -1, G_NORMALIZE_NFC);
        g_autofree char *got = utf8_clean(text->str, text->len, TEXT_BLOCK);
        g_assert_cmpstr(got, ==, expected);
    }
}

/* A mountain of marks is cut; cleaning what is clean changes nothing. */
static void test_marks(void)
{
    g_autoptr(GString) text = g_string_new("e");
    for (int i = 0; i < 300000; i++)
        g_string_append(text, i % 2 ? "\314\201" : "\314\243");
    g_string_append(text, "end");
    g_autofree char *once = utf8_clean(text->str, text->len, TEXT_BLOCK);
    g_assert_true(g_str_has_suffix(once, "end"));
    g_assert_cmpint(g_utf8_strlen(once, -1), <=, 1 + 30 + 3);
    g_assert_cmpint(g_utf8_strlen(once, -1), >=, 25);
    g_autofree char *twice = utf8_clean(once, strlen(once), TEXT_BLOCK);
    g_assert_cmpstr(twice, ==, once);
}

static void test_shorten(void)
{
    static const struct {
        const char *text;
        gsize max;
        const char *expected;
    } cases[] = {
        {"", 0, ""},
        {"", 5, ""},
        {"abc", 0, ""},
        {"abc", 3, "abc"},
        {"abcd", 3, "ab\342\200\246"},
        {"abcd", 1, "\342\200\246"},
        {"\303\251\303\251\303\251", 3, "\303\251\303\251\303\251"},
        {"\303\251\303\251\303\251", 2, "\303\251\342\200\246"},
        {"ab cd", 4, "ab\342\200\246"},
        {"aq\314\203b", 3, "a\342\200\246"}, /* not between q and its tilde */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = utf8_shorten(cases[i].text, cases[i].max);
        g_assert_cmpstr(text, ==, cases[i].expected);
        g_assert_cmpint(g_utf8_strlen(text, -1), <=, cases[i].max);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/utf8/table", test_table);
    g_test_add_func("/utf8/every-character", test_every_character);
    g_test_add_func("/utf8/mixtures", test_mixtures);
    g_test_add_func("/utf8/marks", test_marks);
    g_test_add_func("/utf8/shorten", test_shorten);
    return g_test_run();
}
