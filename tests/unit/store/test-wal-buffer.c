/* The log that is written in large pieces: what was committed is there for every other reader,
 * however large, and a failed write is a failed commit. */
#include "tests/unit/store/fixture.h"

#include "core/base/secret.h"
#include "schema/raw.h"

#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

static int spool_of(guint8 which, gsize size)
{
    int fd = memfd_create("spool", MFD_CLOEXEC);
    g_autofree guint8 *bytes = g_malloc(size);
    memset(bytes, which, size);
    g_assert_cmpint(write(fd, bytes, size), ==, (gssize)size);
    return fd;
}

static bool add_spooled(Store *store, int fd, guint8 which, gsize size, GError **error)
{
    guint8 hash[32] = {which};
    gint64 id;
    bool done = store_begin(store, error) && raw_add(store, fd, size, hash, &id, error) &&
                store_commit(store, error);
    store_rollback(store);
    return done;
}

static bool add_mail(Store *store, guint8 which, gsize size, GError **error)
{
    int fd = spool_of(which, size);
    bool done = add_spooled(store, fd, which, size, error);
    close(fd);
    return done;
}

/* Asked by the plain library, past ours. */
static gint64 ask(const char *dir, const char *sql)
{
    g_autofree char *path = fixture_path(dir, "mailwicket.db");
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    g_assert_cmpint(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, "unix"), ==, SQLITE_OK);
    /* Nothing is moved out of the log when this one closes. */
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    g_assert_cmpint(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    gint64 got = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return got;
}

/* Past the buffer, and past SQLite's cache, which then writes before the commit. */
static void test_seen_by_others(Fixture *f, gconstpointer unused)
{
    static const gsize sizes[] = {1, 5000, 120000, 131072, 200000, 8 * 1024 * 1024};
    gsize sum = 0;
    store_rollback(f->store);
    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        MUST(add_mail(f->store, (guint8)(i + 1), sizes[i], &error));
        sum += sizes[i];
        g_assert_cmpint(ask(f->dir, "SELECT sum(length(bytes)) FROM raw_piece"), ==,
                        (gint64)sum);
    }
    g_assert_cmpint(ask(f->dir, "SELECT count(*) FROM pragma_integrity_check "
                                "WHERE integrity_check = 'ok'"),
                    ==, 1);
    MUST(store_checkpoint(f->store, 0, NULL, &error));
    g_assert_cmpint(ask(f->dir, "SELECT sum(length(bytes)) FROM raw_piece"), ==, (gint64)sum);
}

/* What was written before the commit and is given up leaves nothing behind. */
static void test_given_up(Fixture *f, gconstpointer unused)
{
    guint8 hash[32] = {9};
    gint64 id;
    int fd = memfd_create("spool", MFD_CLOEXEC);
    g_assert_cmpint(ftruncate(fd, 8 * 1024 * 1024), ==, 0);
    MUST(raw_add(f->store, fd, 8 * 1024 * 1024, hash, &id, &error));
    store_rollback(f->store);
    close(fd);
    MUST(add_mail(f->store, 1, 3000, &error));
    g_assert_cmpint(ask(f->dir, "SELECT sum(length(bytes)) FROM raw_piece"), ==, 3000);
}

static void test_write_fails(Fixture *f, gconstpointer unused)
{
    struct rlimit before, small;
    store_rollback(f->store);
    MUST(add_mail(f->store, 1, 3000, &error));
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 400 * 1024;
    int fd = spool_of(2, 1024 * 1024);
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    FAILS(add_spooled(f->store, fd, 2, 1024 * 1024, &error), ERROR_TRANSIENT);
    setrlimit(RLIMIT_FSIZE, &before);
    close(fd);
    g_assert_cmpint(ask(f->dir, "SELECT sum(length(bytes)) FROM raw_piece"), ==, 3000);
    MUST(add_mail(f->store, 3, 5000, &error));
    g_assert_cmpint(ask(f->dir, "SELECT sum(length(bytes)) FROM raw_piece"), ==, 8000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/wal-buffer/seen-by-others", Fixture, NULL, fixture_set_up, test_seen_by_others,
               fixture_tear_down);
    g_test_add("/wal-buffer/given-up", Fixture, NULL, fixture_set_up, test_given_up,
               fixture_tear_down);
    g_test_add("/wal-buffer/write-fails", Fixture, NULL, fixture_set_up, test_write_fails,
               fixture_tear_down);
    return g_test_run();
}
