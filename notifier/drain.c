/* From outbox rows to sent mails, a batch at a time.
 *
 * The bytes of all mails of a batch are stored before the first is sent, so that a later try is
 * the same bytes; the results are recorded before the next batch is taken, so that a crash can
 * send twice only what was in one batch. Not here: what is done to a batch (batch.h), the ways
 * out (transport.h), when to try again (backoff.h).
 *
 * A transport that is down is left alone for a while, so that one dead server costs a thousand
 * rows no tries and they leave as soon as it is back. If mails were sent but the store does not
 * take that fact, nothing else is sent until it does. A batch that takes long, because a peer
 * stalls, is recorded as it goes: what was sent must not wait for what was not. */
#include "notifier/drain.h"

#include "core/base/timestamp.h"
#include "notifier/backoff.h"
#include "notifier/batch.h"

#define BATCH_ROWS 64
/* How long a result may wait for those of the same batch. */
#define RECORD_USEC G_USEC_PER_SEC

struct Drain {
    Batch *batch; /* in hand, or with results that the store did not take; NULL: none */
    bool down;    /* it has shown that the transport is */
    int downs;    /* how often in a row that was so */
    gint64 down_until_usec; /* monotonic */
};

/* A batch that is being sent. */
typedef struct {
    Drain *drain;
    const Setup *setup;
    SendGoOn go_on;
    void *user;
    gint64 since; /* when there was first something to record; 0: nothing is */
    bool failed;  /* the store did not take it */
} Sending;

Drain *drain_new(void)
{
    return g_new0(Drain, 1);
}

void drain_free(Drain *drain)
{
    if (!drain)
        return;
    g_clear_pointer(&drain->batch, batch_free);
    g_free(drain);
}

void drain_resume(Drain *drain)
{
    drain->downs = 0;
    drain->down_until_usec = 0;
}

/* --- recording --------------------------------------------------------------------------- */

static guint count(const Batch *batch, bool (*is)(SendResult result))
{
    guint n = 0;
    for (guint i = 0; i < batch->items->len; i++)
        n += is(((const BatchItem *)batch->items->pdata[i])->mail.result);
    return n;
}

static bool is_handled(SendResult result)
{
    return result != SEND_UNTRIED;
}

static bool is_down(SendResult result)
{
    return result == SEND_DOWN;
}

/* Mails that went through, or were judged by the other side, prove that there is a way out. */
static void mind_transport(Drain *drain)
{
    if (drain->down)
        return;
    if (count(drain->batch, is_handled) > count(drain->batch, is_down))
        drain_resume(drain);
    if (count(drain->batch, is_down) == 0)
        return;
    drain->down = true;
    drain->downs++;
    drain->down_until_usec = g_get_monotonic_time() +
                             backoff_pause(drain->downs, g_random_double()) * G_USEC_PER_SEC;
}

static gint64 pause_seconds(const Drain *drain)
{
    gint64 pause = drain->down_until_usec - g_get_monotonic_time();
    return pause > 0 ? pause / G_USEC_PER_SEC + 1 : 0;
}

static bool record(Drain *drain, const Setup *setup, GError **error)
{
    mind_transport(drain);
    return batch_record(drain->batch, setup->desk, pause_seconds(drain), error);
}

/* SendGoOn */
static bool go_on(void *user)
{
    Sending *sending = user;
    gint64 now = g_get_monotonic_time();
    if (batch_unrecorded(sending->drain->batch) == 0) {
        sending->since = 0;
    } else if (sending->since == 0) {
        sending->since = now;
    } else if (now - sending->since >= RECORD_USEC) {
        sending->since = 0;
        sending->failed = !record(sending->drain, sending->setup, NULL);
    }
    return !sending->failed && sending->go_on(sending->user);
}

/* --- the step ---------------------------------------------------------------------------- */

/* The batch ends when all its results are recorded. */
static bool finish(Drain *drain, const Setup *setup, GError **error)
{
    if (!record(drain, setup, error))
        return false;
    g_clear_pointer(&drain->batch, batch_free);
    return true;
}

/* *ret_next as in DrainStep. */
static bool take(Drain *drain, const Setup *setup, gint64 *ret_next, GError **error)
{
    gint64 now = now_utc(), next;
    if (!batch_take(setup->desk->store, now, BATCH_ROWS, &drain->batch, &next, error))
        return false;
    drain->down = false;
    *ret_next = next ? MAX(next - now, 0) : -1;
    return true;
}

static bool handle(Drain *drain, const Setup *setup, SendGoOn may_go_on, void *user,
                   DrainStep *ret, GError **error)
{
    Sending sending = {drain, setup, may_go_on, user, 0, false};
    if (!batch_write(drain->batch, setup, error)) {
        g_clear_pointer(&drain->batch, batch_free);
        return false;
    }
    batch_send(drain->batch, setup, go_on, &sending);
    *ret = (DrainStep){.state = count(drain->batch, is_down) ? DRAIN_DOWN : DRAIN_DONE,
                       .mails = count(drain->batch, is_handled)};
    return finish(drain, setup, error);
}

bool drain_step(Drain *drain, const Setup *setup, SendGoOn may_go_on, void *user,
                DrainStep *ret, GError **error)
{
    *ret = (DrainStep){.state = DRAIN_IDLE, .next = pause_seconds(drain)};
    if (drain->batch && !finish(drain, setup, error))
        return false;
    if (ret->next > 0)
        return true;
    if (!take(drain, setup, &ret->next, error))
        return false;
    if (drain->batch->items->len > 0)
        return handle(drain, setup, may_go_on, user, ret, error);
    g_clear_pointer(&drain->batch, batch_free);
    return true;
}
