/* Opening the store and its transactions.
 *
 * Not here: statements (sqlite.c), migrations (migrate.c), checkpoints (checkpoint.c).
 *
 * Opening is on the path of every mail that comes through a pipe, so it asks as little as it
 * can: what SQLite's C interface can set is set there, and what is left is one PRAGMA for the
 * version, one for the journal, and one for syncing.
 *
 * On failure nothing stays behind: a Store is not handed out, a transaction is rolled back, the
 * lock is dropped. */
#include "schema/store.h"

#include "core/base/error.h"
#include "schema/migrations.h"
#include "schema/sqlite.h"
#include "schema/wal_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_DEADLINE_MS 30000
/* The lock keeps our own processes apart. What is left to wait for: a process recovering the
 * WAL after a crash, and an admin's sqlite3 shell. The page would rather answer 503. */
#define WRITER_PATIENCE (10 * G_USEC_PER_SEC)
#define READER_PATIENCE (1 * G_USEC_PER_SEC)

/* Random sleeps, for SQLite's own backoff lets unlucky processes starve. */
static int wait_busy(void *user, int tries)
{
    Store *store = user;
    gint64 now = g_get_monotonic_time();
    if (tries == 0)
        store->busy_since = now;
    if (now - store->busy_since >= store->patience)
        return 0;
    g_usleep(g_random_int_range(500, 2000));
    return 1;
}

static void configure(Store *store)
{
    static const struct {
        int option, value;
    } options[] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},   {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},     {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_FKEY, 1}, {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
        sqlite3_db_config(store->db, options[i].option, options[i].value, NULL);
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_wal_autocheckpoint(store->db, 0);
    sqlite3_busy_handler(store->db, wait_busy, store);
    int persist = 1;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
    sqlite3_int64 no_mmap = 0;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_MMAP_SIZE, &no_mmap);
}

/* An empty file with the mode we want: SQLite takes it as a new database, and gives -wal and
 * -shm the same mode. Others than the owner and the group must not read people's mail. */
static bool create_file(const char *path, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0)
        return errno == EEXIST || error_errno(error, errno, "cannot create %s", path);
    close(fd);
    return true;
}

/* Why a database could not be opened: a missing one is the admin's to make. */
static bool fail_open(Store *store, int code, GError **error)
{
    struct stat st;
    if (code != SQLITE_CANTOPEN || stat(store->path, &st) == 0 || errno != ENOENT)
        return store_fail(store, code, error);
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                "%s does not exist; run `mailwicket init` to make it", store->path);
    return false;
}

/* Without the account of memory: nobody asks for it, and it takes a lock at each allocation. A
 * program that has set up SQLite before keeps its own choice. */
static const char *set_up_library(void)
{
    static gsize ready;
    static const char *vfs;
    if (g_once_init_enter(&ready)) {
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        /* What undoes a part of a transaction stays in memory: it holds only pages that were
         * there before the part. */
        sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1);
        sqlite3_initialize();
        vfs = wal_buffer_register();
        g_once_init_leave(&ready, 1);
    }
    return vfs;
}

static bool open_database(Store *store, GError **error)
{
    const char *vfs = set_up_library();
    int flags = store->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(store->path, &store->db, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (code != SQLITE_OK)
        return fail_open(store, code, error);
    /* SQLite falls back to reading what it may not write. */
    if (!store->read_only && sqlite3_db_readonly(store->db, "main"))
        return store_fail(store, SQLITE_READONLY, error);
    configure(store);
    return true;
}

bool store_version(Store *store, gint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "PRAGMA user_version");
    return query_int(&query, ret, error);
}

static bool check_version(Store *store, GError **error)
{
    gint64 version;
    if (!store_version(store, &version, error))
        return false;
    if (version == n_migrations)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                "%s has schema version %" G_GINT64_FORMAT ", this program needs %d; %s",
                store->path, version, n_migrations,
                version < n_migrations
                    ? "run `mailwicket init` to bring the database up to date"
                    : "the database was made by a newer Mailwicket: update this program");
    return false;
}

static int is_wal(void *user, int columns, char **values, char **names)
{
    *(bool *)user = columns == 1 && g_strcmp0(values[0], "wal") == 0;
    return 0;
}

bool store_journal(Store *store, const char *pragma, bool *ret_wal, GError **error)
{
    *ret_wal = false;
    int code = sqlite3_exec(store->db, pragma, is_wal, ret_wal, NULL);
    return code == SQLITE_OK || store_fail(store, code, error);
}

/* A backup may have been restored in another journal mode. */
static bool check_wal_mode(Store *store, GError **error)
{
    bool wal;
    if (!store_journal(store, "PRAGMA journal_mode", &wal, error))
        return false;
    if (wal)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                "%s is not in WAL mode; run `mailwicket init` to mend it", store->path);
    return false;
}

static bool run_plain(Store *store, const char *sql, GError **error)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || store_fail(store, code, error);
}

/* FULL is SQLite's own default, but whoever built the library may have chosen another, and a
 * commit that returned must be on the disk. */
static bool set_modes(Store *store, GError **error)
{
    return run_plain(
        store, store->read_only ? "PRAGMA query_only = 1" : "PRAGMA synchronous = FULL", error);
}

static bool open_and_check(Store *store, StoreMode mode, GError **error)
{
    g_autofree char *lock_path = g_build_filename(store->data_dir, "lock", NULL);
    if (mode == STORE_CREATE && !create_file(store->path, error))
        return false;
    if (!open_database(store, error) || !set_modes(store, error))
        return false;
    if (!store->read_only && !file_lock_open(lock_path, &store->lock, error))
        return false;
    if (mode == STORE_CREATE && !store_migrate(store, error))
        return false;
    if (!check_version(store, error))
        return false;
    return mode != STORE_READ_WRITE || check_wal_mode(store, error);
}

static void finalize(gpointer statement)
{
    sqlite3_finalize(statement);
}

bool store_open(const char *data_dir, StoreMode mode, Store **ret, GError **error)
{
    g_autoptr(Store) store = g_new0(Store, 1);
    store->data_dir = g_strdup(data_dir);
    store->path = g_build_filename(data_dir, "mailwicket.db", NULL);
    store->read_only = mode == STORE_READ_ONLY;
    store->patience = store->read_only ? READER_PATIENCE : WRITER_PATIENCE;
    store->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    if (!open_and_check(store, mode, error))
        return false;
    *ret = g_steal_pointer(&store);
    return true;
}

void store_close(Store *store)
{
    if (!store)
        return;
    store_rollback(store);
    g_hash_table_unref(store->statements);
    sqlite3_close_v2(store->db);
    file_lock_free(store->lock);
    g_free(store->path);
    g_free(store->data_dir);
    g_free(store);
}

bool store_begin(Store *store, GError **error)
{
    g_assert(store->lock && !store->writing && sqlite3_get_autocommit(store->db));
    if (!file_lock_take(store->lock, LOCK_DEADLINE_MS, error))
        return false;
    store->writing = true;
    int code = sqlite3_exec(store->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return true;
    store_fail(store, code, error);
    store_rollback(store);
    return false;
}

bool store_begin_read(Store *store, GError **error)
{
    g_assert(!store->writing && sqlite3_get_autocommit(store->db));
    return run_plain(store, "BEGIN", error);
}

bool store_commit(Store *store, GError **error)
{
    g_assert(store->writing);
    int code = sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
    bool done = code == SQLITE_OK || store_fail(store, code, error);
    store_rollback(store);
    return done;
}

void store_rollback(Store *store)
{
    if (store->db && !sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
    if (store->writing)
        file_lock_drop(store->lock);
    store->writing = false;
}

/* Parts are many: their statements are kept. */
static bool run_kept(Store *store, const char *sql, GError **error)
{
    g_auto(Query) query = query_start(store, sql);
    return query_run(&query, error);
}

bool store_part_begin(Store *store, GError **error)
{
    g_assert(store->writing);
    return run_kept(store, "SAVEPOINT part", error);
}

bool store_part_keep(Store *store, GError **error)
{
    return run_kept(store, "RELEASE part", error);
}

void store_part_undo(Store *store, bool *ret_whole)
{
    *ret_whole = !sqlite3_get_autocommit(store->db) &&
                 run_kept(store, "ROLLBACK TO part", NULL) &&
                 run_kept(store, "RELEASE part", NULL);
}

bool store_data_version(Store *store, gint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "PRAGMA data_version");
    return query_int(&query, ret, error);
}
