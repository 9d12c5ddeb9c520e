/* Armor in any text: what is opened is clean and shorter, and each of its lines was one of the
 * text, in that order, but for a dash-escape. */
#include "core/mail/pgp.h"

#include "core/base/utf8.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static bool same_line(const char *a, const char *b)
{
    gsize length = strcspn(a, "\n");
    return strcspn(b, "\n") == length && memcmp(a, b, length) == 0;
}

static const char *next_line(const char *at)
{
    at += strcspn(at, "\n");
    return at + (*at == '\n');
}

static void check_lines(const char *text, const char *opened)
{
    for (; *opened; opened = next_line(opened), text = next_line(text)) {
        while (*text && !same_line(text, opened) &&
               !(g_str_has_prefix(text, "- ") && same_line(text + 2, opened)))
            text = next_line(text);
        g_assert_cmpint(*text, !=, '\0');
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    PgpMarks marks;
    g_autofree char *text = utf8_clean((const char *)data, size, TEXT_BLOCK);
    g_autofree char *opened = pgp_open_text(text, &marks);
    g_assert_true((opened != NULL) == marks.is_signed);
    if (opened) {
        g_assert_true(g_utf8_validate(opened, -1, NULL));
        g_assert_cmpuint(strlen(opened), <, strlen(text));
        check_lines(text, opened);
    }
    return 0;
}
