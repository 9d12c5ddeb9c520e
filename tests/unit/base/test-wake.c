/* Waking: it arrives, it never blocks or fails the sender, a stale socket is replaced. */
#include "core/base/wake.h"

#include "core/base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *folder, *path;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("wake-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "notifier.sock", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_unlink(fixture->path);
    g_rmdir(fixture->folder);
    g_free(fixture->folder);
    g_free(fixture->path);
}

static int listen_in(const Fixture *fixture)
{
    int fd = -1;
    g_autoptr(GError) error = NULL;
    wake_listen(fixture->folder, &fd, &error);
    g_assert_no_error(error);
    return fd;
}

static void test_wakes(Fixture *fixture, gconstpointer data)
{
    int fd = listen_in(fixture);
    GStatBuf st;
    g_assert_cmpint(g_stat(fixture->path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0660);
    g_assert_false(wake_wait(fd, 0));
    wake_send(fixture->folder);
    wake_send(fixture->folder);
    g_assert_true(wake_wait(fd, 5000));
    g_assert_false(wake_wait(fd, 0)); /* both were swallowed */
    close(fd);
}

static void test_nobody_there(Fixture *fixture, gconstpointer data)
{
    wake_send(fixture->folder); /* no socket */
    close(listen_in(fixture));
    wake_send(fixture->folder); /* a stale one */
    g_autofree char *deep = g_strnfill(200, 'x');
    wake_send(deep); /* none that could be */
}

static void test_full_queue(Fixture *fixture, gconstpointer data)
{
    int fd = listen_in(fixture);
    gint64 start = g_get_monotonic_time();
    for (int i = 0; i < 2000; i++)
        wake_send(fixture->folder);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);
    g_assert_true(wake_wait(fd, 0));
    close(fd);
}

static void test_replaced(Fixture *fixture, gconstpointer data)
{
    close(listen_in(fixture)); /* leaves its socket behind */
    int fd = listen_in(fixture);
    wake_send(fixture->folder);
    g_assert_true(wake_wait(fd, 5000));
    close(fd);
}

static void test_refused(Fixture *fixture, gconstpointer data)
{
    int fd = -1;
    g_autofree char *deep = g_strnfill(200, 'x');
    g_autoptr(GError) too_long = NULL;
    g_assert_false(wake_listen(deep, &fd, &too_long));
    g_assert_error(too_long, WICKET_ERROR, ERROR_CONFIG);

    /* Not a socket: not ours to remove. */
    g_autoptr(GError) in_the_way = NULL;
    g_assert_true(g_file_set_contents(fixture->path, "precious", -1, NULL));
    g_assert_false(wake_listen(fixture->folder, &fd, &in_the_way));
    g_assert_error(in_the_way, WICKET_ERROR, ERROR_TRANSIENT);
    g_assert_true(g_file_test(fixture->path, G_FILE_TEST_IS_REGULAR));
    g_assert_cmpint(fd, ==, -1);
}

#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/wake/wakes", test_wakes);
    ADD("/wake/nobody-there", test_nobody_there);
    ADD("/wake/full-queue", test_full_queue);
    ADD("/wake/replaced", test_replaced);
    ADD("/wake/refused", test_refused);
    return g_test_run();
}
