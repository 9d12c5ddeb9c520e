/* maildir: whole files in new/, with the envelope in front and LF line ends. */
#include "notifier/transport.h"

#include "tests/unit/notifier/send-mail.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *room;

static Config site(const char *path)
{
    return (Config){.file = "test.conf",
                    .mail = {.transport = TRANSPORT_MAILDIR, .path = (char *)path}};
}

/* The names in PATH/folder. */
static GPtrArray *names_in(const char *path, const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *full = g_build_filename(path, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(full, 0, NULL);
    g_assert_nonnull(dir);
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    return names;
}

static char *only_mail(const char *path)
{
    g_autoptr(GPtrArray) names = names_in(path, "new");
    g_assert_cmpuint(names->len, ==, 1);
    g_autofree char *file = g_build_filename(path, "new", names->pdata[0], NULL);
    char *text = NULL;
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    return text;
}

static Transport *open_at(const char *path)
{
    Config config = site(path);
    Transport *transport = NULL;
    g_autoptr(GError) error = NULL;
    transport_open(&config, &transport, &error);
    g_assert_no_error(error);
    return transport;
}

static void test_delivers(void)
{
    g_autofree char *path = g_build_filename(room, "a", "deep", "Maildir", NULL);
    g_autoptr(Transport) transport = open_at(path);
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, "Subject: x\r\n\r\nun\r\n.\r\n\rb\r\r\n", &why), ==,
                    SEND_SENT);
    g_autofree char *text = only_mail(path);
    g_assert_cmpstr(text, ==,
                    "Return-Path: <support+v1.abc@example.org>\n"
                    "X-Original-To: claire@example.net\n"
                    "Delivered-To: claire@example.net\n"
                    "Subject: x\n\nun\n.\n\rb\r\n");
    g_autoptr(GPtrArray) left = names_in(path, "tmp");
    g_assert_cmpuint(left->len, ==, 0);
    g_autoptr(GPtrArray) cur = names_in(path, "cur");
    g_assert_cmpuint(cur->len, ==, 0);
}

static void test_null_sender(void)
{
    g_autofree char *path = g_build_filename(room, "null", NULL);
    g_autoptr(Transport) transport = open_at(path);
    g_autofree char *why = NULL;
    Pieces pieces = {"\r\n", 2, 1, 0};
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_SENT);
    g_autofree char *text = only_mail(path);
    g_assert_true(g_str_has_prefix(text, "Return-Path: <>\n"));
}

static void test_names_never_collide(void)
{
    g_autofree char *path = g_build_filename(room, "many", NULL);
    g_autoptr(Transport) transport = open_at(path);
    for (int i = 0; i < 100; i++) {
        g_autofree char *why = NULL;
        g_assert_cmpint(send_text(transport, "x\r\n", &why), ==, SEND_SENT);
    }
    g_autoptr(GPtrArray) names = names_in(path, "new");
    g_assert_cmpuint(names->len, ==, 100);
}

static void test_folder_comes_back(void)
{
    g_autofree char *path = g_build_filename(room, "moved", NULL);
    g_autofree char *away = g_build_filename(room, "away", NULL);
    g_autoptr(Transport) transport = open_at(path);
    g_assert_cmpint(g_rename(path, away), ==, 0);
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, "x\r\n", &why), ==, SEND_SENT);
    g_autofree char *text = only_mail(path);
    g_assert_nonnull(strstr(text, "\nx\n"));
}

/* The store fails in the middle: nobody may find half a mail. */
static void test_half_a_mail_is_none(void)
{
    g_autofree char *path = g_build_filename(room, "half", NULL);
    g_autoptr(Transport) transport = open_at(path);
    g_autofree char *why = NULL;
    Pieces pieces = {"Subject: x\r\n\r\nlong\r\n", 20, 5, 8};
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_LATER);
    g_assert_cmpstr(why, ==, "the store is busy");
    g_autoptr(GPtrArray) fresh = names_in(path, "new");
    g_autoptr(GPtrArray) left = names_in(path, "tmp");
    g_assert_cmpuint(fresh->len + left->len, ==, 0);
}

static void test_full_disk_is_temporary(void)
{
    g_autofree char *path = g_build_filename(room, "full", NULL);
    g_autoptr(Transport) transport = open_at(path);
    g_autofree char *fresh = g_build_filename(path, "new", NULL);
    g_assert_cmpint(g_rmdir(fresh), ==, 0);
    g_assert_true(g_file_set_contents(fresh, "in the way", -1, NULL));
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, "x\r\n", &why), ==, SEND_DOWN);
    g_assert_nonnull(strstr(why, path));
    g_autoptr(GPtrArray) left = names_in(path, "tmp");
    g_assert_cmpuint(left->len, ==, 0);
}

static void test_unusable_addresses(void)
{
    g_autofree char *path = g_build_filename(room, "addresses", NULL);
    g_autoptr(Transport) transport = open_at(path);
    static const char *const bad[] = {"a@b\nBcc: x@y", "a b@c", "<a@b>", "a", "", "a@b\r"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *why = NULL;
        Pieces pieces = {"x\r\n", 3, 3, 0};
        g_assert_cmpint(send_pieces(transport, "", bad[i], pieces, &why), ==, SEND_NEVER);
        g_assert_null(strpbrk(why, "\r\n"));
        if (*bad[i])
            g_assert_cmpint(send_pieces(transport, bad[i], "a@b.example", pieces, &why), ==,
                            SEND_NEVER);
    }
    g_autoptr(GPtrArray) names = names_in(path, "new");
    g_assert_cmpuint(names->len, ==, 0);
}

static void test_bad_folder_is_told_at_start(void)
{
    g_autofree char *file = g_build_filename(room, "file", NULL);
    g_assert_true(g_file_set_contents(file, "", 0, NULL));
    Config config = site(file);
    Transport *transport = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(transport_open(&config, &transport, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "test.conf: [mail] transport: "));
    g_assert_null(transport);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    room = g_dir_make_tmp("test-maildir-XXXXXX", NULL);
    g_test_add_func("/maildir/delivers", test_delivers);
    g_test_add_func("/maildir/null-sender", test_null_sender);
    g_test_add_func("/maildir/names-never-collide", test_names_never_collide);
    g_test_add_func("/maildir/folder-comes-back", test_folder_comes_back);
    g_test_add_func("/maildir/half-a-mail-is-none", test_half_a_mail_is_none);
    g_test_add_func("/maildir/full-disk-is-temporary", test_full_disk_is_temporary);
    g_test_add_func("/maildir/unusable-addresses", test_unusable_addresses);
    g_test_add_func("/maildir/bad-folder-is-told-at-start", test_bad_folder_is_told_at_start);
    int result = g_test_run();
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", room);
    if (system(command) != 0)
        g_printerr("%s is left\n", room);
    g_free(room);
    return result;
}
