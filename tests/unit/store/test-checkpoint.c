/* Checkpoints: when one is due, what it leaves, and readers beside it. */
#include "tests/unit/store/fixture.h"

#include "schema/raw.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEGABYTE (1024 * 1024)

/* Commits a mail of so many bytes, no two alike. */
static void write_mail(Store *store, gsize size)
{
    static guint8 hash[32];
    hash[0]++;
    int fd = memfd_create("spool", MFD_CLOEXEC);
    g_assert_cmpint(ftruncate(fd, (off_t)size), ==, 0);
    gint64 raw;
    MUST(store_begin(store, &error));
    MUST(raw_add(store, fd, size, hash, &raw, &error));
    MUST(store_commit(store, &error));
    close(fd);
}

static gint64 size_of(const char *dir, const char *name)
{
    g_autofree char *path = fixture_path(dir, name);
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : 0;
}

static gint64 used(Store *store)
{
    gint64 bytes = -1;
    MUST(store_checkpoint(store, G_MAXINT64, &bytes, &error));
    return bytes;
}

static gint64 checkpoint(Store *store, gint64 wal_bytes)
{
    gint64 before = -1;
    MUST(store_checkpoint(store, wal_bytes, &before, &error));
    return before;
}

static void test_below_the_limit(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    checkpoint(f->store, 0);
    gint64 database = size_of(f->dir, "mailwicket.db");
    write_mail(f->store, MEGABYTE);
    gint64 before = checkpoint(f->store, 16 * MEGABYTE);
    g_assert_cmpint(before, >, MEGABYTE);
    g_assert_cmpint(before, <, 2 * MEGABYTE);
    g_assert_cmpint(size_of(f->dir, "mailwicket.db"), ==, database);
}

/* The log starts over, in the same file, and only what is in use counts. */
static void test_starts_over(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    write_mail(f->store, 4 * MEGABYTE);
    g_assert_cmpint(checkpoint(f->store, MEGABYTE), >, 4 * MEGABYTE);
    g_assert_cmpint(size_of(f->dir, "mailwicket.db"), >, 4 * MEGABYTE);
    gint64 file = size_of(f->dir, "mailwicket.db-wal");
    write_mail(f->store, MEGABYTE);
    g_assert_cmpint(used(f->store), <, 2 * MEGABYTE);
    write_mail(f->store, MEGABYTE);
    gint64 now = used(f->store);
    g_assert_cmpint(now, >, 2 * MEGABYTE);
    g_assert_cmpint(now, <, 3 * MEGABYTE);
    g_assert_cmpint(size_of(f->dir, "mailwicket.db-wal"), ==, file);
}

static gint64 count_mails(Store *store)
{
    gint64 count = 0;
    while (true) {
        g_autoptr(GError) error = NULL;
        guint64 size;
        if (!raw_size(store, count + 1, &size, &error))
            return count;
        count++;
    }
}

/* A snapshot keeps what it needs, holds nobody up for long and is no error. */
static void test_with_a_reader(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    write_mail(f->store, 1000);
    g_autoptr(Store) reader = fixture_open(f->dir, STORE_READ_ONLY);
    MUST(store_begin_read(reader, &error));
    g_assert_cmpint(count_mails(reader), ==, 1);
    write_mail(f->store, MEGABYTE);
    gint64 begun = g_get_monotonic_time();
    checkpoint(f->store, 0);
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 10 * G_USEC_PER_SEC);
    write_mail(f->store, 1000);
    g_assert_cmpint(used(f->store), >, MEGABYTE);
    g_assert_cmpint(count_mails(reader), ==, 1);
    store_rollback(reader);
    g_assert_cmpint(count_mails(reader), ==, 3);
    checkpoint(f->store, 0);
    write_mail(f->store, 1000);
    g_assert_cmpint(used(f->store), <, MEGABYTE);
    g_assert_cmpint(count_mails(reader), ==, 4);
}

/* A log of another round, or none at all, is not in use. */
static void test_no_log(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    checkpoint(f->store, 0);
    store_close(g_steal_pointer(&f->store));
    g_autofree char *path = fixture_path(f->dir, "mailwicket.db-wal");
    g_assert_cmpint(g_remove(path), ==, 0);
    f->store = fixture_open(f->dir, STORE_READ_WRITE);
    g_assert_cmpint(used(f->store), ==, 0);
    write_mail(f->store, 1000);
    g_assert_cmpint(used(f->store), >, 1000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/checkpoint/below-the-limit", test_below_the_limit);
    FIXTURE_TEST("/store/checkpoint/starts-over", test_starts_over);
    FIXTURE_TEST("/store/checkpoint/with-a-reader", test_with_a_reader);
    FIXTURE_TEST("/store/checkpoint/no-log", test_no_log);
    return g_test_run();
}
