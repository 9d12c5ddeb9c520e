/* Uses of prepared statements, and what SQLite's result codes mean to the rest of the house.
 *
 * Not here: what is asked (the files named for tables), transactions (store.c).
 *
 * On failure the message says which file, what is wrong and what an admin can do; it never
 * carries SQL or a value, for it ends in a log. */
#include "schema/sqlite.h"

#include "core/base/error.h"

#include <string.h>

static const struct {
    int code;
    WicketError error;
    const char *meaning;
} meanings[] = {
    {SQLITE_BUSY, ERROR_TRANSIENT, "another process keeps it busy"},
    {SQLITE_LOCKED, ERROR_TRANSIENT, "another process keeps it busy"},
    {SQLITE_FULL, ERROR_TRANSIENT, "the disk is full; free some space"},
    {SQLITE_READONLY, ERROR_TRANSIENT,
     "it may not be written; check the owner and mode of the data folder and its files, and "
     "that the file system is mounted read-write"},
    {SQLITE_CANTOPEN, ERROR_TRANSIENT,
     "it or a file beside it cannot be opened; check the owner and mode of the data folder "
     "and its files"},
    {SQLITE_IOERR, ERROR_TRANSIENT, "the disk failed or is full; see the kernel's log"},
    {SQLITE_ERROR, ERROR_CORRUPT, "its tables are not those this program knows"},
    {SQLITE_CORRUPT, ERROR_CORRUPT, "the file is damaged; restore it from a backup"},
    {SQLITE_NOTADB, ERROR_CORRUPT, "this is not a database; restore it from a backup"},
};

/* Who may not write -shm cannot make it either. */
static const char *const no_shm =
    "its -wal and -shm are missing or await recovery, and this user may not write them; start "
    "mailwicket-notifier";

/* A refused constraint is named ("UNIQUE constraint failed: ledger.key"): that is a column of
 * ours, never a value, and without it such a report would be worth nothing. */
static bool fail_constraint(Store *store, GError **error)
{
    g_set_error(error, WICKET_ERROR, ERROR_CORRUPT, "%s: refused as inconsistent: %s",
                store->path, sqlite3_errmsg(store->db));
    return false;
}

bool store_fail(Store *store, int code, GError **error)
{
    if ((code & 0xff) == SQLITE_CONSTRAINT)
        return fail_constraint(store, error);
    WicketError kind = ERROR_TRANSIENT;
    const char *meaning = sqlite3_errstr(code);
    for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
        if (meanings[i].code == (code & 0xff)) {
            kind = meanings[i].error;
            meaning = meanings[i].meaning;
        }
    }
    if ((code & 0xff) == SQLITE_READONLY && store->read_only)
        meaning = no_shm;
    int saved = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN
                    ? sqlite3_system_errno(store->db)
                    : 0;
    g_set_error(error, WICKET_ERROR, kind, "%s: %s (SQLite result %d%s%s)", store->path,
                meaning, code, saved ? ", " : "", saved ? g_strerror(saved) : "");
    return false;
}

Query query_start(Store *store, const char *sql)
{
    Query query = {.store = store, .code = SQLITE_OK};
    query.statement = g_hash_table_lookup(store->statements, sql);
    if (query.statement) {
        /* Used twice at once, one use would reset the other's cursor. */
        g_assert(!sqlite3_stmt_busy(query.statement));
        return query;
    }
    query.code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                    &query.statement, NULL);
    if (query.code == SQLITE_OK)
        g_hash_table_insert(store->statements, (gpointer)sql, query.statement);
    return query;
}

void query_end(Query *query)
{
    if (!query->statement)
        return;
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
    query->statement = NULL;
}

static void keep(Query *query, int code)
{
    if (query->code == SQLITE_OK)
        query->code = code;
}

void query_bind_int(Query *query, gint64 value)
{
    if (query->code == SQLITE_OK)
        keep(query, sqlite3_bind_int64(query->statement, ++query->bound, value));
}

void query_bind_id(Query *query, gint64 id)
{
    if (query->code == SQLITE_OK)
        keep(query, id ? sqlite3_bind_int64(query->statement, ++query->bound, id)
                       : sqlite3_bind_null(query->statement, ++query->bound));
}

void query_bind_text(Query *query, const char *text)
{
    if (query->code == SQLITE_OK)
        keep(query, sqlite3_bind_text64(query->statement, ++query->bound, text ? text : "",
                                        text ? strlen(text) : 0, SQLITE_STATIC, SQLITE_UTF8));
}

void query_bind_bytes(Query *query, const void *bytes, gsize length)
{
    if (query->code != SQLITE_OK)
        return;
    /* A NULL pointer would be bound as NULL, but no bytes are a value too. */
    keep(query, sqlite3_bind_blob64(query->statement, ++query->bound, length ? bytes : "",
                                    length, SQLITE_STATIC));
}

bool query_step(Query *query, bool *ret_row, GError **error)
{
    *ret_row = false;
    if (query->code == SQLITE_DONE)
        return true;
    if (query->code != SQLITE_OK && query->code != SQLITE_ROW)
        return store_fail(query->store, query->code, error);
    /* Some failures (a full disk) end the transaction by themselves. What is written after that
     * would be committed piece by piece and without the lock. */
    if (!sqlite3_stmt_readonly(query->statement) && sqlite3_get_autocommit(query->store->db)) {
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "%s: no write transaction is open",
                    query->store->path);
        return false;
    }
    query->code = sqlite3_step(query->statement);
    query->read = 0;
    if (query->code != SQLITE_ROW && query->code != SQLITE_DONE)
        return store_fail(query->store, query->code, error);
    *ret_row = query->code == SQLITE_ROW;
    return true;
}

bool query_run(Query *query, GError **error)
{
    bool row;
    do {
        if (!query_step(query, &row, error))
            return false;
    } while (row);
    return true;
}

bool query_insert(Query *query, gint64 *ret_id, GError **error)
{
    if (!query_run(query, error))
        return false;
    if (ret_id)
        *ret_id = sqlite3_last_insert_rowid(query->store->db);
    return true;
}

bool query_change(Query *query, gint64 *ret_rows, GError **error)
{
    if (!query_run(query, error))
        return false;
    *ret_rows = sqlite3_changes64(query->store->db);
    return true;
}

bool query_int(Query *query, gint64 *ret, GError **error)
{
    bool row;
    if (!query_step(query, &row, error))
        return false;
    gint64 value = row ? query_read_int(query) : 0;
    if (!query_run(query, error))
        return false;
    *ret = value;
    return true;
}

bool query_list(Query *query, gpointer (*read)(Query *query), GDestroyNotify destroy,
                GPtrArray **ret, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(destroy);
    bool row;
    while (true) {
        if (!query_step(query, &row, error))
            return false;
        if (!row)
            break;
        g_ptr_array_add(list, read(query));
    }
    *ret = g_steal_pointer(&list);
    return true;
}

bool query_ids(Query *query, GArray **ret, GError **error)
{
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(gint64));
    bool row;
    while (true) {
        if (!query_step(query, &row, error))
            return false;
        if (!row)
            break;
        gint64 id = query_read_int(query);
        g_array_append_val(list, id);
    }
    *ret = g_steal_pointer(&list);
    return true;
}

gint64 query_read_int(Query *query)
{
    return sqlite3_column_int64(query->statement, query->read++);
}

char *query_read_text(Query *query)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, query->read++);
    return g_strdup(text ? text : "");
}

void query_read_bytes(Query *query, guint8 *out, gsize length)
{
    gsize stored;
    const guint8 *bytes = query_read_blob(query, &stored);
    gsize usable = MIN(stored, length);
    if (usable)
        memcpy(out, bytes, usable);
    memset(out + usable, 0, length - usable);
}

const guint8 *query_read_blob(Query *query, gsize *ret_length)
{
    const guint8 *bytes = sqlite3_column_blob(query->statement, query->read);
    *ret_length = sqlite3_column_bytes(query->statement, query->read++);
    return bytes;
}
