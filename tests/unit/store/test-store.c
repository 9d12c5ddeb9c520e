/* Opening, making, mending and refusing a store; transactions. */
#include "schema/migrations.h"
#include "tests/unit/store/fixture.h"

#include "schema/links.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

/* What an admin with a sqlite3 shell, or another version of the program, may have done. */
static void meddle(const char *dir, const char *sql)
{
    g_autofree char *path = fixture_path(dir, "mailwicket.db");
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

static bool exists(const char *dir, const char *name)
{
    g_autofree char *path = fixture_path(dir, name);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

static int mode_of(const char *dir, const char *name)
{
    g_autofree char *path = fixture_path(dir, name);
    struct stat st;
    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mode & 0777;
}

/* Opening fails with this code, in this mode, and the message holds `says`. */
static void refuses(const char *dir, StoreMode mode, WicketError code, const char *says)
{
    g_autoptr(GError) error = NULL;
    Store *store = (Store *)dir;
    g_assert_false(store_open(dir, mode, &store, &error));
    g_assert_true(store == (Store *)dir);
    g_assert_error(error, WICKET_ERROR, (int)code);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, says));
}

static gint64 count_queues(Store *store)
{
    g_autoptr(GPtrArray) queues = NULL;
    MUST(queues_list(store, &queues, &error));
    return queues->len;
}

static void test_create(void)
{
    char *dir = fixture_dir();
    mode_t mask = umask(022);
    store_close(fixture_open(dir, STORE_CREATE));
    umask(mask);
    g_assert_cmpint(mode_of(dir, "mailwicket.db"), ==, 0640);
    g_assert_cmpint(mode_of(dir, "mailwicket.db-wal"), ==, 0640);
    g_assert_cmpint(mode_of(dir, "mailwicket.db-shm"), ==, 0640);
    g_assert_cmpint(mode_of(dir, "lock"), ==, 0660);
    /* Again, and by those who do not make anything. */
    Store *store = fixture_open(dir, STORE_CREATE);
    MUST(store_begin(store, &error));
    fixture_queue(store, "support", "SUP");
    MUST(store_commit(store, &error));
    store_close(store);
    static const StoreMode modes[] = {STORE_CREATE, STORE_READ_WRITE, STORE_READ_ONLY};
    for (gsize i = 0; i < G_N_ELEMENTS(modes); i++) {
        store = fixture_open(dir, modes[i]);
        g_assert_cmpint(count_queues(store), ==, 1);
        store_close(store);
        g_assert_true(exists(dir, "mailwicket.db-wal"));
        g_assert_true(exists(dir, "mailwicket.db-shm"));
    }
    fixture_remove(dir);
}

static void test_missing(void)
{
    char *dir = fixture_dir();
    refuses(dir, STORE_READ_WRITE, ERROR_CONFIG, "mailwicket init");
    refuses(dir, STORE_READ_ONLY, ERROR_CONFIG, "mailwicket init");
    g_assert_false(exists(dir, "mailwicket.db"));
    g_autofree char *deeper = fixture_path(dir, "missing");
    refuses(deeper, STORE_CREATE, ERROR_TRANSIENT, "No such file");
    refuses(deeper, STORE_READ_WRITE, ERROR_CONFIG, "does not exist");
    fixture_remove(dir);
}

/* An init that was killed early leaves an empty file. */
static void test_unfinished(void)
{
    char *dir = fixture_dir();
    g_autofree char *path = fixture_path(dir, "mailwicket.db");
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    refuses(dir, STORE_READ_WRITE, ERROR_CONFIG, "mailwicket init");
    refuses(dir, STORE_READ_ONLY, ERROR_CONFIG, "mailwicket init");
    store_close(fixture_open(dir, STORE_CREATE));
    store_close(fixture_open(dir, STORE_READ_WRITE));
    fixture_remove(dir);
}

static void test_newer(void)
{
    char *dir = fixture_dir();
    store_close(fixture_open(dir, STORE_CREATE));
    meddle(dir, "PRAGMA user_version = 4711");
    g_autofree char *both = g_strdup_printf("4711, this program needs %d;", n_migrations);
    refuses(dir, STORE_READ_WRITE, ERROR_CONFIG, both);
    refuses(dir, STORE_READ_ONLY, ERROR_CONFIG, "update this program");
    refuses(dir, STORE_CREATE, ERROR_CONFIG, "4711");
    fixture_remove(dir);
}

/* A migration that cannot be applied leaves nothing of itself. */
static void test_failed_migration(void)
{
    char *dir = fixture_dir();
    meddle(dir, "CREATE TABLE link (x)");
    refuses(dir, STORE_CREATE, ERROR_CORRUPT, "migration 0001-initial.sql");
    meddle(dir, "DROP TABLE link");
    store_close(fixture_open(dir, STORE_CREATE));
    fixture_remove(dir);
}

static void test_not_wal(void)
{
    char *dir = fixture_dir();
    store_close(fixture_open(dir, STORE_CREATE));
    meddle(dir, "PRAGMA journal_mode = DELETE");
    refuses(dir, STORE_READ_WRITE, ERROR_CONFIG, "WAL mode");
    store_close(fixture_open(dir, STORE_CREATE));
    store_close(fixture_open(dir, STORE_READ_WRITE));
    fixture_remove(dir);
}

static void damage(const char *dir, goffset offset, gsize length)
{
    g_autofree char *path = fixture_path(dir, "mailwicket.db");
    g_autofree guint8 *garbage = g_malloc(length);
    memset(garbage, 0x5a, length);
    int fd = open(path, O_WRONLY);
    g_assert_cmpint(pwrite(fd, garbage, length, offset), ==, (gssize)length);
    close(fd);
}

static char *damaged_store(goffset offset, gsize length)
{
    char *dir = fixture_dir();
    store_close(fixture_open(dir, STORE_CREATE));
    meddle(dir, "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = WAL");
    damage(dir, offset, length);
    return dir;
}

static void test_damaged_header(void)
{
    char *dir = damaged_store(0, 100);
    refuses(dir, STORE_READ_WRITE, ERROR_CORRUPT, "backup");
    refuses(dir, STORE_READ_ONLY, ERROR_CORRUPT, "backup");
    refuses(dir, STORE_CREATE, ERROR_CORRUPT, "backup");
    fixture_remove(dir);
}

/* A reader notices by its first question at the latest. */
static void test_damaged_schema(void)
{
    char *dir = damaged_store(100, 3000);
    refuses(dir, STORE_READ_WRITE, ERROR_CORRUPT, "backup");
    Store *store = fixture_open(dir, STORE_READ_ONLY);
    Queue *queue = NULL;
    FAILS(queues_by_id(store, 1, &queue, &error), ERROR_CORRUPT);
    store_close(store);
    fixture_remove(dir);
}

static void test_commit_and_rollback(Fixture *f, gconstpointer unused)
{
    g_autoptr(Store) other = fixture_open(f->dir, STORE_READ_WRITE);
    g_assert_cmpint(count_queues(other), ==, 0);
    MUST(store_commit(f->store, &error));
    g_assert_cmpint(count_queues(other), ==, 2);
    MUST(store_begin(f->store, &error));
    fixture_queue(f->store, "third", "THI");
    store_rollback(f->store);
    store_rollback(f->store);
    g_assert_cmpint(count_queues(f->store), ==, 2);
    /* The lock is free again either way, and closing ends what is open. */
    MUST(store_begin(other, &error));
    fixture_queue(other, "third", "THI");
    store_close(g_steal_pointer(&other));
    MUST(store_begin(f->store, &error));
    g_assert_cmpint(count_queues(f->store), ==, 2);
}

static void test_writing_needs_a_transaction(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    FAILS(people_raise_epoch(f->store, f->agent, &error), ERROR_TRANSIENT);
    MUST(store_begin_read(f->store, &error));
    g_assert_cmpint(count_queues(f->store), ==, 2);
    store_rollback(f->store);
    g_autoptr(Store) reader = fixture_open(f->dir, STORE_READ_ONLY);
    MUST(store_begin_read(reader, &error));
    FAILS(people_raise_epoch(reader, f->agent, &error), ERROR_TRANSIENT);
    g_autoptr(Person) person = NULL;
    MUST(people_by_id(reader, f->agent, &person, &error));
    g_assert_cmpint(person->epoch, ==, 1);
}

/* A refused row is the caller's to report; the transaction lives on. */
static void test_refused_row(Fixture *f, gconstpointer unused)
{
    static const guint8 hash[32] = {1};
    FAILS(links_add(f->store, hash, 99, f->agent, 1, 0, &error), ERROR_CORRUPT);
    MUST(store_commit(f->store, &error));
    g_assert_cmpint(count_queues(f->store), ==, 2);
}

/* A snapshot stays what it was; without one every question sees the latest commit. */
static void test_snapshot(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    g_autoptr(Store) reader = fixture_open(f->dir, STORE_READ_ONLY);
    MUST(store_begin_read(reader, &error));
    g_assert_cmpint(count_queues(reader), ==, 2);
    MUST(store_begin(f->store, &error));
    fixture_queue(f->store, "third", "THI");
    g_assert_cmpint(count_queues(reader), ==, 2);
    MUST(store_commit(f->store, &error));
    g_assert_cmpint(count_queues(reader), ==, 2);
    store_rollback(reader);
    g_assert_cmpint(count_queues(reader), ==, 3);
}

static void test_data_version(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    g_autoptr(Store) other = fixture_open(f->dir, STORE_READ_WRITE);
    gint64 before, own, after;
    MUST(store_data_version(f->store, &before, &error));
    MUST(store_begin(f->store, &error));
    MUST(people_raise_epoch(f->store, f->agent, &error));
    MUST(store_commit(f->store, &error));
    MUST(store_data_version(f->store, &own, &error));
    g_assert_cmpint(own, ==, before);
    MUST(store_begin(other, &error));
    MUST(people_raise_epoch(other, f->agent, &error));
    MUST(store_commit(other, &error));
    MUST(store_data_version(f->store, &after, &error));
    g_assert_cmpint(after, !=, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/create", test_create);
    g_test_add_func("/store/missing", test_missing);
    g_test_add_func("/store/unfinished", test_unfinished);
    g_test_add_func("/store/newer", test_newer);
    g_test_add_func("/store/failed-migration", test_failed_migration);
    g_test_add_func("/store/not-wal", test_not_wal);
    g_test_add_func("/store/damaged-header", test_damaged_header);
    g_test_add_func("/store/damaged-schema", test_damaged_schema);
    FIXTURE_TEST("/store/commit-and-rollback", test_commit_and_rollback);
    FIXTURE_TEST("/store/writing-needs-a-transaction", test_writing_needs_a_transaction);
    FIXTURE_TEST("/store/refused-row", test_refused_row);
    FIXTURE_TEST("/store/snapshot", test_snapshot);
    FIXTURE_TEST("/store/data-version", test_data_version);
    return g_test_run();
}
