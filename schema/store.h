/* The store: one SQLite file in WAL mode, its lock, transactions, migrations and checkpoints.
 *
 * Files in the data directory: mailwicket.db, its -wal and -shm (kept at close), lock.
 * Every write transaction holds the flock on `lock`, taken before it begins, and so does a
 * checkpoint: SQLite before 3.51.3 can lose commits when they overlap. Nobody checkpoints but
 * store_checkpoint. synchronous=FULL: a commit that returned is on the disk.
 *
 * Errors: a busy, full, read-only or failing disk and a schema this program does not know are
 * ERROR_TRANSIENT (the mail must stay with Postfix); a damaged file is ERROR_CORRUPT; a missing
 * database is ERROR_CONFIG. One Store belongs to one thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Store Store;

typedef enum {
    STORE_READ_ONLY,  /* never writes, holds no lock; ERROR_TRANSIENT if it cannot be read now */
    STORE_READ_WRITE, /* must exist at the current schema */
    STORE_CREATE,     /* makes or migrates it (mailwicket init) */
} StoreMode;

bool store_open(const char *data_dir, StoreMode mode, Store **ret, GError **error);
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* Takes the lock (waiting at most 30 s) and begins a write transaction. */
bool store_begin(Store *store, GError **error);
/* Begins a snapshot for several reads. Ends with store_rollback. */
bool store_begin_read(Store *store, GError **error);
/* On failure the transaction is rolled back. Drops the lock either way. */
bool store_commit(Store *store, GError **error);
/* Ends whatever is open; harmless when nothing is. */
void store_rollback(Store *store);

/* Moves the WAL into the database if it is larger than `wal_bytes`, in RESTART mode, holding
 * the lock. *ret_wal_bytes (may be NULL): the WAL's size before. */
bool store_checkpoint(Store *store, gint64 wal_bytes, gint64 *ret_wal_bytes, GError **error);

/* A number that changes whenever another connection commits. */
bool store_data_version(Store *store, gint64 *ret, GError **error);
