/* DATA: pieces of any size give the mail that a plain search for CR LF . CR LF does. The first
 * byte says how the input is cut. */
#include "mda/dots.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

/* Where the end mark begins; `in` is read as if CR LF stood in front. */
static gssize find_end(const GString *in)
{
    for (gsize i = 0; i + 3 <= in->len; i++)
        if (memcmp(in->str + i, ".\r\n", 3) == 0 &&
            (i == 0 || (i >= 2 && memcmp(in->str + i - 2, "\r\n", 2) == 0)))
            return (gssize)i;
    return -1;
}

static GString *plainly(const GString *in, gsize end)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < end; i++) {
        bool starts = i == 0 || (i >= 2 && memcmp(in->str + i - 2, "\r\n", 2) == 0);
        if (!starts || in->str[i] != '.')
            g_string_append_c(out, in->str[i]);
    }
    return out;
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    if (length < 1)
        return 0;
    gsize piece = 1 + bytes[0] % 50, used = 0;
    g_autoptr(GString) in = g_string_new_len((const char *)bytes + 1, (gssize)length - 1);
    g_autoptr(GString) out = g_string_new(NULL);
    Dots dots = DOTS_START;
    while (used < in->len && dots != DOTS_ENDED) {
        gsize size = MIN(piece, in->len - used), made;
        g_autofree char *exact = g_memdup2(in->str + used, size);
        g_autofree char *room = g_malloc(size + 1);
        used += dots_take(&dots, exact, size, room, &made);
        g_string_append_len(out, room, (gssize)made);
    }
    gssize end = find_end(in);
    g_assert_cmpint(end >= 0, ==, dots == DOTS_ENDED);
    if (end < 0)
        return 0;
    g_assert_cmpuint(used, ==, (gsize)end + 3);
    g_autoptr(GString) expected = plainly(in, (gsize)end);
    g_assert_cmpmem(out->str, out->len, expected->str, expected->len);
    return 0;
}
