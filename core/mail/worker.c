/* From a fork of the caller to a parser that can do nothing else.
 *
 * Order: forget the caller (handlers, log, descriptors), limit resources, load what parsing
 * would load later (libraries' tables, the converters of charsets), lock, read mails. A fresh
 * parser for one mail loads the converters that this mail names; a lasting one all there are,
 * because it cannot know what comes.
 *
 * It has the mail, the channel and /dev/null; it never runs code of the caller again: no
 * handlers, no atexit, no locks of ours. A mail's descriptor is closed before its answer goes
 * out. */
#include "core/mail/worker.h"

#include "core/base/error.h"
#include "core/mail/channel.h"
#include "core/mail/charset.h"
#include "core/mail/labels.h"
#include "core/mail/parse.h"
#include "core/mail/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAIL_FD = 3, CHANNEL_FD = 4 };

/* The caller's log must not hold what the mail made the libraries say. */
static void say_nothing(const char *domain, GLogLevelFlags level, const char *message,
                        gpointer user)
{
}

/* Handlers and masks of the caller end with the fork; of the real-time signals we use none. */
static void forget_handlers(void)
{
    sigset_t none;
    for (int signum = 1; signum <= SIGSYS; signum++)
        signal(signum, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    g_log_set_default_handler(say_nothing, NULL);
}

/* 0 to 2 become /dev/null, then the mail (if there is one yet) and the channel; all others are
 * closed. */
static bool arrange_descriptors(int mail, int channel)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    /* Above the places they go to, so that no dup2 overwrites what is still needed. */
    int high_mail = fcntl(mail >= 0 ? mail : null, F_DUPFD_CLOEXEC, CHANNEL_FD + 1);
    int high_channel = fcntl(channel, F_DUPFD_CLOEXEC, CHANNEL_FD + 1);
    int high_null = fcntl(null, F_DUPFD_CLOEXEC, CHANNEL_FD + 1);
    if (null < 0 || high_mail < 0 || high_channel < 0 || high_null < 0)
        return false;
    for (int fd = 0; fd <= 2; fd++)
        if (dup2(high_null, fd) < 0)
            return false;
    if (dup2(high_mail, MAIL_FD) < 0 || dup2(high_channel, CHANNEL_FD) < 0)
        return false;
    if (close_range(CHANNEL_FD + 1, ~0u, 0) == 0)
        return true;
    for (int fd = CHANNEL_FD + 1, max = (int)sysconf(_SC_OPEN_MAX); fd < max; fd++)
        close(fd);
    return true;
}

static void open_converters(const Worker *worker)
{
    if (worker->lasting) {
        charset_open_all();
        return;
    }
    bool named = false;
    g_auto(Labels) labels = {0};
    labels_find(MAIL_FD, worker->size, &labels);
    if (labels.sealed) {
        charset_open_all();
        return;
    }
    for (guint i = 0; i < labels.names->len; i++)
        named |= charset_open(labels.names->pdata[i]);
    if (labels.foreign && !named)
        charset_open_guesses();
}

static bool answer_mail(const Worker *worker, int fd, guint64 size)
{
    g_autoptr(Mail) mail = parse_mail(fd, size, worker->spam);
    close(fd);
    g_autoptr(GBytes) answer = wire_pack(mail);
    return channel_send_answer(CHANNEL_FD, answer);
}

static void prepare(const Worker *worker)
{
    parse_prepare();
    open_converters(worker);
}

/* The signal comes when the thread ends that forked, which is the parent's only one. */
static bool follow_parent(const Worker *worker)
{
    return worker->parent == 0 ||
           (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == worker->parent);
}

void worker_run(const Worker *worker)
{
    forget_handlers();
    if (!follow_parent(worker) || !arrange_descriptors(worker->fd, worker->channel) ||
        !confine_limits(&worker->limits))
        _exit(WORKER_EXIT_SETUP);
    prepare(worker);
    if (!confine_lock())
        _exit(WORKER_EXIT_SETUP);

    int fd = MAIL_FD;
    guint64 size = worker->size;
    if (worker->fd < 0) {
        close(MAIL_FD);
        if (!channel_receive_mail(CHANNEL_FD, &fd, &size))
            _exit(0);
    }
    while (answer_mail(worker, fd, size) && worker->lasting &&
           channel_receive_mail(CHANNEL_FD, &fd, &size))
        ;
    _exit(0);
}

/* --- as a program of its own ------------------------------------------------------------- */

/* mailwicket-mda --parser MEMORY CPU CPU_EVER [SPAM_HEADER]; the channel is CHANNEL_FD. */
enum { ARG_MARK = 1, ARG_MEMORY, ARG_CPU, ARG_CPU_EVER, ARG_SPAM, ARGS_MAX };
#define MARK "--parser"

static bool spawn(const char *program, char *const *argv, int channel, pid_t *ret_pid,
                  GError **error)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, channel, CHANNEL_FD);
    int saved = posix_spawn(ret_pid, program, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return saved == 0 || error_errno(error, saved, "starting the parser");
}

bool worker_spawn(const char *program, const ConfineLimits *limits, const char *spam_header,
                  pid_t *ret_pid, int *ret_channel, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return error_errno(error, errno, "making a socket for the parser");
    g_autofree char *memory = g_strdup_printf("%" G_GINT64_FORMAT, limits->memory_bytes);
    g_autofree char *cpu = g_strdup_printf("%" G_GINT64_FORMAT, limits->cpu_seconds);
    g_autofree char *ever = g_strdup_printf("%" G_GINT64_FORMAT, limits->cpu_seconds_ever);
    char *argv[ARGS_MAX + 1] = {"mailwicket-mda",    MARK, memory, cpu, ever,
                                (char *)spam_header, NULL};
    bool done = spawn(program, argv, ends[1], ret_pid, error);
    close(ends[1]);
    if (done)
        *ret_channel = ends[0];
    else
        close(ends[0]);
    return done;
}

bool worker_is_meant(int argc, char *const *argv)
{
    return argc > ARG_MARK && strcmp(argv[ARG_MARK], MARK) == 0;
}

static gint64 number(const char *word)
{
    return g_ascii_strtoll(word, NULL, 10);
}

void worker_main(int argc, char *const *argv)
{
    g_autoptr(SpamRule) spam = NULL;
    Config config = {.mail = {.spam_header = argc > ARG_SPAM ? argv[ARG_SPAM] : NULL}};
    if (argc < ARG_SPAM || !spam_rule_new(&config, &spam, NULL))
        _exit(WORKER_EXIT_SETUP);
    Worker worker = {
        .limits = {.memory_bytes = number(argv[ARG_MEMORY]),
                   .cpu_seconds = number(argv[ARG_CPU]),
                   .cpu_seconds_ever = number(argv[ARG_CPU_EVER])},
        .lasting = true,
        .channel = CHANNEL_FD,
        .fd = -1,
        .spam = spam,
    };
    worker_run(&worker);
}
