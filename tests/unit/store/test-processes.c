/* Several processes on one store: writers in a row, a holder that dies, a reader without the
 * right to write. Children end with _exit and their status tells how it went. */
#include "tests/unit/store/fixture.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 8
#define ROUNDS 50

/* Runs `body` in a child. */
static pid_t start(void (*body)(const char *dir), const char *dir)
{
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        body(dir);
        _exit(0);
    }
    return pid;
}

static int finish(pid_t pid)
{
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return status;
}

static char *new_store(void)
{
    char *dir = fixture_dir();
    Store *store = fixture_open(dir, STORE_CREATE);
    MUST(store_begin(store, &error));
    fixture_queue(store, "support", "SUP");
    fixture_person(store, "Zoé", "zoe@example.com");
    MUST(store_commit(store, &error));
    store_close(store);
    return dir;
}

/* One ticket a transaction; every other round with a new connection, as the pipe does. */
static void write_tickets(const char *dir)
{
    Store *store = fixture_open(dir, STORE_READ_WRITE);
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 2) {
            store_close(store);
            store = fixture_open(dir, STORE_READ_WRITE);
        }
        MUST(store_begin(store, &error));
        fixture_ticket(store, 1, 1, i + 1);
        MUST(store_commit(store, &error));
    }
    store_close(store);
}

static void keep_checkpointing(const char *dir)
{
    Store *store = fixture_open(dir, STORE_READ_WRITE);
    for (int i = 0; i < 100; i++) {
        MUST(store_checkpoint(store, 0, NULL, &error));
        g_usleep(2000);
    }
    store_close(store);
}

/* Numbers of tickets in order of their ids are 1, 2, 3, … whoever wrote them. */
static void assert_numbers(const char *dir, gint64 count)
{
    g_autoptr(Store) store = fixture_open(dir, STORE_READ_WRITE);
    for (gint64 id = 1; id <= count; id++) {
        g_autoptr(Ticket) ticket = NULL;
        MUST(tickets_by_id(store, id, &ticket, &error));
        g_assert_nonnull(ticket);
        g_assert_cmpint(ticket->number, ==, id);
    }
    Ticket *none = NULL;
    MUST(tickets_by_id(store, count + 1, &none, &error));
    g_assert_null(none);
}

static void test_writers(void)
{
    char *dir = new_store();
    pid_t writers[WRITERS];
    pid_t keeper = start(keep_checkpointing, dir);
    for (int i = 0; i < WRITERS; i++)
        writers[i] = start(write_tickets, dir);
    for (int i = 0; i < WRITERS; i++)
        g_assert_cmpint(finish(writers[i]), ==, 0);
    g_assert_cmpint(finish(keeper), ==, 0);
    assert_numbers(dir, WRITERS * ROUNDS);
    fixture_remove(dir);
}

/* Two inits at once make one store. */
static void create(const char *dir)
{
    store_close(fixture_open(dir, STORE_CREATE));
}

static void test_creators(void)
{
    char *dir = fixture_dir();
    pid_t creators[4];
    for (int i = 0; i < 4; i++)
        creators[i] = start(create, dir);
    for (int i = 0; i < 4; i++)
        g_assert_cmpint(finish(creators[i]), ==, 0);
    store_close(fixture_open(dir, STORE_READ_WRITE));
    fixture_remove(dir);
}

/* Dies holding the lock, in the middle of its transaction. */
static void die_writing(const char *dir)
{
    Store *store = fixture_open(dir, STORE_READ_WRITE);
    MUST(store_begin(store, &error));
    fixture_ticket(store, 1, 1, 1);
    raise(SIGKILL);
}

static void test_killed_holder(void)
{
    char *dir = new_store();
    g_assert_true(WIFSIGNALED(finish(start(die_writing, dir))));
    gint64 begun = g_get_monotonic_time();
    Store *store = fixture_open(dir, STORE_READ_WRITE);
    MUST(store_begin(store, &error));
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 5 * G_USEC_PER_SEC);
    fixture_ticket(store, 1, 1, 2);
    MUST(store_commit(store, &error));
    g_autoptr(Ticket) ticket = NULL;
    MUST(tickets_by_id(store, 1, &ticket, &error));
    g_assert_cmpint(ticket->created, ==, 2);
    store_close(store);
    assert_numbers(dir, 1);
    fixture_remove(dir);
}

/* A store and its folder, readable for everybody and writable for root alone. */
static char *new_public_store(void)
{
    static const char *const files[] = {"mailwicket.db", "mailwicket.db-wal",
                                        "mailwicket.db-shm"};
    char *dir = new_store();
    g_assert_cmpint(g_chmod(dir, 0755), ==, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = fixture_path(dir, files[i]);
        g_assert_cmpint(g_chmod(path, 0644), ==, 0);
    }
    return dir;
}

static void become_nobody(void)
{
    g_assert_cmpint(setgroups(0, NULL), ==, 0);
    g_assert_cmpint(setgid(65534), ==, 0);
    g_assert_cmpint(setuid(65534), ==, 0);
}

static bool is_root(void)
{
    if (geteuid() == 0)
        return true;
    g_test_skip("only root can become somebody who may not write");
    return false;
}

static void read_as_nobody(const char *dir)
{
    become_nobody();
    g_autoptr(Store) store = fixture_open(dir, STORE_READ_ONLY);
    for (int i = 0; i < 20; i++) {
        g_autoptr(Queue) queue = NULL;
        MUST(queues_by_id(store, 1, &queue, &error));
        g_assert_cmpstr(queue->name, ==, "support");
    }
}

/* Sees ticket 1, which is written only after it has opened the store. */
static void wait_as_nobody(const char *dir)
{
    become_nobody();
    g_autoptr(Store) store = fixture_open(dir, STORE_READ_ONLY);
    for (int i = 0; i < 5000; i++) {
        g_autoptr(Ticket) ticket = NULL;
        MUST(tickets_by_id(store, 1, &ticket, &error));
        if (ticket)
            return;
        g_usleep(2000);
    }
    _exit(1);
}

static void fail_as_nobody(const char *dir)
{
    become_nobody();
    Store *store = NULL;
    FAILS(store_open(dir, STORE_READ_ONLY, &store, &error), ERROR_TRANSIENT);
}

static void fail_to_write_as_nobody(const char *dir)
{
    become_nobody();
    Store *store = NULL;
    FAILS(store_open(dir, STORE_READ_WRITE, &store, &error), ERROR_TRANSIENT);
}

static void test_reader_alone(void)
{
    if (!is_root())
        return;
    char *dir = new_public_store();
    g_assert_cmpint(finish(start(read_as_nobody, dir)), ==, 0);
    g_assert_cmpint(finish(start(fail_to_write_as_nobody, dir)), ==, 0);
    fixture_remove(dir);
}

static void test_reader_beside_writer(void)
{
    if (!is_root())
        return;
    char *dir = new_public_store();
    pid_t waiting = start(wait_as_nobody, dir);
    g_usleep(50000);
    Store *store = fixture_open(dir, STORE_READ_WRITE);
    MUST(store_begin(store, &error));
    fixture_ticket(store, 1, 1, 1);
    g_assert_cmpint(finish(start(read_as_nobody, dir)), ==, 0);
    MUST(store_commit(store, &error));
    g_assert_cmpint(finish(waiting), ==, 0);
    /* Also when the log has just started over and marks of readers are gone. */
    MUST(store_checkpoint(store, 0, NULL, &error));
    g_assert_cmpint(finish(start(read_as_nobody, dir)), ==, 0);
    MUST(store_begin(store, &error));
    fixture_ticket(store, 1, 1, 1);
    MUST(store_commit(store, &error));
    g_assert_cmpint(finish(start(read_as_nobody, dir)), ==, 0);
    store_close(store);
    fixture_remove(dir);
}

static void test_reader_locked_out(void)
{
    if (!is_root())
        return;
    static const char *const files[] = {"mailwicket.db-wal", "mailwicket.db-shm"};
    char *dir = new_public_store();
    g_assert_cmpint(g_chmod(dir, 0700), ==, 0);
    g_assert_cmpint(finish(start(fail_as_nobody, dir)), ==, 0);
    g_assert_cmpint(g_chmod(dir, 0755), ==, 0);
    /* As a sqlite3 shell leaves it that was the last to close the database. */
    Store *store = fixture_open(dir, STORE_READ_WRITE);
    MUST(store_checkpoint(store, 0, NULL, &error));
    store_close(store);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = fixture_path(dir, files[i]);
        g_assert_cmpint(g_remove(path), ==, 0);
    }
    g_assert_cmpint(finish(start(fail_as_nobody, dir)), ==, 0);
    store_close(fixture_open(dir, STORE_READ_WRITE));
    g_assert_cmpint(finish(start(read_as_nobody, dir)), ==, 0);
    fixture_remove(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/processes/writers", test_writers);
    g_test_add_func("/store/processes/creators", test_creators);
    g_test_add_func("/store/processes/killed-holder", test_killed_holder);
    g_test_add_func("/store/processes/reader-alone", test_reader_alone);
    g_test_add_func("/store/processes/reader-beside-writer", test_reader_beside_writer);
    g_test_add_func("/store/processes/reader-locked-out", test_reader_locked_out);
    return g_test_run();
}
