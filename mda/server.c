/* Doors, sessions, signals.
 *
 * The main thread accepts and heeds signals; each connection has a thread, which waits for its
 * mail to be committed anyway (writer.c). Signals are blocked before
 * the first thread starts and read from a descriptor.
 *
 * On failure: no thread or no descriptor for a connection is that connection's; nothing ends
 * the server but a signal. */
#include "mda/server.h"

#include "core/base/door.h"
#include "core/base/error.h"
#include "core/base/listen.h"
#include "core/base/owner.h"
#include "mda/session.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

/* Sessions that read a mail when the server stops may finish it for so long. */
#define GRACE_SECONDS 30

typedef struct {
    const char *config_file;
    SiteSlot sites;
    Sessions sessions;
    GPtrArray *doors; /* Listener *; the first is our own */
    int signals, stop;

    GMutex mutex;
    GCond ended;
    guint running; /* sessions */
} Server;

typedef struct {
    Server *server;
    int fd;
    bool own;
} Caller;

/* --- opening ----------------------------------------------------------------------------- */

static bool catch_signals(Server *server, GError **error)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    server->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    server->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return (server->signals >= 0 && server->stop >= 0) ||
           error_errno(error, errno, "signalfd or eventfd");
}

static bool open_own_door(Server *server, GError **error)
{
    Listener *own = NULL;
    g_autofree char *where =
        g_strdup_printf("unix:%s/" DOOR_NAME, server->sites.site->config->site.data_dir);
    g_autoptr(GError) why = NULL;
    if (listener_open(where, 0600, &own, &why)) {
        g_ptr_array_add(server->doors, own);
        return true;
    }
    g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "is another server running? %s",
                why->message);
    return false;
}

/* Whoever can connect can say what he likes about a sender, so the world must not. */
static bool check_doors(const Server *server, GError **error)
{
    for (guint i = 0; i < server->doors->len; i++) {
        const Listener *door = server->doors->pdata[i];
        if (door->loopback)
            continue;
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "%s can be reached from other machines; LMTP has no business there: use a "
                    "unix socket or 127.0.0.1",
                    door->name);
        return false;
    }
    return true;
}

static bool open_doors(Server *server, const char *where, GError **error)
{
    Listener *listener = NULL;
    if (!open_own_door(server, error))
        return false;
    const Listener *own = server->doors->pdata[0];
    if (where && strcmp(where, own->name) != 0) {
        if (!listener_open(where, 0660, &listener, error))
            return false;
        g_ptr_array_add(server->doors, listener);
    }
    return listeners_inherit(server->doors, error) && check_doors(server, error);
}

/* A socket and a spool file for each session, and a channel for each parser. */
static void raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool server_open(Server *server, const char *where, GError **error)
{
    server->doors = g_ptr_array_new_with_free_func((GDestroyNotify)listener_free);
    raise_descriptors();
    /* Threads that mostly wait need no heaps of their own. */
    mallopt(M_ARENA_MAX, 2);
    if (!catch_signals(server, error) ||
        !site_load(server->config_file, &server->sites.site, error) ||
        !owner_become(server->sites.site->config->site.data_dir, error) ||
        !open_doors(server, where, error))
        return false;
    server->sessions.sites = &server->sites;
    server->sessions.stop = server->stop;
    return writer_new(&server->sites, &server->sessions.writer, error);
}

static void server_clear(Server *server)
{
    g_clear_pointer(&server->sessions.writer, writer_free);
    g_clear_pointer(&server->doors, g_ptr_array_unref);
    g_clear_pointer(&server->sites.site, site_unref);
    if (server->signals >= 0)
        close(server->signals);
    if (server->stop >= 0)
        close(server->stop);
}

/* --- sessions ---------------------------------------------------------------------------- */

static gpointer serve(gpointer user)
{
    Caller caller = *(Caller *)user;
    g_free(user);
    session_run(&caller.server->sessions, caller.fd, caller.own);
    g_mutex_lock(&caller.server->mutex);
    caller.server->running--;
    g_cond_signal(&caller.server->ended);
    g_mutex_unlock(&caller.server->mutex);
    return NULL;
}

static bool may_serve(Server *server)
{
    g_autoptr(Site) site = site_present(&server->sites);
    guint most = (guint)site->config->limits.lmtp_connections;
    g_mutex_lock(&server->mutex);
    bool room = server->running < most;
    server->running += room;
    g_mutex_unlock(&server->mutex);
    return room;
}

static void start_session(Server *server, int fd, bool own)
{
    Caller *caller = g_new(Caller, 1);
    *caller = (Caller){server, fd, own};
    GThread *thread = g_thread_try_new("session", serve, caller, NULL);
    if (thread) {
        g_thread_unref(thread);
        return;
    }
    g_free(caller);
    session_refuse(fd);
    g_mutex_lock(&server->mutex);
    server->running--;
    g_mutex_unlock(&server->mutex);
}

static void accept_all(Server *server, const Listener *door, bool own)
{
    int fd;
    while ((fd = accept4(door->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        if (may_serve(server))
            start_session(server, fd, own);
        else
            session_refuse(fd);
    }
    /* Out of descriptors: the caller waits in the queue meanwhile. */
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
        g_usleep(G_USEC_PER_SEC / 10);
}

/* False: some are left after the grace, amid a mail that is still the other side's. One that
 * was taken is waited for, however long it takes. */
static bool wait_for_sessions(Server *server)
{
    gint64 grace = g_get_monotonic_time() + GRACE_SECONDS * G_USEC_PER_SEC, now;
    g_mutex_lock(&server->mutex);
    while ((now = g_get_monotonic_time()), server->running > 0) {
        if (now > grace && g_atomic_int_get(&server->sessions.promised) == 0)
            break;
        g_cond_wait_until(&server->ended, &server->mutex, now + G_USEC_PER_SEC / 10);
    }
    bool all = server->running == 0;
    g_mutex_unlock(&server->mutex);
    return all;
}

/* --- signals ----------------------------------------------------------------------------- */

static bool load_anew(const Server *server, Site **ret, GError **error)
{
    g_autoptr(Site) fresh = NULL;
    if (!site_load(server->config_file, &fresh, error))
        return false;
    if (strcmp(fresh->config->site.data_dir, server->sites.site->config->site.data_dir) != 0) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "data_dir changed: stop and start the server");
        return false;
    }
    *ret = g_steal_pointer(&fresh);
    return true;
}

static void reload(Server *server)
{
    Site *fresh = NULL;
    g_autoptr(GError) error = NULL;
    if (!load_anew(server, &fresh, &error)) {
        syslog(LOG_ERR, "the old configuration stays: %s", error->message);
        return;
    }
    site_replace(&server->sites, fresh);
    syslog(LOG_NOTICE, "configuration read anew");
}

/* True: it is time to stop. */
static bool heed_signals(Server *server)
{
    struct signalfd_siginfo info;
    bool stopping = false;
    while (read(server->signals, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(server);
        else
            stopping = true;
    }
    return stopping;
}

/* --- all --------------------------------------------------------------------------------- */

static void live(Server *server)
{
    guint n = server->doors->len;
    g_autofree struct pollfd *fds = g_new0(struct pollfd, n + 1);
    for (guint i = 0; i < n; i++)
        fds[i] = (struct pollfd){((Listener *)server->doors->pdata[i])->fd, POLLIN, 0};
    fds[n] = (struct pollfd){server->signals, POLLIN, 0};
    while (!heed_signals(server)) {
        if (poll(fds, n + 1, -1) < 0)
            continue;
        for (guint i = 0; i < n; i++)
            if (fds[i].revents)
                accept_all(server, server->doors->pdata[i], i == 0);
    }
}

/* No new callers; those who say nothing are sent away, those who wait for an answer get it. */
static bool stop(Server *server)
{
    guint64 one = 1;
    g_ptr_array_set_size(server->doors, 0);
    if (write(server->stop, &one, sizeof one) < 0)
        syslog(LOG_ERR, "eventfd: %s", g_strerror(errno));
    return wait_for_sessions(server);
}

bool lmtp_serve(const char *config_file, const char *where, GError **error)
{
    static Server server;
    server = (Server){.config_file = config_file, .signals = -1, .stop = -1};
    bool opened = server_open(&server, where, error);
    if (opened) {
        for (guint i = 0; i < server.doors->len; i++)
            syslog(LOG_NOTICE, "listening on %s", ((Listener *)server.doors->pdata[i])->name);
        live(&server);
        syslog(LOG_NOTICE, "stopping");
    }
    /* What sessions still use is left to them: the process ends now. */
    if (!opened || stop(&server))
        server_clear(&server);
    else
        syslog(LOG_WARNING, "connections were cut amid a mail");
    return opened;
}
