/* sendmail: what the program is given, and what its end means. The programs are scripts. */
#include "notifier/transport.h"

#include "tests/unit/notifier/send-mail.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char *room;

static char *in_room(const char *name)
{
    return g_build_filename(room, name, NULL);
}

static char *contents(const char *name)
{
    g_autofree char *path = in_room(name);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

/* A transport whose program is this shell script, run in an empty folder $room. */
static Transport *program(const char *script)
{
    g_autofree char *path = in_room("sendmail");
    g_autofree char *full = g_strdup_printf("#!/bin/sh\nroom='%s'\n%s", room, script);
    g_assert_true(g_file_set_contents(path, full, -1, NULL));
    g_assert_cmpint(g_chmod(path, 0755), ==, 0);
    for (const char *const *name = (const char *const[]){"args", "in", "env", "late", NULL};
         *name; name++) {
        g_autofree char *old = in_room(*name);
        g_unlink(old);
    }
    Config config = {.file = "test.conf",
                     .mail = {.transport = TRANSPORT_SENDMAIL, .path = path}};
    Transport *transport = NULL;
    g_autoptr(GError) error = NULL;
    transport_open(&config, &transport, &error);
    g_assert_no_error(error);
    return transport;
}

static void test_what_it_is_given(void)
{
    g_setenv("MAILWICKET_TEST_LEAK", "1", TRUE);
    g_setenv("MAIL_CONFIG", "/etc/other postfix", TRUE);
    g_autoptr(Transport) transport =
        program("for a; do echo \"[$a]\"; done >$room/args; env >$room/env; pwd >>$room/env\n"
                "ls /proc/$$/fd | wc -l >>$room/env; cat >$room/in\n");
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, "Subject: x\r\n\r\n.\r\n-- \r\nend\r\n", &why), ==,
                    SEND_SENT);
    g_assert_null(why);
    g_autofree char *args = contents("args");
    g_assert_cmpstr(args, ==,
                    "[-i]\n[-f]\n[support+v1.abc@example.org]\n[--]\n"
                    "[claire@example.net]\n");
    g_autofree char *in = contents("in");
    g_assert_cmpstr(in, ==, "Subject: x\n\n.\n-- \nend\n");
    g_autofree char *env = contents("env");
    g_assert_null(strstr(env, "MAILWICKET_TEST_LEAK"));
    g_assert_nonnull(strstr(env, "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"));
    g_assert_nonnull(strstr(env, "MAIL_CONFIG=/etc/other postfix\n"));
    g_assert_nonnull(strstr(env, "\n/\n"));
    g_unsetenv("MAIL_CONFIG");
}

static void test_null_sender(void)
{
    g_autoptr(Transport) transport =
        program("for a; do echo \"[$a]\"; done >$room/args; cat >/dev/null\n");
    g_autofree char *why = NULL;
    Pieces pieces = {"x\r\n", 3, 3, 0};
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_SENT);
    g_autofree char *args = contents("args");
    g_assert_cmpstr(args, ==, "[-i]\n[-f]\n[<>]\n[--]\n[claire@example.net]\n");
}

/* What a shell would act on stays one argument; what looks like an option is not run. */
static void test_hostile_addresses(void)
{
    g_autoptr(Transport) transport =
        program("for a; do echo \"[$a]\"; done >$room/args; cat >/dev/null\n");
    g_autofree char *why = NULL;
    Pieces pieces = {"x\r\n", 3, 3, 0};
    g_assert_cmpint(
        send_pieces(transport, "`id`|x@example.org", "{$HOME}@example.net", pieces, &why), ==,
        SEND_SENT);
    g_autofree char *args = contents("args");
    g_assert_cmpstr(args, ==,
                    "[-i]\n[-f]\n[`id`|x@example.org]\n[--]\n[{$HOME}@example.net]\n");
    g_assert_cmpint(send_pieces(transport, "", "-oQ/tmp@example.net", pieces, &why), ==,
                    SEND_NEVER);
}

static void test_exit_status(void)
{
    static const struct {
        const char *script;
        SendResult result;
        const char *why;
    } table[] = {
        {"cat >/dev/null; exit 0\n", SEND_SENT, NULL},
        {"cat >/dev/null; echo 'no such user\tü' >&2; exit 67\n", SEND_NEVER,
         "sendmail ended with status 67: no such user ü"},
        {"cat >/dev/null; echo bad; echo data; exit 65\n", SEND_NEVER, "status 65: bad data"},
        {"cat >/dev/null; exit 68\n", SEND_NEVER, "status 68"},
        {"cat >/dev/null; exit 64\n", SEND_LATER, "status 64"},
        {"cat >/dev/null; exit 69\n", SEND_LATER, "status 69"},
        {"cat >/dev/null; exit 71\n", SEND_LATER, "status 71"},
        {"cat >/dev/null; exit 75\n", SEND_LATER, "status 75"},
        {"cat >/dev/null; exit 77\n", SEND_LATER, "status 77"},
        {"cat >/dev/null; exit 1\n", SEND_LATER, "status 1"},
        {"cat >/dev/null; exit 127\n", SEND_LATER, "status 127"},
        {"cat >/dev/null; kill -9 $$\n", SEND_LATER, "signal 9"},
        {"exit 67\n", SEND_NEVER, "status 67"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Transport) transport = program(table[i].script);
        g_autofree char *why = NULL;
        g_assert_cmpint(send_text(transport, "x\r\n", &why), ==, table[i].result);
        if (table[i].why)
            g_assert_nonnull(strstr(why, table[i].why));
    }
}

/* More than a pipe holds: a program that stops reading took nothing, whatever it says. */
static void test_unread_mail_is_not_sent(void)
{
    gsize size = 1 << 20;
    g_autofree char *big = g_malloc(size);
    memset(big, 'x', size);
    memcpy(big + size - 2, "\r\n", 2);
    Pieces pieces = {big, size, 65536, 0};
    g_autofree char *why = NULL;
    g_autoptr(Transport) careless = program("head -c 10 >/dev/null; exit 0\n");
    g_assert_cmpint(send_pieces(careless, "", "claire@example.net", pieces, &why), ==,
                    SEND_LATER);
    g_assert_cmpstr(why, ==, "sendmail did not read the whole mail");

    g_autoptr(Transport) good = program("wc -c >$room/in\n");
    g_assert_cmpint(send_pieces(good, "", "claire@example.net", pieces, &why), ==, SEND_SENT);
    g_autofree char *in = contents("in");
    g_assert_cmpint(atoi(in), ==, (1 << 20) - 1);
}

static void test_talkative(void)
{
    g_autoptr(Transport) transport =
        program("head -c 300000 /dev/zero | tr '\\0' 'y' >&2; cat >/dev/null; exit 75\n");
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, "x\r\n", &why), ==, SEND_LATER);
    g_assert_cmpuint(g_utf8_strlen(why, -1), <=, 300);
}

/* A daemon it leaves behind must not hold us, a time-out must end it and its children. */
static void test_time(void)
{
    g_autoptr(Transport) background = program("cat >/dev/null; sleep 3 & exit 0\n");
    g_autofree char *why = NULL;
    gint64 start = g_get_monotonic_time();
    g_assert_cmpint(send_text(background, "x\r\n", &why), ==, SEND_SENT);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);

    g_autoptr(Transport) stuck = program("(sleep 2; : >$room/late) & wait\n");
    stuck->total_seconds = 1;
    g_assert_cmpint(send_text(stuck, "x\r\n", &why), ==, SEND_LATER);
    g_assert_cmpstr(why, ==, "sendmail was stopped after 1 seconds");
    g_usleep(1500 * 1000);
    g_autofree char *late = contents("late");
    g_assert_null(late);
}

/* The store fails in the middle: the program must not take the half for a mail. */
static void test_half_a_mail_is_none(void)
{
    g_autoptr(Transport) transport = program("cat >/dev/null; : >$room/late; exit 0\n");
    g_autofree char *why = NULL;
    Pieces pieces = {"Subject: x\r\n\r\nlong\r\n", 20, 5, 8};
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_LATER);
    g_assert_cmpstr(why, ==, "the store is busy");
    g_usleep(200 * 1000);
    g_autofree char *late = contents("late");
    g_assert_null(late);
}

static void test_program_missing(void)
{
    g_autoptr(Transport) transport = program("exit 0\n");
    g_autofree char *path = in_room("sendmail");
    g_unlink(path);
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, "x\r\n", &why), ==, SEND_DOWN);
    g_assert_nonnull(strstr(why, "No such file"));

    Config config = {.file = "test.conf",
                     .mail = {.transport = TRANSPORT_SENDMAIL, .path = path}};
    Transport *none = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(transport_open(&config, &none, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "test.conf: [mail] transport: "));
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    room = g_dir_make_tmp("test-sendmail-XXXXXX", NULL);
    g_test_add_func("/sendmail/what-it-is-given", test_what_it_is_given);
    g_test_add_func("/sendmail/null-sender", test_null_sender);
    g_test_add_func("/sendmail/hostile-addresses", test_hostile_addresses);
    g_test_add_func("/sendmail/exit-status", test_exit_status);
    g_test_add_func("/sendmail/unread-mail-is-not-sent", test_unread_mail_is_not_sent);
    g_test_add_func("/sendmail/talkative", test_talkative);
    g_test_add_func("/sendmail/time", test_time);
    g_test_add_func("/sendmail/half-a-mail-is-none", test_half_a_mail_is_none);
    g_test_add_func("/sendmail/program-missing", test_program_missing);
    int result = g_test_run();
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", room);
    if (system(command) != 0)
        g_printerr("%s is left\n", room);
    g_free(room);
    return result;
}
