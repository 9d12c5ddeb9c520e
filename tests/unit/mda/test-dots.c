/* The end of DATA: where it is, where it is not, and what was stuffed. */
#include "mda/dots.h"

#include <string.h>

/* What the mail is, then "|" and what follows it; without "|" the end did not come. Fed in
 * pieces of `piece` bytes. */
static char *unstuff(const char *in, gsize piece)
{
    Dots dots = DOTS_START;
    GString *out = g_string_new(NULL);
    gsize length = strlen(in), at = 0;
    while (at < length && dots != DOTS_ENDED) {
        gsize size = MIN(piece, length - at), made;
        g_autofree char *exact = g_memdup2(in + at, size);
        g_autofree char *room = g_malloc(size + 1);
        at += dots_take(&dots, exact, size, room, &made);
        g_assert_cmpuint(made, <=, size + 1);
        g_string_append_len(out, room, (gssize)made);
    }
    if (dots == DOTS_ENDED)
        g_string_append_printf(out, "|%s", in + at);
    return g_string_free(out, FALSE);
}

static const struct {
    const char *what, *in, *expected;
} cases[] = {
    {"plain", "a\r\nb\r\n.\r\n", "a\r\nb\r\n|"},
    {"empty", ".\r\n", "|"},
    {"commands-follow", "a\r\n.\r\nQUIT\r\n", "a\r\n|QUIT\r\n"},
    {"stuffed", "..a\r\n...\r\n.\r\n", ".a\r\n..\r\n|"},
    {"stuffed-though-needless", ".a\r\n.\r\n", "a\r\n|"},
    {"dot-within-a-line", "a.\r\nb .\r\n.\r\n", "a.\r\nb .\r\n|"},
    /* What smuggles mails into others: none of these ends it. */
    {"bare-lf-dot-crlf", "a\n.\r\nMAIL\r\n.\r\n", "a\n.\r\nMAIL\r\n|"},
    {"bare-lf-dot-lf", "a\n.\nMAIL\r\n.\r\n", "a\n.\nMAIL\r\n|"},
    {"crlf-dot-lf", "a\r\n.\nMAIL\r\n.\r\n", "a\r\n\nMAIL\r\n|"},
    {"crlf-dot-cr", "a\r\n.\rMAIL\r\n.\r\n", "a\r\n\rMAIL\r\n|"},
    {"crlf-dot-cr-cr-lf", "a\r\n.\r\r\nMAIL\r\n.\r\n", "a\r\n\r\r\nMAIL\r\n|"},
    {"cr-dot-cr", "a\r.\rMAIL\r\n.\r\n", "a\r.\rMAIL\r\n|"},
    {"cr-cr-lf-ends-a-line", "a\r\r\n.\r\n", "a\r\r\n|"},
    {"no-end", "a\r\n.", "a\r\n"},
};

static void test_case(gconstpointer user)
{
    gsize i = GPOINTER_TO_SIZE(user);
    for (gsize piece = 1; piece <= strlen(cases[i].in); piece++) {
        g_autofree char *got = unstuff(cases[i].in, piece);
        g_assert_cmpstr(got, ==, cases[i].expected);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/dots/", cases[i].what, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_case);
    }
    return g_test_run();
}
