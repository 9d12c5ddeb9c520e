/* Lending sandboxes.
 *
 * The one that came back last is lent first, so that an even trickle of mail is read by one
 * process. There may be many more than processors: a mail that keeps its parser busy to the
 * limit must not stand in the way of others. What has been idle for a while is ended. */
#include "mda/parsers.h"

#include "core/base/error.h"
#include "core/mail/sandbox.h"

#define PARSERS_MAX 16
#define WAIT_SECONDS 30
#define IDLE_SECONDS 60
/* This very program, even after an update has put another file in its place. */
#define SELF "/proc/self/exe"

typedef struct {
    Sandbox *sandbox;
    gint64 since; /* idle; monotonic */
} Idle;

struct Parsers {
    const Config *config; /* borrowed */
    ScanCaps caps;
    SandboxLimits limits;
    GMutex mutex;
    GCond returned;
    GArray *idle; /* Idle, the last to come back last */
    guint made;
};

Parsers *parsers_new(const Config *config)
{
    Parsers *parsers = g_new0(Parsers, 1);
    parsers->config = config;
    parsers->caps = scan_caps(config);
    parsers->limits = sandbox_limits(config);
    g_mutex_init(&parsers->mutex);
    g_cond_init(&parsers->returned);
    parsers->idle = g_array_new(FALSE, FALSE, sizeof(Idle));
    return parsers;
}

void parsers_free(Parsers *parsers)
{
    if (!parsers)
        return;
    g_assert(parsers->idle->len == parsers->made);
    for (guint i = 0; i < parsers->idle->len; i++)
        sandbox_free(g_array_index(parsers->idle, Idle, i).sandbox);
    g_array_unref(parsers->idle);
    g_mutex_clear(&parsers->mutex);
    g_cond_clear(&parsers->returned);
    g_free(parsers);
}

/* NULL: all are busy, and have been for WAIT_SECONDS. */
static Sandbox *borrow(Parsers *parsers)
{
    gint64 deadline = g_get_monotonic_time() + WAIT_SECONDS * G_USEC_PER_SEC;
    Sandbox *sandbox = NULL;
    bool late = false;
    g_mutex_lock(&parsers->mutex);
    while (!late && parsers->idle->len == 0 && parsers->made == PARSERS_MAX)
        late = !g_cond_wait_until(&parsers->returned, &parsers->mutex, deadline);
    if (parsers->idle->len > 0) {
        sandbox = g_array_index(parsers->idle, Idle, parsers->idle->len - 1).sandbox;
        g_array_set_size(parsers->idle, parsers->idle->len - 1);
    } else if (parsers->made < PARSERS_MAX) {
        parsers->made++;
        sandbox = sandbox_new_apart(&parsers->limits, SELF, parsers->config->mail.spam_header);
    }
    g_mutex_unlock(&parsers->mutex);
    return sandbox;
}

/* The one that has been idle longest, if it has been for too long; NULL otherwise. */
static Sandbox *take_stale(Parsers *parsers, gint64 now)
{
    if (parsers->idle->len == 0)
        return NULL;
    Idle oldest = g_array_index(parsers->idle, Idle, 0);
    if (now - oldest.since < IDLE_SECONDS * G_USEC_PER_SEC)
        return NULL;
    g_array_remove_index(parsers->idle, 0);
    parsers->made--;
    return oldest.sandbox;
}

static void give_back(Parsers *parsers, Sandbox *sandbox)
{
    Idle idle = {sandbox, g_get_monotonic_time()};
    g_mutex_lock(&parsers->mutex);
    Sandbox *stale = take_stale(parsers, idle.since);
    g_array_append_val(parsers->idle, idle);
    g_cond_signal(&parsers->returned);
    g_mutex_unlock(&parsers->mutex);
    sandbox_free(stale);
}

bool parsers_read(Parsers *parsers, int fd, guint64 size, Scan **ret_scan, Mail **ret_mail,
                  GError **error)
{
    g_autoptr(Scan) scan = NULL;
    Sandbox *sandbox = borrow(parsers);
    if (!sandbox) {
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "all %d parsers are busy",
                    PARSERS_MAX);
        return false;
    }
    bool done = sandbox_start(sandbox, fd, size, error) &&
                scan_mail(fd, size, &parsers->caps, &scan, error) &&
                sandbox_finish(sandbox, scan, ret_mail, error);
    give_back(parsers, sandbox);
    if (done)
        *ret_scan = g_steal_pointer(&scan);
    return done;
}
