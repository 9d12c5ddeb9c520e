/* What the files of this room share about SQLite. Nothing outside schema/ includes it.
 *
 * A Query is one use of a prepared statement. The statement itself is kept for the life of the
 * Store, under the address of its SQL text, so `sql` must be a string literal; the use ends
 * with its scope, on early returns too:
 *
 *     g_auto(Query) query = query_start(store, "SELECT name FROM queue WHERE id = ?1");
 *     query_bind_int(&query, id);
 *     bool row;
 *     if (!query_step(&query, &row, error))
 *         return false;
 *
 * so no cursor can stay open holding a snapshot. Values are bound and columns are read in
 * order. A failure to prepare or to bind is kept and reported by the step. */
#pragma once

#include "core/base/lock.h"
#include "schema/store.h"

#include <sqlite3.h>

struct Store {
    sqlite3 *db;
    char *data_dir, *path;
    bool read_only; /* as it was opened; `lock` is NULL then */
    FileLock *lock;
    bool writing;           /* between store_begin and its end; the lock is held */
    GHashTable *statements; /* SQL text, by address → sqlite3_stmt */
    gint64 patience;        /* microseconds the busy handler goes on waiting */
    gint64 busy_since;
};

/* Sets `error` from the result code of the last call on this store. Returns false. */
bool store_fail(Store *store, int code, GError **error);

/* The number of the last migration the file has seen. */
bool store_version(Store *store, gint64 *ret, GError **error);
/* Runs `pragma`, which yields the journal mode, and says whether it is WAL. */
bool store_journal(Store *store, const char *pragma, bool *ret_wal, GError **error);
/* Puts the file into WAL mode and brings it to the last migration (schema/migrate.c). */
bool store_migrate(Store *store, GError **error);

typedef struct {
    Store *store;
    sqlite3_stmt *statement;
    int code;        /* the first failure; SQLITE_OK, SQLITE_ROW or SQLITE_DONE */
    int bound, read; /* how many values and columns so far */
} Query;

Query query_start(Store *store, const char *sql);
void query_end(Query *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Query, query_end)

/* Bound values are borrowed until the query ends. */
void query_bind_int(Query *query, gint64 value);
void query_bind_id(Query *query, gint64 id);          /* 0 is NULL */
void query_bind_text(Query *query, const char *text); /* NULL is '' */
void query_bind_bytes(Query *query, const void *bytes, gsize length);

bool query_step(Query *query, bool *ret_row, GError **error);
/* Steps to the end, ignoring rows. */
bool query_run(Query *query, GError **error);
/* The same for an INSERT. `ret_id` may be NULL. */
bool query_insert(Query *query, gint64 *ret_id, GError **error);
/* The same; how many rows it changed. */
bool query_change(Query *query, gint64 *ret_rows, GError **error);
/* The one integer it yields, 0 if there is no row. */
bool query_int(Query *query, gint64 *ret, GError **error);
/* Everything it yields: things made by `read`, or ids. */
bool query_list(Query *query, gpointer (*read)(Query *query), GDestroyNotify destroy,
                GPtrArray **ret, GError **error);
bool query_ids(Query *query, GArray **ret, GError **error);

/* The next column of the row. NULL reads as 0 or "". */
gint64 query_read_int(Query *query);
char *query_read_text(Query *query); /* owned */
/* A BLOB of known size; what is missing becomes zeros. */
void query_read_bytes(Query *query, guint8 *out, gsize length);
/* Borrowed until the next step. */
const guint8 *query_read_blob(Query *query, gsize *ret_length);
