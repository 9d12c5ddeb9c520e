/* The parser's child: made, limited, listened to, and always reaped.
 *
 * The child gets two descriptors (the mail, a pipe), no environment it could use, no way to
 * make files or processes, little memory and little time; it answers with one packed Mail and
 * _exits. It never runs code of the caller again: no handlers, no atexit, no locks of ours.
 * The parent believes nothing of the answer but what wire.c lets through, and waits for it no
 * longer than the deadline.
 *
 * Not here: what the parser does (parse.c), what its answer may look like (wire.c), and the
 * caps that keep ordinary bombs from it (scan.c). Filters of system calls and paths belong into
 * confine(), after the limits. */
#include "core/mail/sandbox.h"

#include "core/base/error.h"
#include "core/mail/parse.h"
#include "core/mail/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

enum {
    MAIL_FD = 3,
    ANSWER_FD = 4,
    OPEN_FILES = 32,                /* the two, /dev/null, and the tables that iconv opens */
    STACK_BYTES = 64 * 1024 * 1024, /* the library recurses on address groups */
    EXIT_SETUP = 71,                /* the child could not limit itself: our fault */
};

struct Sandbox {
    int fd; /* borrowed */
    guint64 size;
    SandboxLimits limits;
    pid_t child;     /* 0: none */
    int answer;      /* reading end, -1: none */
    gint64 deadline; /* g_get_monotonic_time */
};

/* --- in the child ------------------------------------------------------------------------ */

/* The hard limit is set too, so that the child cannot raise it again. */
static bool set_limits(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return false;
    limit.rlim_max = MIN(hard, limit.rlim_max);
    limit.rlim_cur = MIN(soft, limit.rlim_max);
    return setrlimit(resource, &limit) == 0;
}

static bool set_limit(int resource, rlim_t most)
{
    return set_limits(resource, most, most);
}

/* The caller's log must not hold what the mail made the libraries say. */
static void say_nothing(const char *domain, GLogLevelFlags level, const char *message,
                        gpointer user)
{
}

/* Handlers and masks of the caller end with the fork. */
static void forget_handlers(void)
{
    sigset_t none;
    for (int signum = 1; signum < NSIG; signum++)
        signal(signum, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    g_log_set_default_handler(say_nothing, NULL);
}

/* 0 to 2 become /dev/null, then the mail and the answer; all others are closed. */
static bool arrange_descriptors(int mail, int answer)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    /* Above the places they go to, so that no dup2 overwrites what is still needed. */
    int high_mail = fcntl(mail, F_DUPFD_CLOEXEC, ANSWER_FD + 1);
    int high_answer = fcntl(answer, F_DUPFD_CLOEXEC, ANSWER_FD + 1);
    int high_null = fcntl(null, F_DUPFD_CLOEXEC, ANSWER_FD + 1);
    if (null < 0 || high_mail < 0 || high_answer < 0 || high_null < 0)
        return false;
    for (int fd = 0; fd <= 2; fd++)
        if (dup2(high_null, fd) < 0)
            return false;
    if (dup2(high_mail, MAIL_FD) < 0 || dup2(high_answer, ANSWER_FD) < 0)
        return false;
    if (close_range(ANSWER_FD + 1, ~0u, 0) == 0)
        return true;
    for (int fd = ANSWER_FD + 1, max = (int)sysconf(_SC_OPEN_MAX); fd < max; fd++)
        close(fd);
    return true;
}

/* Everything that takes power away from this process, for good. */
static bool confine(const SandboxLimits *limits)
{
    if (!UNDER_ASAN && !set_limit(RLIMIT_AS, (rlim_t)limits->memory_bytes))
        return false;
    /* SIGXCPU at the soft limit says what happened; SIGKILL comes a second later. */
    rlim_t seconds = (rlim_t)limits->cpu_seconds;
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           set_limits(RLIMIT_CPU, seconds, seconds + 1) &&
           set_limit(RLIMIT_STACK, STACK_BYTES) && set_limit(RLIMIT_FSIZE, 0) &&
           set_limit(RLIMIT_CORE, 0) && set_limit(RLIMIT_NOFILE, OPEN_FILES) &&
           set_limit(RLIMIT_NPROC, 0);
}

static void write_all(int fd, GBytes *bytes)
{
    gsize left;
    const char *p = g_bytes_get_data(bytes, &left);
    while (left > 0) {
        ssize_t n = write(fd, p, left);
        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            p += n;
            left -= (gsize)n;
        }
    }
}

static G_GNUC_NORETURN void run_child(const Sandbox *sandbox, int answer, pid_t parent)
{
    forget_handlers();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent ||
        !arrange_descriptors(sandbox->fd, answer) || !confine(&sandbox->limits))
        _exit(EXIT_SETUP);
    Mail *mail = parse_mail(MAIL_FD, sandbox->size);
    write_all(ANSWER_FD, wire_pack(mail));
    _exit(0);
}

/* --- in the parent ----------------------------------------------------------------------- */

static bool start_child(Sandbox *sandbox, GError **error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_errno(error, errno, "making a pipe for the parser");
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0)
        run_child(sandbox, ends[1], parent);
    int saved = errno;
    close(ends[1]);
    if (child < 0) {
        close(ends[0]);
        return error_errno(error, saved, "starting the parser");
    }
    sandbox->child = child;
    sandbox->answer = ends[0];
    sandbox->deadline =
        g_get_monotonic_time() + 2 * sandbox->limits.cpu_seconds * G_USEC_PER_SEC;
    return true;
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
    close(sandbox->answer);
    sandbox->answer = -1;
}

typedef enum { ANSWER_WHOLE, ANSWER_LATE, ANSWER_TOO_LARGE } AnswerEnd;

/* Reads to the end of the answer, at most one byte more than it may have. */
static AnswerEnd read_answer(const Sandbox *sandbox, GByteArray *answer)
{
    g_autofree guint8 *block = g_malloc(64 * 1024);
    while (answer->len <= WIRE_MAX_BYTES) {
        gint64 left = sandbox->deadline - g_get_monotonic_time();
        struct pollfd poller = {.fd = sandbox->answer, .events = POLLIN};
        if (left <= 0)
            return ANSWER_LATE;
        if (poll(&poller, 1, (int)(left / 1000) + 1) <= 0)
            continue; /* EINTR, or the deadline, judged above */
        ssize_t n = read(sandbox->answer, block, 64 * 1024);
        if (n == 0)
            return ANSWER_WHOLE;
        if (n > 0)
            g_byte_array_append(answer, block, (guint)n);
        else if (errno != EINTR)
            return ANSWER_WHOLE; /* what came is judged as it is */
    }
    return ANSWER_TOO_LARGE;
}

/* Why there is no answer, in words for the ledger. */
static char *explain_end(const Sandbox *sandbox, AnswerEnd end, int status, const char *unsound)
{
    if (end == ANSWER_LATE)
        return g_strdup_printf("the parser took longer than %" G_GINT64_FORMAT " s",
                               2 * sandbox->limits.cpu_seconds);
    if (end == ANSWER_TOO_LARGE)
        return g_strdup_printf("the parser's answer was larger than %d MB",
                               WIRE_MAX_BYTES / (1024 * 1024));
    if (status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        return g_strdup_printf("the parser used more than %" G_GINT64_FORMAT " s of CPU time",
                               sandbox->limits.cpu_seconds);
    if (status != -1 && WIFSIGNALED(status))
        return g_strdup_printf("the parser was killed by signal %d", WTERMSIG(status));
    if (status != -1 && WEXITSTATUS(status) != 0)
        return g_strdup_printf("the parser ended with status %d", WEXITSTATUS(status));
    return g_strdup_printf("the parser's answer was refused: %s", unsound);
}

/* One child's life. *ret_mail NULL: it failed for *ret_why. False: not the mail's fault. */
static bool collect_answer(Sandbox *sandbox, Mail **ret_mail, char **ret_why, GError **error)
{
    g_autoptr(GByteArray) answer = g_byte_array_new();
    g_autoptr(GError) unsound = NULL;
    int status;

    AnswerEnd end = read_answer(sandbox, answer);
    bool empty = answer->len == 0;
    g_autoptr(GBytes) bytes = g_byte_array_free_to_bytes(g_steal_pointer(&answer));
    bool sound = end == ANSWER_WHOLE && wire_unpack(bytes, sandbox->size, ret_mail, &unsound);
    /* How it ended matters only if it said nothing. */
    reap_child(sandbox, sound || end != ANSWER_WHOLE, &status);
    if (sound)
        return true;
    if (empty && status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SETUP) {
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "the parser could not be limited");
        return false;
    }
    *ret_mail = NULL;
    *ret_why = explain_end(sandbox, end, status, unsound ? unsound->message : "");
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

SandboxLimits sandbox_limits(const Config *config)
{
    return (SandboxLimits){
        .memory_bytes = config->limits.parser_memory_bytes,
        .cpu_seconds = config->limits.parser_seconds,
    };
}

bool sandbox_start(int fd, guint64 size, const SandboxLimits *limits, Sandbox **ret,
                   GError **error)
{
    g_autoptr(Sandbox) sandbox = g_new0(Sandbox, 1);
    sandbox->fd = fd;
    sandbox->size = size;
    sandbox->limits = *limits;
    sandbox->answer = -1;
    if (!start_child(sandbox, error))
        return false;
    *ret = g_steal_pointer(&sandbox);
    return true;
}

bool sandbox_finish(Sandbox *borrowed, const Scan *scan, Mail **ret, GError **error)
{
    g_autoptr(Sandbox) sandbox = borrowed;
    g_autoptr(Mail) mail = NULL;
    g_autofree char *why = NULL;
    if (scan->over) {
        *ret = outline_as_unparsed(scan, scan->over);
        return true;
    }
    /* An answer that waits since long is not late because nobody asked for it. */
    sandbox->deadline = MAX(sandbox->deadline, g_get_monotonic_time() + G_USEC_PER_SEC);
    if (!collect_answer(sandbox, &mail, &why, error))
        return false;
    if (!mail) {
        g_clear_pointer(&why, g_free);
        if (!start_child(sandbox, error) || !collect_answer(sandbox, &mail, &why, error))
            return false;
    }
    *ret = mail ? g_steal_pointer(&mail) : outline_as_unparsed(scan, why);
    return true;
}

void sandbox_free(Sandbox *sandbox)
{
    int status;
    if (!sandbox)
        return;
    if (sandbox->child != 0)
        reap_child(sandbox, true, &status);
    g_free(sandbox);
}
