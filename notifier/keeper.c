/* The loop: wake up, send, checkpoint, fill the search index, wait.
 *
 * It wakes at the datagram that follows a commit, when the next mail is due, and every few
 * seconds whatever happens, for datagrams may get lost. Signals arrive through a descriptor, so
 * that none can fall between looking and waiting; mails in hand are never interrupted, but no
 * other is begun.
 *
 * After the start no failure ends the loop: what goes wrong is logged once and tried again. A
 * new configuration that is broken changes nothing. */
#include "notifier/keeper.h"

#include "core/base/timestamp.h"
#include "core/desk/clock.h"

#include "core/base/error.h"
#include "core/base/lock.h"
#include "core/base/wake.h"
#include "notifier/drain.h"
#include "notifier/indexing.h"
#include "notifier/journal.h"
#include "notifier/setup.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define POLL_SECONDS 5
/* With `once`; what a running notifier would do in the background must not take long then. */
#define INDEX_ONCE_USEC (2 * G_USEC_PER_SEC)
#define WAL_BYTES (16 * 1024 * 1024)
/* A long queue must not put off the checkpoint that an idle moment would bring. */
#define CHECKPOINT_MAILS 200
/* `mailwicket doctor` holds the lock for an instant to see who has it. */
#define LOCK_PATIENCE_MS 1000

typedef struct {
    const char *config_file;
    bool once;
    Setup *setup;
    Drain *drain;
    FileLock *lock;
    int wake;    /* -1 with `once` */
    int signals; /* signalfd */
    bool stopping;
    Indexing indexing;
    guint mails;         /* since the last checkpoint */
    char *trouble;       /* what was last complained of; NULL: all is well */
    char *index_trouble; /* likewise, of the search index: it may have trouble of its own */
} Keeper;

static void keeper_clear(Keeper *keeper)
{
    if (keeper->wake >= 0)
        close(keeper->wake);
    if (keeper->signals >= 0)
        close(keeper->signals);
    g_clear_pointer(&keeper->drain, drain_free);
    g_clear_pointer(&keeper->setup, setup_close);
    g_clear_pointer(&keeper->lock, file_lock_free);
    g_clear_pointer(&keeper->trouble, g_free);
    g_clear_pointer(&keeper->index_trouble, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keeper, keeper_clear)

/* --- opening ----------------------------------------------------------------------------- */

static bool take_lock(Keeper *keeper, GError **error)
{
    g_autofree char *path =
        g_build_filename(keeper->setup->config->site.data_dir, "notifier.lock", NULL);
    if (!file_lock_open(path, &keeper->lock, error))
        return false;
    if (file_lock_take(keeper->lock, LOCK_PATIENCE_MS, NULL))
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT,
                "another notifier is running: it holds %s", path);
    return false;
}

static bool catch_signals(Keeper *keeper, GError **error)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    keeper->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return keeper->signals >= 0 || error_errno(error, errno, "signalfd");
}

static bool keeper_open(Keeper *keeper, GError **error)
{
    keeper->drain = drain_new();
    /* The signals first, for libraries start threads, which inherit what is blocked. */
    return catch_signals(keeper, error) &&
           setup_open(keeper->config_file, &keeper->setup, error) && take_lock(keeper, error) &&
           (keeper->once ||
            wake_listen(keeper->setup->config->site.data_dir, &keeper->wake, error));
}

/* --- signals ----------------------------------------------------------------------------- */

static bool open_anew(const Keeper *keeper, Setup **ret, GError **error)
{
    g_autoptr(Setup) fresh = NULL;
    if (!setup_open(keeper->config_file, &fresh, error))
        return false;
    const char *dir = keeper->setup->config->site.data_dir;
    if (strcmp(fresh->config->site.data_dir, dir) != 0) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "data_dir changed: stop and start the notifier");
        return false;
    }
    *ret = g_steal_pointer(&fresh);
    return true;
}

static void reload(Keeper *keeper)
{
    Setup *fresh = NULL;
    g_autoptr(GError) error = NULL;
    if (!open_anew(keeper, &fresh, &error)) {
        journal_warn("the old configuration stays: %s", error->message);
        return;
    }
    setup_close(keeper->setup);
    keeper->setup = fresh;
    drain_resume(keeper->drain);
    journal_note("configuration and templates read anew");
}

static void heed_signals(Keeper *keeper)
{
    struct signalfd_siginfo info;
    while (read(keeper->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(keeper);
        else
            keeper->stopping = true;
    }
}

/* SendGoOn: whatever a signal wants comes before more mails. */
static bool no_signal_waits(void *user)
{
    const Keeper *keeper = user;
    struct pollfd fd = {keeper->signals, POLLIN, 0};
    return poll(&fd, 1, 0) <= 0;
}

/* --- the loop ---------------------------------------------------------------------------- */

/* Said once, however often it happens. */
static void complain(char **trouble, const char *what, const GError *error)
{
    g_autofree char *now = g_strdup_printf("%s: %s", what, error->message);
    if (g_strcmp0(now, *trouble) != 0)
        journal_warn("%s", now);
    g_free(*trouble);
    *trouble = g_steal_pointer(&now);
}

static bool checkpoint(Keeper *keeper, GError **error)
{
    keeper->mails = 0;
    return store_checkpoint(keeper->setup->desk->store, WAL_BYTES, NULL, error);
}

/* What time brings goes out with the rest. */
static bool step(Keeper *keeper, DrainStep *ret, GError **error)
{
    if (!clock_tick(keeper->setup->desk, now_utc(), error) ||
        !drain_step(keeper->drain, keeper->setup, no_signal_waits, keeper, ret, error))
        return false;
    keeper->mails += ret->mails;
    return true;
}

/* Waits for a wake-up, a signal or the time; false if only time has passed. */
static bool wait_for_work(Keeper *keeper, gint64 milliseconds)
{
    struct pollfd fds[] = {{keeper->wake, POLLIN, 0}, {keeper->signals, POLLIN, 0}};
    if (poll(fds, G_N_ELEMENTS(fds), (int)milliseconds) <= 0)
        return false;
    if (fds[0].revents)
        wake_wait(keeper->wake, 0);
    return true;
}

static void tidy(Keeper *keeper)
{
    g_autoptr(GError) error = NULL;
    if (checkpoint(keeper, &error))
        g_clear_pointer(&keeper->trouble, g_free);
    else
        complain(&keeper->trouble, "checkpoint", error);
}

/* Milliseconds until the search index wants another turn; -1: nothing waits for it. */
static int index_some(Keeper *keeper, bool busy)
{
    g_autoptr(GError) error = NULL;
    int wait = -1;
    if (!indexing_turn(&keeper->indexing, keeper->setup->desk->store, busy, &wait, &error))
        complain(&keeper->index_trouble, "the search index", error);
    else if (!keeper->indexing.resting)
        g_clear_pointer(&keeper->index_trouble, g_free);
    return wait;
}

/* Connections are kept while there is something to do, the index's turns not counting. */
static void rest(Keeper *keeper, gint64 seconds, int index_ms)
{
    gint64 wait = seconds < 0 || seconds > POLL_SECONDS ? POLL_SECONDS : seconds;
    bool for_index = index_ms >= 0 && index_ms < wait * 1000;
    if (!wait_for_work(keeper, for_index ? index_ms : wait * 1000) && !for_index)
        transport_rest(keeper->setup->transport);
}

static void live(Keeper *keeper)
{
    while (heed_signals(keeper), !keeper->stopping) {
        g_autoptr(GError) error = NULL;
        DrainStep done;
        if (!step(keeper, &done, &error)) {
            complain(&keeper->trouble, "the outbox", error);
            wait_for_work(keeper, POLL_SECONDS * 1000);
            continue;
        }
        if (done.state == DRAIN_IDLE || keeper->mails >= CHECKPOINT_MAILS)
            tidy(keeper);
        int index_ms = index_some(keeper, done.state != DRAIN_IDLE);
        if (done.state == DRAIN_IDLE)
            rest(keeper, done.next, index_ms);
    }
}

/* All mail is sent by now, and an index that cannot be filled changes nothing about that. */
static void index_once(Keeper *keeper)
{
    g_autoptr(GError) error = NULL;
    if (!indexing_for(keeper->setup->desk->store, INDEX_ONCE_USEC, &error))
        journal_warn("the search index: %s", error->message);
}

static bool drain_all(Keeper *keeper, GError **error)
{
    while (heed_signals(keeper), !keeper->stopping) {
        DrainStep done;
        if (!step(keeper, &done, error))
            return false;
        if (done.state == DRAIN_DOWN) {
            g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT,
                        "no mail can be sent now: `mailwicket outbox list` says why");
            return false;
        }
        if (done.state == DRAIN_IDLE)
            break;
        if (keeper->mails >= CHECKPOINT_MAILS && !checkpoint(keeper, error))
            return false;
    }
    index_once(keeper);
    return checkpoint(keeper, error);
}

bool keeper_run(const char *config_file, bool once, GError **error)
{
    g_auto(Keeper)
        keeper = {.config_file = config_file, .once = once, .wake = -1, .signals = -1};
    if (!keeper_open(&keeper, error))
        return false;
    if (once)
        return drain_all(&keeper, error);
    journal_note("started");
    live(&keeper);
    journal_note("stopped");
    return true;
}
