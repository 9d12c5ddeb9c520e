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

#include "core/mail/channel.h"
#include "core/mail/charset.h"
#include "core/mail/labels.h"
#include "core/mail/parse.h"
#include "core/mail/wire.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
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

/* 0 to 2 become /dev/null, then the mail and the channel; all others are closed. */
static bool arrange_descriptors(int mail, int channel)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    /* Above the places they go to, so that no dup2 overwrites what is still needed. */
    int high_mail = fcntl(mail, F_DUPFD_CLOEXEC, CHANNEL_FD + 1);
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

void worker_run(const Worker *worker)
{
    forget_handlers();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != worker->parent ||
        !arrange_descriptors(worker->fd, worker->channel) || !confine_limits(&worker->limits))
        _exit(WORKER_EXIT_SETUP);
    prepare(worker);
    if (!confine_lock())
        _exit(WORKER_EXIT_SETUP);

    int fd = MAIL_FD;
    guint64 size = worker->size;
    while (answer_mail(worker, fd, size) && worker->lasting &&
           channel_receive_mail(CHANNEL_FD, &fd, &size))
        ;
    _exit(0);
}
