/* The desk's side of the parser: started, given mails, listened to, and always reaped.
 *
 * It believes nothing of an answer but what wire.c lets through, and waits for it no longer
 * than the deadline. Whatever goes wrong with a mail ends the parser, so that none ever answers
 * a second time to the same mail or late to another.
 *
 * CPU time is limited a process, not a mail: before each further mail the soft limit is moved
 * from here, so that the parser needs no call to move it, up to a hard one that it is retired
 * before.
 *
 * Not here: what the parser does (worker.c, parse.c), what it may do (confine.c), what its
 * answer may look like (wire.c), and the caps that keep ordinary bombs from it (scan.c). */
#include "core/mail/sandbox.h"

#include "core/base/error.h"
#include "core/mail/channel.h"
#include "core/mail/wire.h"
#include "core/mail/worker.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LIFE_MAILS = 500, /* memory that libraries do not give back stays little */
    LIFE_CPU_SECONDS = 30,
};

struct Sandbox {
    SandboxLimits limits;
    SandboxLife life;
    const SpamRule *spam;    /* borrowed; of a fork */
    const char *program;     /* borrowed; NULL: fork */
    const char *spam_header; /* borrowed; of a program */

    /* The parser. */
    pid_t child; /* 0: none */
    int channel; /* -1: none */
    int mails;   /* given to it so far */
    bool busy;   /* with one of them */

    /* The mail. */
    int fd; /* borrowed */
    guint64 size;
    gint64 deadline; /* g_get_monotonic_time */
};

/* --- one parser -------------------------------------------------------------------------- */

static ConfineLimits child_limits(const Sandbox *sandbox)
{
    gint64 seconds = sandbox->limits.cpu_seconds;
    bool lasting = sandbox->life == SANDBOX_LASTING;
    return (ConfineLimits){
        .memory_bytes = sandbox->limits.memory_bytes,
        .cpu_seconds = seconds,
        .cpu_seconds_ever = seconds + (lasting ? LIFE_CPU_SECONDS + 1 : 0),
    };
}

/* Forks a parser, which begins with the mail. */
static bool fork_child(Sandbox *sandbox, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_errno(error, errno, "making a socket for the parser");
    Worker worker = {
        .limits = child_limits(sandbox),
        .lasting = sandbox->life == SANDBOX_LASTING,
        .channel = ends[1],
        .parent = getpid(),
        .fd = sandbox->fd,
        .size = sandbox->size,
        .spam = sandbox->spam,
    };
    pid_t child = fork();
    if (child == 0)
        worker_run(&worker);
    int saved = errno;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return error_errno(error, saved, "starting the parser");
    }
    sandbox->child = child;
    sandbox->channel = ends[0];
    return true;
}

/* A program that is gone before it got its mail is known by its answer. */
static bool spawn_child(Sandbox *sandbox, GError **error)
{
    ConfineLimits limits = child_limits(sandbox);
    if (!worker_spawn(sandbox->program, &limits, sandbox->spam_header, &sandbox->child,
                      &sandbox->channel, error))
        return false;
    channel_send_mail(sandbox->channel, sandbox->fd, sandbox->size);
    return true;
}

static bool start_child(Sandbox *sandbox, GError **error)
{
    bool started = sandbox->program ? spawn_child(sandbox, error) : fork_child(sandbox, error);
    sandbox->mails = 1;
    sandbox->busy = started;
    return started;
}

/* Waits for the child until the deadline, then kills it. *ret_status: as waitpid; -1 when
 * somebody else reaped it. */
static void reap_child(Sandbox *sandbox, bool kill_now, int *ret_status)
{
    pid_t done = 0;
    *ret_status = -1;
    while (!kill_now && done == 0) {
        done = waitpid(sandbox->child, ret_status, WNOHANG);
        if (done < 0 && errno == EINTR)
            done = 0;
        if (done == 0) {
            g_usleep(200);
            kill_now = g_get_monotonic_time() >= sandbox->deadline;
        }
    }
    if (done == 0) {
        kill(sandbox->child, SIGKILL);
        do
            done = waitpid(sandbox->child, ret_status, 0);
        while (done < 0 && errno == EINTR);
    }
    if (done < 0)
        *ret_status = -1;
    sandbox->child = 0;
    close(sandbox->channel);
    sandbox->channel = -1;
}

static void end_child(Sandbox *sandbox)
{
    int status;
    if (sandbox->child != 0)
        reap_child(sandbox, true, &status);
}

/* Whole seconds of CPU time that the parser has begun; -1 if it is gone. */
static gint64 seconds_used(const Sandbox *sandbox)
{
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(sandbox->child, &clock) != 0 || clock_gettime(clock, &used) != 0)
        return -1;
    return (gint64)used.tv_sec + 1;
}

/* May the parser at hand have one more mail? Then it gets CPU time for it. */
static bool renew_child(const Sandbox *sandbox)
{
    if (sandbox->child == 0 || sandbox->busy || sandbox->life == SANDBOX_ONCE ||
        sandbox->mails >= LIFE_MAILS)
        return false;
    gint64 used = seconds_used(sandbox);
    struct rlimit limit;
    if (used < 0 || used > LIFE_CPU_SECONDS ||
        prlimit(sandbox->child, RLIMIT_CPU, NULL, &limit) != 0)
        return false;
    limit.rlim_cur = MIN((rlim_t)(used + sandbox->limits.cpu_seconds), limit.rlim_max);
    return prlimit(sandbox->child, RLIMIT_CPU, &limit, NULL) == 0;
}

static bool give_mail(Sandbox *sandbox, GError **error)
{
    sandbox->deadline =
        g_get_monotonic_time() + 2 * sandbox->limits.cpu_seconds * G_USEC_PER_SEC;
    if (renew_child(sandbox) &&
        channel_send_mail(sandbox->channel, sandbox->fd, sandbox->size)) {
        sandbox->mails++;
        sandbox->busy = true;
        return true;
    }
    end_child(sandbox);
    return start_child(sandbox, error);
}

/* --- one answer -------------------------------------------------------------------------- */

/* Why there is no answer, in words for the ledger. */
static char *explain_end(const Sandbox *sandbox, AnswerEnd end, int status, const char *unsound)
{
    int killer = status != -1 && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    if (end == ANSWER_LATE)
        return g_strdup_printf("the parser took longer than %" G_GINT64_FORMAT " s",
                               2 * sandbox->limits.cpu_seconds);
    if (end == ANSWER_TOO_LARGE)
        return g_strdup_printf("the parser's answer was larger than %d MB",
                               WIRE_MAX_BYTES / (1024 * 1024));
    if (killer == SIGXCPU)
        return g_strdup_printf("the parser used more than %" G_GINT64_FORMAT " s of CPU time",
                               sandbox->limits.cpu_seconds);
    if (killer == SIGSYS)
        return g_strdup("the parser tried a system call that is forbidden to it");
    if (killer != 0)
        return g_strdup_printf("the parser was killed by signal %d", killer);
    if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) != 0)
        return g_strdup_printf("the parser ended with status %d", WEXITSTATUS(status));
    return g_strdup_printf("the parser's answer was refused: %s", unsound);
}

/* One answer. *ret_mail NULL: there is none for *ret_why. False: not the mail's fault. */
static bool collect_answer(Sandbox *sandbox, Mail **ret_mail, char **ret_why, GError **error)
{
    g_autoptr(GByteArray) answer = g_byte_array_new();
    g_autoptr(GError) unsound = NULL;
    int status;

    AnswerEnd end =
        channel_receive_answer(sandbox->channel, sandbox->deadline, WIRE_MAX_BYTES, answer);
    bool empty = answer->len == 0;
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&answer));
    if (end == ANSWER_WHOLE && wire_unpack(bytes, sandbox->size, ret_mail, &unsound)) {
        sandbox->busy = false;
        /* The kernel takes it apart while we go on; sandbox_free reaps it. */
        if (sandbox->life == SANDBOX_ONCE)
            kill(sandbox->child, SIGKILL);
        return true;
    }
    /* How it ended is worth waiting for only where it is ending by itself. */
    reap_child(sandbox, end != ANSWER_ENDED, &status);
    if (empty && status != -1 && WIFEXITED(status) &&
        WEXITSTATUS(status) == WORKER_EXIT_SETUP) {
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "the parser could not be limited");
        return false;
    }
    *ret_mail = NULL;
    *ret_why = explain_end(sandbox, end, status, unsound ? unsound->message : "incomplete");
    return true;
}

/* A copy of the outline, by the road that every Mail takes. Should the outline be unsound, the
 * mail is known by its bytes alone: that must not keep it from being stored. */
static Mail *outline_as_unparsed(const Scan *scan, const char *why)
{
    Mail *mail = NULL;
    g_autoptr(GBytes) bytes = wire_pack(scan->outline);
    if (!wire_unpack(bytes, scan->size, &mail, NULL))
        mail = mail_new();
    g_free(mail->unparsed);
    mail->unparsed = g_strdup(why);
    return mail;
}

/* --- all --------------------------------------------------------------------------------- */

SandboxLimits sandbox_limits(const Config *config)
{
    return (SandboxLimits){
        .memory_bytes = config->limits.parser_memory_bytes,
        .cpu_seconds = config->limits.parser_seconds,
    };
}

Sandbox *sandbox_new(const SandboxLimits *limits, const SpamRule *spam, SandboxLife life)
{
    Sandbox *sandbox = g_new0(Sandbox, 1);
    sandbox->limits = *limits;
    sandbox->spam = spam;
    sandbox->life = life;
    sandbox->channel = -1;
    return sandbox;
}

Sandbox *sandbox_new_apart(const SandboxLimits *limits, const char *program,
                           const char *spam_header)
{
    Sandbox *sandbox = sandbox_new(limits, NULL, SANDBOX_LASTING);
    sandbox->program = program;
    sandbox->spam_header = spam_header;
    return sandbox;
}

bool sandbox_start(Sandbox *sandbox, int fd, guint64 size, GError **error)
{
    sandbox->fd = fd;
    sandbox->size = size;
    return give_mail(sandbox, error);
}

bool sandbox_finish(Sandbox *sandbox, const Scan *scan, Mail **ret, GError **error)
{
    g_autoptr(Mail) mail = NULL;
    g_autofree char *why = NULL;
    if (scan->over) {
        end_child(sandbox);
        *ret = outline_as_unparsed(scan, scan->over);
        return true;
    }
    /* An answer that waits since long is not late because nobody asked for it. */
    sandbox->deadline = MAX(sandbox->deadline, g_get_monotonic_time() + G_USEC_PER_SEC);
    if (!collect_answer(sandbox, &mail, &why, error))
        return false;
    if (!mail) {
        g_clear_pointer(&why, g_free);
        if (!give_mail(sandbox, error) || !collect_answer(sandbox, &mail, &why, error))
            return false;
    }
    *ret = mail ? g_steal_pointer(&mail) : outline_as_unparsed(scan, why);
    return true;
}

void sandbox_free(Sandbox *sandbox)
{
    if (!sandbox)
        return;
    end_child(sandbox);
    g_free(sandbox);
}
