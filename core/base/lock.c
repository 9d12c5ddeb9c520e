/* flock(2) with a deadline, by asking again and again.
 *
 * A blocking flock would be handed over a little faster, but only a signal can end its wait,
 * and signals belong to the program. Holders keep the lock for a few milliseconds, so the
 * sleeps are short, and random lest waiters march in step. */
#include "core/base/lock.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLEEP_MIN_US 300
#define SLEEP_MAX_US 1300
/* Somebody holds it for long (a checkpoint, a stopped process): no need to hurry. */
#define PATIENCE_US (G_USEC_PER_SEC / 2)
#define SLOW_FACTOR 4

struct FileLock {
    char *path;
    int fd;
};

/* An existing file is opened, a new one gets its mode whatever the umask. */
static int open_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (fd < 0 && errno == EEXIST) /* another process was faster */
        return open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0)
        fchmod(fd, 0660);
    return fd;
}

bool file_lock_open(const char *path, FileLock **ret, GError **error)
{
    int fd = open_file(path);
    if (fd < 0)
        return error_errno(error, errno, "%s", path);
    FileLock *lock = g_new0(FileLock, 1);
    lock->path = g_strdup(path);
    lock->fd = fd;
    *ret = lock;
    return true;
}

static gint64 pause_us(gint64 waited_us)
{
    gint64 pause = g_random_int_range(SLEEP_MIN_US, SLEEP_MAX_US);
    return waited_us > PATIENCE_US ? SLOW_FACTOR * pause : pause;
}

bool file_lock_take(FileLock *lock, gint64 deadline_ms, GError **error)
{
    gint64 start = g_get_monotonic_time();
    while (flock(lock->fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK)
            return error_errno(error, errno, "%s", lock->path);
        gint64 waited = g_get_monotonic_time() - start;
        gint64 left = deadline_ms * 1000 - waited;
        if (left <= 0) {
            g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT,
                        "%s: still locked after %" G_GINT64_FORMAT " ms", lock->path,
                        deadline_ms);
            return false;
        }
        g_usleep((gulong)MIN(pause_us(waited), left));
    }
    return true;
}

void file_lock_drop(FileLock *lock)
{
    flock(lock->fd, LOCK_UN);
}

void file_lock_free(FileLock *lock)
{
    if (lock == NULL)
        return;
    /* Explicitly: a forked child may still hold a copy of the descriptor. */
    file_lock_drop(lock);
    close(lock->fd);
    g_free(lock->path);
    g_free(lock);
}
