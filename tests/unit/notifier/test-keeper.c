/* The notifier as a process: one at a time, awake at once, ended and reloaded by signals. */
#include "notifier/keeper.h"

#include "tests/unit/desk/site.h"

#include <signal.h>
#include <sys/wait.h>

#define PATIENCE_MS 10000

typedef struct {
    Site *site;
    char *file; /* the configuration */
    char *log;  /* what keepers say */
} Room;

static void write_config(Room *room, const char *out, const char *extra)
{
    const char *dir = room->site->dir;
    g_autofree char *text =
        g_strdup_printf("[site]\nname = Support Exemple\ndomain = desk.example\n"
                        "base_url = https://desk.example\nlanguage = fr\n"
                        "timezone = Europe/Paris\ndata_dir = %s/data\nkey_file = %s/key\n"
                        "[mail]\ntransport = maildir:%s/%s\n%s\n",
                        dir, dir, dir, out, extra);
    g_assert_true(g_file_set_contents(room->file, text, -1, NULL));
}

static Room *room_new(void)
{
    Room *room = g_new0(Room, 1);
    room->site = site_new("");
    room->file = g_build_filename(room->site->dir, "test.conf", NULL);
    room->log = g_build_filename(room->site->dir, "log", NULL);
    write_config(room, "out", "");
    return room;
}

static void room_free(Room *room)
{
    site_free(room->site);
    g_free(room->file);
    g_free(room->log);
    g_free(room);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Room, room_free)

static void deliver(Room *room, const char *subject)
{
    g_autoptr(Outcome) outcome = site_send(room->site, JEAN, SUPPORT, subject, "", "Bonjour.");
    assert_verdict(outcome, VERDICT_TICKET);
}

/* A keeper in a process of its own. Ends with 0, or 10 + the error's code. */
static pid_t start(Room *room, bool once)
{
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid > 0)
        return pid;
    if (!freopen(room->log, "a", stderr))
        _exit(99);
    setvbuf(stderr, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    g_autoptr(GError) error = NULL;
    bool ok = keeper_run(room->file, once, &error);
    if (!ok)
        fprintf(stderr, "failed: %s\n", error->message);
    _exit(ok ? 0 : 10 + error->code);
}

static int finish(pid_t pid)
{
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int stop(pid_t pid, int signal_number)
{
    kill(pid, signal_number);
    return finish(pid);
}

static int mails_in(Room *room, const char *out)
{
    g_autofree char *path = g_build_filename(room->site->dir, out, "new", NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    int count = 0;
    while (dir && g_dir_read_name(dir))
        count++;
    return count;
}

static bool log_says(Room *room, const char *text)
{
    g_autofree char *log = NULL;
    return g_file_get_contents(room->log, &log, NULL, NULL) && strstr(log, text);
}

/* Waits until the mails are there; returns how many milliseconds that took. */
static int await_mails(Room *room, const char *out, int count)
{
    int waited = 0;
    for (; mails_in(room, out) < count && waited < PATIENCE_MS; waited += 20)
        g_usleep(20 * 1000);
    g_assert_cmpint(mails_in(room, out), ==, count);
    return waited;
}

static void await_log(Room *room, const char *text)
{
    for (int waited = 0; !log_says(room, text) && waited < PATIENCE_MS; waited += 20)
        g_usleep(20 * 1000);
    g_assert_true(log_says(room, text));
}

static void test_once(void)
{
    g_autoptr(Room) room = room_new();
    deliver(room, "un");
    deliver(room, "deux");
    int expected = site_mails(room->site, NULL, NULL);
    g_assert_cmpint(expected, >=, 4);
    g_assert_cmpint(finish(start(room, true)), ==, 0);
    g_assert_cmpint(mails_in(room, "out"), ==, expected);
    g_assert_cmpint(finish(start(room, true)), ==, 0);
    g_assert_cmpint(mails_in(room, "out"), ==, expected);
    /* Ids, never who or what. */
    g_assert_true(log_says(room, "outbox 1 of SUP-1, try 1: sent"));
    g_assert_false(log_says(room, "@"));
    g_assert_false(log_says(room, "deux"));
}

static void test_one_at_a_time(void)
{
    g_autoptr(Room) room = room_new();
    pid_t first = start(room, false);
    await_log(room, "started");
    g_assert_cmpint(finish(start(room, true)), ==, 10 + ERROR_TRANSIENT);
    g_assert_true(log_says(room, "failed: another notifier is running"));
    g_assert_cmpint(finish(start(room, false)), ==, 10 + ERROR_TRANSIENT);
    g_assert_cmpint(stop(first, SIGTERM), ==, 0);
    g_assert_cmpint(finish(start(room, true)), ==, 0);
}

/* A killed one leaves a lock file and a socket; they stop nobody. */
static void test_after_a_kill(void)
{
    g_autoptr(Room) room = room_new();
    pid_t first = start(room, false);
    await_log(room, "started");
    kill(first, SIGKILL);
    int status;
    g_assert_cmpint(waitpid(first, &status, 0), ==, first);
    deliver(room, "un");
    pid_t second = start(room, false);
    await_mails(room, "out", site_mails(room->site, NULL, NULL));
    g_assert_cmpint(stop(second, SIGINT), ==, 0);
}

static void test_wakes_at_once(void)
{
    g_autoptr(Room) room = room_new();
    pid_t keeper = start(room, false);
    await_log(room, "started");
    g_usleep(300 * 1000);
    deliver(room, "un");
    int waited = await_mails(room, "out", site_mails(room->site, NULL, NULL));
    g_assert_cmpint(waited, <, 3000); /* the poll alone would take 5 s */
    gint64 before = g_get_monotonic_time();
    g_assert_cmpint(stop(keeper, SIGTERM), ==, 0);
    g_assert_cmpint(g_get_monotonic_time() - before, <, 2 * G_USEC_PER_SEC);
}

static gint64 wal_bytes(Room *room)
{
    gint64 used = 0;
    g_assert_true(store_checkpoint(room->site->desk->store, G_MAXINT64, &used, NULL));
    return used;
}

/* Nobody else may do it, so it must. A checkpointed log starts over with the next commit. */
static void test_checkpoints(void)
{
    g_autoptr(Room) room = room_new();
    g_autoptr(GString) big = g_string_new(NULL);
    while (big->len < 17 << 20)
        g_string_append(big,
                        "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz\n");
    g_autoptr(Outcome) outcome = site_send(room->site, JEAN, SUPPORT, "gros", "", big->str);
    assert_verdict(outcome, VERDICT_TICKET);
    g_assert_cmpint(wal_bytes(room), >, 16 << 20);

    pid_t keeper = start(room, false);
    for (int i = 0; i < 10 && wal_bytes(room) > 16 << 20; i++) {
        g_usleep(G_USEC_PER_SEC / 2);
        deliver(room, "petit");
    }
    g_assert_cmpint(wal_bytes(room), <, 4 << 20);
    g_assert_cmpint(stop(keeper, SIGTERM), ==, 0);
}

static void test_reload(void)
{
    g_autoptr(Room) room = room_new();
    pid_t keeper = start(room, false);
    await_log(room, "started");

    write_config(room, "elsewhere", "colour = red");
    kill(keeper, SIGHUP);
    await_log(room, "the old configuration stays: ");
    g_assert_true(log_says(room, "test.conf:"));
    deliver(room, "un");
    await_mails(room, "out", site_mails(room->site, NULL, NULL));

    write_config(room, "elsewhere", "");
    kill(keeper, SIGHUP);
    await_log(room, "read anew");
    int before = site_mails(room->site, NULL, NULL);
    deliver(room, "deux");
    await_mails(room, "elsewhere", site_mails(room->site, NULL, NULL) - before);
    g_assert_cmpint(mails_in(room, "out"), ==, before);
    g_assert_cmpint(stop(keeper, SIGTERM), ==, 0);
}

static void test_broken_from_the_start(void)
{
    g_autoptr(Room) room = room_new();
    write_config(room, "out", "colour = red");
    g_assert_cmpint(finish(start(room, false)), ==, 10 + ERROR_CONFIG);

    g_autofree char *folder = g_build_filename(room->site->dir, "templates", "fr", NULL);
    g_autofree char *file = g_build_filename(folder, "message.txt", NULL);
    g_autofree char *extra = g_strdup_printf("template_dir = %s/templates", room->site->dir);
    g_mkdir_with_parents(folder, 0700);
    g_assert_true(g_file_set_contents(file, "Bonjour\n{{nobody}}\n", -1, NULL));
    write_config(room, "out", extra);
    g_assert_cmpint(finish(start(room, false)), ==, 10 + ERROR_CONFIG);
    g_assert_true(log_says(room, "templates/fr/message.txt:2: "));
    g_assert_true(log_says(room, "nobody"));

    g_assert_true(g_file_set_contents(room->file, "", 0, NULL));
    g_unlink(room->file);
    g_assert_cmpint(finish(start(room, true)), ==, 10 + ERROR_CONFIG);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/keeper/once", test_once);
    g_test_add_func("/keeper/one-at-a-time", test_one_at_a_time);
    g_test_add_func("/keeper/after-a-kill", test_after_a_kill);
    g_test_add_func("/keeper/wakes-at-once", test_wakes_at_once);
    g_test_add_func("/keeper/checkpoints", test_checkpoints);
    g_test_add_func("/keeper/reload", test_reload);
    g_test_add_func("/keeper/broken-from-the-start", test_broken_from_the_start);
    return g_test_run();
}
