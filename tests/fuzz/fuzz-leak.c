/* What keeps words and secrets inside, as far as it needs no store. Any text: quoting and
 * wrapping it otherwise hides nothing, what is public never leaks, and the shape of a secret
 * never reaches past the end. */
#include "core/desk/leak.h"
#include "core/desk/scrub.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *quoted(const char *text)
{
    g_autoptr(GString) out = g_string_new("> ");
    g_string_append(out, text);
    g_string_replace(out, " ", "\n> ", 0);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static bool leaks(const char *reply, const char *signature, const char *internal,
                  const char *public)
{
    g_autoptr(LeakCheck) check = leak_check_new(reply, signature);
    leak_check_add_internal(check, internal);
    leak_check_add_public(check, public);
    return leak_check_found(check);
}

/* `reply` LF `note`, the rest of the lines in it. */
static void check_leak(const char *text)
{
    g_auto(GStrv) halves = g_strsplit(text, "\n", 2);
    if (!halves[0] || !halves[1])
        return;
    g_autofree char *wrapped = quoted(halves[0]);
    g_autofree char *upper = g_ascii_strup(halves[0], -1);
    bool found = leaks(halves[0], "", halves[1], "");
    g_assert_cmpint(leaks(wrapped, "", halves[1], ""), ==, found);
    g_assert_cmpint(leaks(upper, "", halves[1], ""), ==, found);
    g_assert_cmpint(leaks("", halves[0], halves[1], ""), ==, found);
    g_assert_false(leaks(halves[0], "", halves[1], halves[0]));
    g_assert_false(leaks(halves[0], "", halves[1], halves[1]));
    if (found) /* who repeats a part repeats the whole */
        g_assert_true(leaks(halves[1], "", halves[1], ""));
}

static void check_shapes(const char *bytes, gsize size)
{
    const char *end = bytes + size;
    for (const char *p = bytes; p <= end; p++) {
        ScrubShape shape = {0};
        if (!scrub_shape(p, end, &shape))
            continue;
        g_assert_cmpint(shape.kind, !=, SCRUB_NOTHING);
        g_assert_nonnull(strchr("+%/", *p));
        g_assert_cmpuint(shape.lead + shape.length, <=, (gsize)(end - p));
        g_assert_true(g_ascii_isalnum(p[shape.lead]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *exact = g_memdup2(data, size); /* no NUL behind it */
    if (exact)
        check_shapes(exact, size);
    if (g_utf8_validate(text, -1, NULL))
        check_leak(text);
    return 0;
}
