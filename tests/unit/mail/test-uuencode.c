/* Files in the middle of a text. */
#include "core/mail/uuencode.h"

#include <string.h>

/* The text, then each file as "[name:offset+length]"; fed in pieces of `piece` bytes. */
static char *split(const char *text, gsize piece, gsize text_max, guint files_max)
{
    g_autoptr(UuSplitter) splitter = uu_splitter_new(text_max, files_max);
    g_autoptr(GPtrArray) files = NULL;
    bool cut = false;
    for (gsize at = 0, n = strlen(text); at < n; at += piece)
        uu_splitter_feed(splitter, (const guint8 *)text + at, MIN(piece, n - at));
    g_autoptr(GByteArray) rest = uu_splitter_finish(splitter, &files, &cut);
    GString *out = g_string_new_len((const char *)rest->data, rest->len);
    g_string_append(out, cut ? "…" : "");
    for (guint i = 0; i < files->len; i++) {
        const UuFile *file = files->pdata[i];
        g_string_append_printf(out, "[%s:%d+%d]", file->name, (int)file->offset,
                               (int)file->length);
    }
    return g_string_free(out, FALSE);
}

#define DATA "#8V%T\n"
#define FULL "M86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A86%A\n"

static const struct {
    const char *what, *text, *expected;
} cases[] = {
    {"no file", "begin with\nthe end\n", "begin with\nthe end\n"},
    {"a file between words", "hello\nbegin 644 cat.txt\n" DATA "`\nend\nbye\n",
     "hello\nbye\n[cat.txt:6+30]"},
    {"first and last", "begin 0755 a b.bin\r\n" FULL DATA "`\r\nend", "[a b.bin:0+94]"},
    {"a blank line for none", "begin 644 a\n" DATA "\nend\n", "[a:0+23]"},
    {"two files", "begin 644 a\n" DATA "`\nend\nand\nbegin 644 b\n" DATA "`\nend\n",
     "and\n[a:0+24][b:28+24]"},
    {"cut on its way", "begin 644 a\n" FULL "-- \nJean\n", "-- \nJean\n[a:0+74]"},
    {"cut at the end", "x\nbegin 644 a\n" FULL, "x\n[a:2+74]"},
    {"nothing after begin", "begin 644 a\n", "begin 644 a\n"},
    {"words after begin", "begin 644 a\nM is for mother\nend\n",
     "begin 644 a\nM is for mother\nend\n"},
    {"capitals after begin", "begin 644 a\nMERCI DE VOTRE AIDE\n",
     "begin 644 a\nMERCI DE VOTRE AIDE\n"},
    {"begin twice", "begin 644 a\nbegin 644 b\n" DATA "end\n", "begin 644 a\n[b:12+22]"},
    {"no name", "begin 644 \n" DATA "end\n", "begin 644 \n" DATA "end\n"},
    {"no mode", "begin a\n" DATA "end\n", "begin a\n" DATA "end\n"},
    {"an empty file", "begin 644 a\n`\nend\n", "[a:0+18]"},
    {"quoted", "> begin 644 a\n> " DATA "> end\n", "> begin 644 a\n> " DATA "> end\n"},
};

static void test_split(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].what);
        for (gsize piece = 1; piece < 200; piece += piece < 5 ? 1 : 17) {
            g_autofree char *got = split(cases[i].text, piece, 1000, 10);
            g_assert_cmpstr(got, ==, cases[i].expected);
        }
    }
}

static void test_caps(void)
{
    g_autofree char *short_text = split("hello\nbegin 644 a\n" DATA "end\nbye\n", 7, 8, 10);
    g_assert_cmpstr(short_text, ==, "hello\nby…[a:6+22]");
    const char *two = "begin 644 a\n" DATA "end\nbegin 644 b\n" DATA "end\n";
    g_autofree char *one_file = split(two, 7, 100, 1);
    g_assert_cmpstr(one_file, ==, "begin 644 b\n" DATA "end\n[a:0+22]");
}

/* What a file decodes to is weighed on the way. */
static void test_weighed(void)
{
    static const char text[] = "x\nbegin 644 a\n" DATA "`\nend\nbegin 644 b\n" DATA "#8V%T";
    g_autoptr(UuSplitter) splitter = uu_splitter_new(1000, 10);
    g_autoptr(GPtrArray) files = NULL;
    bool cut;
    uu_splitter_feed(splitter, (const guint8 *)text, strlen(text));
    g_autoptr(GByteArray) rest = uu_splitter_finish(splitter, &files, &cut);
    static const char *const contents[] = {"cat", "catcat"};
    g_assert_cmpuint(files->len, ==, 2);
    for (guint i = 0; i < files->len; i++) {
        const UuFile *file = files->pdata[i];
        g_autofree char *sum =
            g_compute_checksum_for_string(G_CHECKSUM_SHA256, contents[i], -1);
        g_assert_cmpuint(file->size, ==, strlen(contents[i]));
        g_assert_cmpstr(file->sha256, ==, sum);
    }
}

static void test_may_begin(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool has_file = strchr(cases[i].expected, '[') != NULL;
        const char *text = cases[i].text;
        if (has_file)
            g_assert_true(uu_may_begin((const guint8 *)text, strlen(text)));
    }
    g_assert_false(uu_may_begin((const guint8 *)"we begin 644 a\n", 15));
    g_assert_false(uu_may_begin(NULL, 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/uuencode/split", test_split);
    g_test_add_func("/uuencode/caps", test_caps);
    g_test_add_func("/uuencode/weighed", test_weighed);
    g_test_add_func("/uuencode/may-begin", test_may_begin);
    return g_test_run();
}
