/* The store: one SQLite file in WAL mode, its lock, transactions, migrations and checkpoints.
 *
 * Files in the data directory: mailwicket.db, its -wal and -shm (kept at close), lock.
 * Every write transaction holds the flock on `lock`, taken before it begins, and so does a
 * checkpoint: SQLite before 3.51.3 can lose commits when they overlap. Nobody checkpoints but
 * store_checkpoint. synchronous=FULL: a commit that returned is on the disk.
 *
 * Errors: a busy, full, read-only or failing disk and a folder or file this process may not
 * open are ERROR_TRANSIENT (the mail must stay with Postfix); a damaged file is ERROR_CORRUPT;
 * a missing database, one at another schema version than this program's, and one that is not in
 * WAL mode are ERROR_CONFIG and say what to do. A refused constraint is ERROR_CORRUPT: the
 * caller wanted something inconsistent.
 *
 * Writers below take part in the transaction that store_begin opened; without one, or when a
 * failure such as a full disk has ended it, they are refused. After any failure:
 * store_rollback.
 *
 * Reading without the right to write (the page's user): the user needs to read the data folder,
 * mailwicket.db, -wal and -shm, which are made with mode 0640, so the group of the folder's
 * owner will do. It then maps -shm read-only and sees every commit, whether a writer has the
 * store open or not. Only when an outside program, a sqlite3 shell for example, was the last to
 * close the database and removed -wal and -shm, nothing can be read (ERROR_TRANSIENT) until the
 * next writer opens it; the notifier, which always has it open, prevents that. A reader that
 * cannot write -shm cannot recover a WAL after a crash of the machine either, and waits for a
 * writer likewise.
 *
 * One Store belongs to one thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Store Store;

typedef enum {
    STORE_READ_ONLY,  /* never writes, holds no lock */
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

/* A part of a write transaction that can be undone alone; one may lie within another. A failure
 * in one, a full disk for example, may have ended the whole transaction: then *ret_whole is
 * false after store_part_undo, and what was done before the part is undone as well. */
bool store_part_begin(Store *store, GError **error);
bool store_part_keep(Store *store, GError **error);
void store_part_undo(Store *store, bool *ret_whole);

/* Moves the WAL into the database if more than `wal_bytes` of it are in use, in RESTART mode,
 * holding the lock. Readers that need old frames are waited for a quarter of a second; what
 * they still hold then stays for the next time, which is no error. The file itself never
 * shrinks. *ret_wal_bytes (may be NULL): bytes in use before. */
bool store_checkpoint(Store *store, gint64 wal_bytes, gint64 *ret_wal_bytes, GError **error);

/* Bytes of the WAL that are in use: not yet moved. */
bool store_wal_bytes(Store *store, gint64 *ret, GError **error);

/* A number that changes whenever another connection commits. */
bool store_data_version(Store *store, gint64 *ret, GError **error);
