/* flock(2) with a deadline.
 *
 * The wait is a blocking flock, which the kernel hands over fairly and at once; asking again
 * and again let a process that retakes the lock in a loop keep seven others out for a second.
 * Only a signal ends that wait, so a timer sends one to this very thread, again and again
 * until the wait is over: one that comes just before flock begins is not the last. The signal
 * is real-time signal LOCK_SIGNAL; its handler does nothing and stays installed. */
#include "core/base/lock.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_SIGNAL SIGRTMIN
#define REPEAT_NS 20000000

/* Older C libraries have the member without its name. */
#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

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

static void do_nothing(int signal_number) {}

static bool start_timer(gint64 deadline_ms, timer_t *ret, GError **error)
{
    /* Without SA_RESTART, so that flock returns. */
    struct sigaction action = {.sa_handler = do_nothing};
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = LOCK_SIGNAL};
    struct itimerspec span = {
        .it_value = {deadline_ms / 1000, deadline_ms % 1000 * 1000000},
        .it_interval = {0, REPEAT_NS},
    };
    event.sigev_notify_thread_id = gettid();
    if (sigaction(LOCK_SIGNAL, &action, NULL) != 0 ||
        timer_create(CLOCK_MONOTONIC, &event, ret) != 0)
        return error_errno(error, errno, "timer");
    timer_settime(*ret, 0, &span, NULL);
    return true;
}

/* Whatever mask the program has, this signal must come through while we wait. */
static void unblock_signal(sigset_t *before)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, LOCK_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &set, before);
}

/* 0, or the errno of flock; EINTR means that the deadline has passed. */
static int wait_for_lock(int fd, gint64 deadline_us)
{
    while (flock(fd, LOCK_EX) != 0)
        if (errno != EINTR || g_get_monotonic_time() >= deadline_us)
            return errno;
    return 0;
}

static bool refuse_errno(const FileLock *lock, int saved, gint64 waited_ms, GError **error)
{
    if (saved != EWOULDBLOCK && saved != EINTR)
        return error_errno(error, saved, "%s", lock->path);
    g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT,
                "%s: still locked after %" G_GINT64_FORMAT " ms", lock->path, waited_ms);
    return false;
}

bool file_lock_take(FileLock *lock, gint64 deadline_ms, GError **error)
{
    gint64 deadline_us = g_get_monotonic_time() + deadline_ms * 1000;
    if (flock(lock->fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno != EWOULDBLOCK || deadline_ms <= 0)
        return refuse_errno(lock, errno, deadline_ms, error);
    timer_t timer;
    sigset_t before;
    if (!start_timer(deadline_ms, &timer, error))
        return false;
    unblock_signal(&before);
    int saved = wait_for_lock(lock->fd, deadline_us);
    timer_delete(timer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return saved == 0 || refuse_errno(lock, saved, deadline_ms, error);
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
