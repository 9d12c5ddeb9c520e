/* A full disk: the write fails as ERROR_TRANSIENT, reading goes on, and when there is space
 * again so does writing. On a small tmpfs in a mount namespace that ends with this program. */
#include "tests/unit/store/fixture.h"

#include "schema/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

static bool mount_small(const char *dir)
{
    if (unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
        mount("tmpfs", dir, "tmpfs", MS_NOSUID | MS_NODEV, "size=4m,mode=0700") == 0)
        return true;
    g_autofree char *why = g_strdup_printf("cannot mount a tmpfs: %s", g_strerror(errno));
    g_test_skip(why);
    return false;
}

/* Takes all the space there is but about `spare` bytes. */
static void fill(const char *dir, gsize spare)
{
    static guint8 block[4096];
    g_autofree char *path = fixture_path(dir, "filler");
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    off_t size = 0;
    while (write(fd, block, sizeof block) == (gssize)sizeof block)
        size += sizeof block;
    g_assert_cmpint(errno, ==, ENOSPC);
    g_assert_cmpint(ftruncate(fd, MAX(size - (off_t)spare, 0)), ==, 0);
    close(fd);
}

static void empty(const char *dir)
{
    g_autofree char *path = fixture_path(dir, "filler");
    g_assert_cmpint(g_remove(path), ==, 0);
}

static bool write_mail(Store *store, guint8 which, gsize size, GError **error)
{
    guint8 hash[32] = {which};
    int fd = memfd_create("spool", MFD_CLOEXEC);
    g_assert_cmpint(ftruncate(fd, (off_t)size), ==, 0);
    gint64 raw;
    bool done = store_begin(store, error) && raw_add(store, fd, size, hash, &raw, error) &&
                store_commit(store, error);
    close(fd);
    return done;
}

static void assert_readable(Store *store)
{
    g_autoptr(Queue) queue = NULL;
    MUST(queues_by_name(store, "support", &queue, &error));
    g_assert_nonnull(queue);
}

/* Others need not wait for whoever failed. */
static void assert_unlocked(const char *dir)
{
    Store *other = fixture_open(dir, STORE_READ_WRITE);
    MUST(store_begin(other, &error));
    store_close(other);
}

static void fail_and_recover(const char *dir, Store *store, gsize size, gsize spare)
{
    static guint8 which;
    fill(dir, spare);
    FAILS(write_mail(store, ++which, size, &error), ERROR_TRANSIENT);
    FAILS(people_raise_epoch(store, 1, &error), ERROR_TRANSIENT);
    store_rollback(store);
    assert_unlocked(dir);
    assert_readable(store);
    empty(dir);
    MUST(write_mail(store, ++which, 1000, &error));
}

static void test_full(void)
{
    static const struct {
        gsize size, spare;
    } cases[] = {
        /* Below SQLite's page cache: the commit fails. */
        {1000000, 0},
        {1000000, 4096},
        {1000000, 65536},
        /* Above it: a statement in the middle does. */
        {3000000, 0},
        {3000000, 1000000},
    };
    char *dir = fixture_dir();
    if (mount_small(dir)) {
        Store *store = fixture_open(dir, STORE_CREATE);
        MUST(store_begin(store, &error));
        fixture_queue(store, "support", "SUP");
        MUST(store_commit(store, &error));
        for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
            fail_and_recover(dir, store, cases[i].size, cases[i].spare);
        store_close(store);
        /* A process that starts while the disk is full. */
        fill(dir, 0);
        store = fixture_open(dir, STORE_READ_WRITE);
        FAILS(write_mail(store, 100, 1000000, &error), ERROR_TRANSIENT);
        assert_unlocked(dir);
        store_close(store);
        empty(dir);
        /* Nothing of what failed is there. */
        store = fixture_open(dir, STORE_READ_ONLY);
        guint64 size;
        MUST(raw_size(store, G_N_ELEMENTS(cases), &size, &error));
        g_assert_cmpuint(size, ==, 1000);
        FAILS(raw_size(store, G_N_ELEMENTS(cases) + 1, &size, &error), ERROR_CORRUPT);
        store_close(store);
        g_assert_cmpint(umount2(dir, MNT_DETACH), ==, 0);
    }
    fixture_remove(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/disk-full", test_full);
    return g_test_run();
}
