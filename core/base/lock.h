/* Advisory locks between our processes: flock(2) on a file, with a deadline.
 *
 * The kernel drops a lock with its holder, whatever killed it; a forked child that kept the
 * descriptor is a holder too, until the lock is dropped by either. Waiters are served about as
 * they came. SIGRTMIN is ours. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct FileLock FileLock;

/* Opens (creates 0660) the file without taking the lock. */
bool file_lock_open(const char *path, FileLock **ret, GError **error);
/* ERROR_TRANSIENT when `deadline_ms` pass without it; 0: at once or not at all. */
bool file_lock_take(FileLock *lock, gint64 deadline_ms, GError **error);
void file_lock_drop(FileLock *lock);
void file_lock_free(FileLock *lock); /* drops it too */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileLock, file_lock_free)
