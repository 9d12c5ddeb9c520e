/* Makes a new store or brings an old one to the schema this program knows.
 *
 * Each migration and the new user_version are one transaction under the lock, so a program that
 * is killed in between leaves a store at the migration before, and running it again goes on
 * from there. Only `mailwicket init` comes here: programs that serve mail never change a
 * schema. */
#include "schema/sqlite.h"

#include "core/base/error.h"
#include "schema/migrations.h"

#define LOCK_DEADLINE_MS 30000

/* WAL mode is a property of the file: once is enough, and again is harmless. */
static bool set_wal_mode(Store *store, GError **error)
{
    bool wal;
    if (!store_journal(store, "PRAGMA journal_mode = WAL", &wal, error))
        return false;
    if (wal)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                "%s: this file system cannot hold a write-ahead log (it must be local)",
                store->path);
    return false;
}

static bool apply(Store *store, const Migration *migration, GError **error)
{
    int code = sqlite3_exec(store->db, migration->sql, NULL, NULL, NULL);
    if (code == SQLITE_OK) {
        g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", migration->number);
        code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK)
        return true;
    store_fail(store, code, error);
    g_prefix_error(error, "migration %s: ", migration->name);
    return false;
}

/* The version is read inside the transaction: another init may have been faster. */
static bool migrate_one(Store *store, bool *ret_current, GError **error)
{
    if (!store_begin(store, error))
        return false;
    gint64 version;
    bool good = store_version(store, &version, error);
    if (good && version >= n_migrations) {
        store_rollback(store);
        *ret_current = true;
        return true;
    }
    if (good && apply(store, &migrations[version], error)) {
        *ret_current = false;
        return store_commit(store, error);
    }
    store_rollback(store);
    return false;
}

bool store_migrate(Store *store, GError **error)
{
    if (!file_lock_take(store->lock, LOCK_DEADLINE_MS, error))
        return false;
    bool wal = set_wal_mode(store, error);
    file_lock_drop(store->lock);
    bool current = false;
    while (wal && !current)
        if (!migrate_one(store, &current, error))
            return false;
    return wal;
}
