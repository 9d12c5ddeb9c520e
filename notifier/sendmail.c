/* The transport sendmail:/path : hands each mail to a local program with sendmail's interface,
 *   /path -i -f SENDER -- RECIPIENT
 * with the mail on its standard input (LF line ends), no shell and an environment of its own.
 *
 * Exit status 0 is sent; 65, 67 and 68 (bad data, no such user, no such host: sysexits) say
 * that this mail will never be taken; everything else, a signal and a time-out are temporary.
 * 77 is temporary too: Postfix and msmtp exit so when *we* may not submit, which is the
 * admin's to mend and no fault of the mail. A program that cannot be run at all is SEND_DOWN.
 *
 * If our own bytes cannot be read to the end, the program and its children are killed before
 * their input closes, so that they never take half a mail for a whole one. */
#include "notifier/transport.h"

#include "core/base/error.h"
#include "notifier/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define OUTPUT_MAX 1000 /* bytes of what the program says, for the reason */

typedef struct {
    Transport base;
    char *path;
} Sendmail;

/* One run of the program. */
typedef struct {
    pid_t pid;
    int exited; /* pidfd: readable when it has ended */
    int in;     /* its standard input; -1: closed */
    int out;    /* its standard output and error; -1: closed */
    gint64 deadline;
    bool whole; /* it was given the mail to its end */
    GByteArray *pending;
    guint sent; /* of pending */
    GString *said;
} Run;

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Reaps the program; nothing stays behind when `by_force`. Returns its wait status. */
static int run_end(Run *run, bool by_force)
{
    if (by_force)
        kill(-run->pid, SIGKILL);
    close_fd(&run->in);
    close_fd(&run->out);
    close_fd(&run->exited);
    int status = 0;
    while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static void run_clear(Run *run)
{
    g_clear_pointer(&run->pending, g_byte_array_unref);
    if (run->said)
        g_string_free(g_steal_pointer(&run->said), TRUE);
}

/* Returns 0 or an errno value. */
static int spawn(const char *path, const SendMail *mail, int in, int out, pid_t *ret)
{
    /* "<>" is how every sendmail understands the null sender. */
    char *argv[] = {(char *)path, "-i",
                    "-f",         (char *)(*mail->sender ? mail->sender : "<>"),
                    "--",         (char *)mail->recipient,
                    NULL};
    /* MAIL_CONFIG tells Postfix's sendmail which of several configurations is meant. */
    const char *config = g_getenv("MAIL_CONFIG");
    g_autofree char *mail_config = config ? g_strconcat("MAIL_CONFIG=", config, NULL) : NULL;
    char *envp[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", mail_config, NULL};

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&files, "/");

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawn(ret, path, &files, &attributes, argv, envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

/* Returns 0 or an errno value. */
static int run_start(Run *run, const Sendmail *sendmail, const SendMail *mail)
{
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) < 0)
        return errno;
    if (pipe2(out, O_CLOEXEC) < 0) {
        int saved = errno;
        close(in[0]);
        close(in[1]);
        return saved;
    }
    int failed = spawn(sendmail->path, mail, in[0], out[1], &run->pid);
    close(in[0]);
    close(out[1]);
    if (failed) {
        close(in[1]);
        close(out[0]);
        return failed;
    }
    run->in = in[1];
    run->out = out[0];
    fcntl(run->in, F_SETFL, O_NONBLOCK);
    fcntl(run->out, F_SETFL, O_NONBLOCK);
    run->pending = g_byte_array_new();
    run->said = g_string_new(NULL);
    run->deadline =
        g_get_monotonic_time() + sendmail->base.total_seconds * (gint64)G_USEC_PER_SEC;
    run->exited = pidfd_open(run->pid, 0);
    if (run->exited >= 0)
        return 0;
    failed = errno;
    run_end(run, true);
    return failed;
}

/* Refills what is to be written next; closes the input at the end of the mail. */
static bool run_refill(Run *run, const SendMail *mail, LineEnds *ends, GError **error)
{
    g_autoptr(GBytes) piece = NULL;
    if (!mail->next(mail->user, &piece, error))
        return false;
    g_byte_array_set_size(run->pending, 0);
    run->sent = 0;
    if (piece) {
        gsize length;
        const guint8 *bytes = g_bytes_get_data(piece, &length);
        line_ends_to_lf(ends, bytes, length, run->pending);
    } else {
        run->whole = true;
        close_fd(&run->in);
    }
    return true;
}

static void run_write(Run *run)
{
    ssize_t n = write(run->in, run->pending->data + run->sent, run->pending->len - run->sent);
    if (n >= 0) {
        run->sent += (guint)n;
    } else if (errno != EAGAIN && errno != EINTR) {
        close_fd(&run->in);
    }
}

static void run_listen(Run *run)
{
    char buffer[512];
    ssize_t n = read(run->out, buffer, sizeof buffer);
    if (n > 0)
        g_string_append_len(run->said, buffer, MIN(n, OUTPUT_MAX - (ssize_t)run->said->len));
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        close_fd(&run->out);
}

typedef enum { RUN_ENDED, RUN_TIMED_OUT, RUN_UNREADABLE } RunEnd;

/* Feeds the program and listens to it until it ends. Its output may stay open longer than it
 * lives (a child of its own in the background), so its end is what counts. */
static RunEnd run_feed(Run *run, const SendMail *mail, GError **error)
{
    LineEnds ends = {false};
    for (;;) {
        while (run->in >= 0 && run->sent == run->pending->len) {
            if (!run_refill(run, mail, &ends, error))
                return RUN_UNREADABLE;
        }
        gint64 left = run->deadline - g_get_monotonic_time();
        if (left <= 0)
            return RUN_TIMED_OUT;
        struct pollfd fds[] = {
            {run->exited, POLLIN, 0}, {run->out, POLLIN, 0}, {run->in, POLLOUT, 0}};
        if (poll(fds, G_N_ELEMENTS(fds), (int)(left / 1000) + 1) < 0 && errno != EINTR)
            return RUN_TIMED_OUT;
        if (fds[1].revents)
            run_listen(run);
        if (fds[0].revents && !fds[1].revents)
            return RUN_ENDED;
        if (fds[2].revents && !fds[0].revents)
            run_write(run);
    }
}

static SendResult judge(int status, const Run *run, char **ret_why)
{
    g_autofree char *said =
        g_strdelimit(g_strndup(run->said->str, run->said->len), "\r\n", ' ');
    if (WIFSIGNALED(status)) {
        *ret_why = transport_why("sendmail died of signal %d: %s", WTERMSIG(status), said);
        return SEND_LATER;
    }
    int code = WEXITSTATUS(status);
    if (code == 0 && run->whole)
        return SEND_SENT;
    if (code == 0) {
        *ret_why = transport_why("sendmail did not read the whole mail");
        return SEND_LATER;
    }
    *ret_why = transport_why("sendmail ended with status %d: %s", code, said);
    return code == EX_DATAERR || code == EX_NOUSER || code == EX_NOHOST ? SEND_NEVER
                                                                        : SEND_LATER;
}

static SendResult sendmail_send(Transport *transport, const SendMail *mail, char **ret_why)
{
    Sendmail *sendmail = (Sendmail *)transport;
    Run run = {.in = -1, .out = -1, .exited = -1};
    int failed = run_start(&run, sendmail, mail);
    if (failed) {
        run_clear(&run);
        *ret_why = transport_why("%s: %s", sendmail->path, g_strerror(failed));
        return SEND_DOWN;
    }
    g_autoptr(GError) error = NULL;
    RunEnd end = run_feed(&run, mail, &error);
    int status = run_end(&run, end != RUN_ENDED);
    SendResult result = SEND_LATER;
    if (end == RUN_ENDED)
        result = judge(status, &run, ret_why);
    else if (end == RUN_TIMED_OUT)
        *ret_why =
            transport_why("sendmail was stopped after %d seconds", transport->total_seconds);
    else
        *ret_why = transport_why("%s", error->message);
    run_clear(&run);
    return result;
}

static void sendmail_free(Transport *transport)
{
    Sendmail *sendmail = (Sendmail *)transport;
    g_free(sendmail->path);
    g_free(sendmail);
}

bool transport_sendmail(const Config *config, Transport **ret, GError **error)
{
    if (access(config->mail.path, X_OK) < 0) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "%s: [mail] transport: %s cannot be run: %s", config->file,
                    config->mail.path, g_strerror(errno));
        return false;
    }
    Sendmail *sendmail = g_new0(Sendmail, 1);
    sendmail->base.send = sendmail_send;
    sendmail->base.free = sendmail_free;
    sendmail->base.total_seconds = 300;
    sendmail->path = g_strdup(config->mail.path);
    *ret = &sendmail->base;
    return true;
}
