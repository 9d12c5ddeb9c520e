/* Tokens: what verifies, what does not, and that no purpose stands in for another. */
#include "core/desk/token.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static Keyring *ring_new(void)
{
    Keyring *ring = NULL;
    g_autofree char *dir = g_dir_make_tmp("wicket-token-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(dir, "key", NULL);
    g_assert_true(keyring_create(path, NULL));
    g_assert_true(keyring_load(path, &ring, NULL));
    g_unlink(path);
    g_rmdir(dir);
    return ring;
}

static void test_subject(void)
{
    g_autoptr(Keyring) ring = ring_new();
    g_autofree char *code = token_subject_code(ring, "SUP", 42);
    g_autofree char *good = g_strdup_printf("RE : Tr: [SUP-42-%s] panne", code);
    g_autofree char *loud = g_strdup_printf("[sup-42-%s]", code);
    g_autofree char *other = g_strdup_printf("[SUP-43-%s] panne", code);
    g_autofree char *second = g_strdup_printf("[#12] [SUP-42-00000000] [SUP-42-%s]", code);
    g_autofree char *prefix = NULL, *prefix2 = NULL, *prefix3 = NULL;
    gint64 number = 0;

    g_assert_true(token_find_in_subject(ring, good, &prefix, &number));
    g_assert_cmpstr(prefix, ==, "SUP");
    g_assert_cmpint(number, ==, 42);
    g_assert_true(token_find_in_subject(ring, loud, &prefix2, &number));
    g_assert_true(token_find_in_subject(ring, second, &prefix3, &number));
    g_assert_false(token_find_in_subject(ring, other, &prefix, &number));
    const char *const wrong[] = {"",
                                 "[",
                                 "[SUP-42]",
                                 "[#42]",
                                 "[SUP-42-7kq2m9x]",
                                 "[SUP-42-7kq2m9xww]",
                                 "[S-42-7kq2m9xw]",
                                 "[SUP-99999999999999999999-7kq2m9xw]"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(token_find_in_subject(ring, wrong[i], &prefix, &number));
}

static void test_strip_subject(void)
{
    static const struct {
        const char *subject, *bare;
    } cases[] = {
        {"Imprimante en panne", "Imprimante en panne"},
        {"Re: Imprimante en panne", "Imprimante en panne"},
        {"RE : TR : Re[2]: Imprimante", "Imprimante"},
        {"Rép : Imprimante", "Imprimante"},
        {"Re: [SUP-42-7kq2m9xw] Imprimante", "Imprimante"},
        {"[SUP-42-7kq2m9xw] Re: Imprimante", "Imprimante"},
        {"Fwd: [#12] autre système", "[#12] autre système"},
        {"Report: weekly", "Report: weekly"},
        {"", ""},
        {"Re:", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *bare = token_strip_subject(cases[i].subject);
        g_assert_cmpstr(bare, ==, cases[i].bare);
    }
}

static const char *extension_of(const char *address)
{
    static char buffer[64];
    const char *plus = strchr(address, '+');
    g_strlcpy(buffer, plus + 1, MIN(sizeof buffer, (gsize)(strchr(plus, '@') - plus)));
    return buffer;
}

static void test_addresses(void)
{
    g_autoptr(Keyring) ring = ring_new();
    g_autofree char *reply = token_reply_address(ring, "support@x.example", 7, 1);
    g_autofree char *bounce = token_bounce_address(ring, "support@x.example", 7);
    g_autofree char *confirm = token_confirm_address(ring, "support@x.example", 7, 1);
    gint64 id = 0;

    g_assert_true(g_str_has_prefix(reply, "support+r7."));
    g_assert_cmpint(token_read_extension(extension_of(reply), &id), ==, EXTENSION_REPLY);
    g_assert_cmpint(id, ==, 7);
    g_assert_true(token_verify_extension(ring, extension_of(reply), 1));
    g_assert_false(token_verify_extension(ring, extension_of(reply), 2));
    g_assert_true(token_verify_extension(ring, extension_of(bounce), 0));
    g_assert_true(token_verify_extension(ring, extension_of(confirm), 1));

    /* Capitals on the way do no harm; another id, or a MAC made for another purpose, does. */
    g_autofree char *loud = g_ascii_strup(extension_of(reply), -1);
    g_assert_true(token_verify_extension(ring, loud, 1));
    g_autofree char *moved = g_strdup(extension_of(reply));
    moved[1] = '8';
    g_assert_false(token_verify_extension(ring, moved, 1));
    g_autofree char *swapped = g_strdup(extension_of(confirm));
    swapped[0] = 'r';
    g_assert_false(token_verify_extension(ring, swapped, 1));
}

static void test_extension_shapes(void)
{
    static const char *const wrong[] = {"",
                                        "r",
                                        "r7",
                                        "r7.",
                                        "r7.short",
                                        "r.0123456789abcdef",
                                        "bug",
                                        "x7.0123456789abcdef",
                                        "r7.0123456789abcdefg",
                                        "r7777777777777777.0123456789abcdef"};
    gint64 id = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        /* An exact-size copy, so that reading past its end shows. */
        g_autofree char *copy = g_strdup(wrong[i]);
        g_assert_cmpint(token_read_extension(copy, &id), ==, EXTENSION_NONE);
    }
    g_assert_cmpint(token_read_extension(NULL, &id), ==, EXTENSION_NONE);
}

static void test_message_id(void)
{
    g_autoptr(Keyring) ring = ring_new();
    g_autoptr(Keyring) other = ring_new();
    g_autofree char *id = token_message_id(ring, "desk.example");
    g_autofree char *again = token_message_id(ring, "desk.example");
    g_assert_true(token_message_id_is_ours(ring, id));
    g_assert_false(token_message_id_is_ours(other, id));
    g_assert_cmpstr(id, !=, again);
    g_assert_false(token_message_id_is_ours(ring, ""));
    g_assert_false(token_message_id_is_ours(ring, "reply-42@desk.example"));
    g_assert_false(
        token_message_id_is_ours(ring, "0000000000000000.0000000000000000@desk.example"));
}

static void test_page(void)
{
    g_autoptr(Keyring) ring = ring_new();
    g_autofree char *page = token_page(ring, 1, 2, 1);
    g_autofree char *same = token_page(ring, 1, 2, 1);
    g_autofree char *revoked = token_page(ring, 1, 2, 2);
    guint8 hash[32];
    g_assert_cmpuint(strlen(page), ==, 26);
    g_assert_cmpstr(page, ==, same);
    g_assert_cmpstr(page, !=, revoked);
    g_assert_true(token_page_hash(page, hash));
    g_assert_false(token_page_hash("short", hash));
    g_assert_false(token_page_hash("!!!!!!!!!!!!!!!!!!!!!!!!!!", hash));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/token/subject", test_subject);
    g_test_add_func("/token/strip-subject", test_strip_subject);
    g_test_add_func("/token/addresses", test_addresses);
    g_test_add_func("/token/extension-shapes", test_extension_shapes);
    g_test_add_func("/token/message-id", test_message_id);
    g_test_add_func("/token/page", test_page);
    return g_test_run();
}
