/* Locks between processes: exclusion, the deadline, and release by whatever ends the holder. */
#include "core/base/lock.h"

#include "core/base/error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROCESSES 8
#define ROUNDS 25

typedef struct {
    char *folder, *path;
} Fixture;

static void set_up(Fixture *fixture, gconstpointer data)
{
    fixture->folder = g_dir_make_tmp("lock-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "lock", NULL);
}

static void tear_down(Fixture *fixture, gconstpointer data)
{
    g_unlink(fixture->path);
    g_rmdir(fixture->folder);
    g_free(fixture->folder);
    g_free(fixture->path);
}

static FileLock *open_lock(const Fixture *fixture)
{
    FileLock *lock = NULL;
    g_autoptr(GError) error = NULL;
    file_lock_open(fixture->path, &lock, &error);
    g_assert_no_error(error);
    return lock;
}

static void refuse(FileLock *lock, gint64 deadline_ms)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(file_lock_take(lock, deadline_ms, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_TRANSIENT);
}

static void test_basic(Fixture *fixture, gconstpointer data)
{
    GStatBuf st;
    mode_t before = umask(077);
    g_autoptr(FileLock) one = open_lock(fixture);
    umask(before);
    g_assert_cmpint(g_stat(fixture->path, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0660);

    FileLock *two = open_lock(fixture);
    g_assert_true(file_lock_take(one, 0, NULL));
    refuse(two, 0);
    gint64 start = g_get_monotonic_time();
    refuse(two, 50);
    gint64 waited = g_get_monotonic_time() - start;
    g_assert_cmpint(waited, >=, 50 * 1000);
    file_lock_drop(one);
    g_assert_true(file_lock_take(two, 0, NULL));
    refuse(one, 0);
    file_lock_free(two); /* drops it too */
    g_assert_true(file_lock_take(one, 0, NULL));
}

/* The deadline holds in a program that blocks every signal, and the mask is left alone. */
static void test_blocked_signals(Fixture *fixture, gconstpointer data)
{
    sigset_t all, before, after;
    g_autoptr(FileLock) one = open_lock(fixture);
    g_autoptr(FileLock) two = open_lock(fixture);
    g_assert_true(file_lock_take(one, 0, NULL));
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    refuse(two, 50);
    sigprocmask(SIG_SETMASK, &before, &after);
    for (int i = 1; i <= SIGRTMAX; i++)
        g_assert_cmpint(sigismember(&all, i), ==,
                        sigismember(&after, i) || i == SIGKILL || i == SIGSTOP);
}

static void test_no_folder(Fixture *fixture, gconstpointer data)
{
    g_autofree char *path = g_build_filename(fixture->folder, "no", "lock", NULL);
    FileLock *lock = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(file_lock_open(path, &lock, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_TRANSIENT);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_null(lock);
}

/* Forks a holder; returns when it holds the lock. */
static pid_t fork_holder(const Fixture *fixture)
{
    int ready[2];
    g_assert_cmpint(pipe(ready), ==, 0);
    pid_t pid = fork();
    if (pid == 0) {
        FileLock *lock = open_lock(fixture);
        file_lock_take(lock, 0, NULL);
        if (write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    char byte;
    close(ready[1]);
    g_assert_cmpint(read(ready[0], &byte, 1), ==, 1);
    close(ready[0]);
    return pid;
}

static void test_killed_holder(Fixture *fixture, gconstpointer data)
{
    pid_t pid = fork_holder(fixture);
    g_autoptr(FileLock) lock = open_lock(fixture);
    refuse(lock, 0);
    kill(pid, SIGKILL);
    g_assert_true(file_lock_take(lock, 5000, NULL));
    waitpid(pid, NULL, 0);
}

/* A child that outlives the drop, as a parser might, keeps nobody out. */
static void test_forked_copy(Fixture *fixture, gconstpointer data)
{
    g_autoptr(FileLock) lock = open_lock(fixture);
    g_autoptr(FileLock) other = open_lock(fixture);
    g_assert_true(file_lock_take(lock, 0, NULL));
    pid_t pid = fork();
    if (pid == 0) {
        pause();
        _exit(0);
    }
    file_lock_drop(lock);
    g_assert_true(file_lock_take(other, 0, NULL));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Adds one to the number in the file, with time between reading and writing to be torn. */
static bool count_up(const char *path)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return false;
    gint64 number = g_ascii_strtoll(text, NULL, 10);
    g_usleep(300);
    g_autofree char *next = g_strdup_printf("%" G_GINT64_FORMAT, number + 1);
    return g_file_set_contents_full(path, next, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
}

static void work(const Fixture *fixture, const char *counter)
{
    g_autoptr(FileLock) lock = open_lock(fixture);
    for (int i = 0; i < ROUNDS; i++) {
        if (!file_lock_take(lock, 30000, NULL) || !count_up(counter))
            _exit(1);
        file_lock_drop(lock);
    }
}

static void test_contention(Fixture *fixture, gconstpointer data)
{
    pid_t pids[PROCESSES];
    g_autofree char *counter = g_build_filename(fixture->folder, "counter", NULL);
    g_assert_true(g_file_set_contents(counter, "0", -1, NULL));
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            work(fixture, counter);
            _exit(0);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        waitpid(pids[i], &status, 0);
        g_assert_cmpint(status, ==, 0);
    }
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(counter, &text, NULL, NULL));
    g_assert_cmpint(g_ascii_strtoll(text, NULL, 10), ==, PROCESSES * ROUNDS);
    g_unlink(counter);
}

#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("/lock/basic", test_basic);
    ADD("/lock/blocked-signals", test_blocked_signals);
    ADD("/lock/no-folder", test_no_folder);
    ADD("/lock/killed-holder", test_killed_holder);
    ADD("/lock/forked-copy", test_forked_copy);
    ADD("/lock/contention", test_contention);
    return g_test_run();
}
