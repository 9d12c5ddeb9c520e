/* The pace at which the search index is filled.
 *
 * Not here: what a step does (schema/search_fill.c). A step is a commit and so a sync; that is
 * why one message does not get one for itself. */
#include "notifier/indexing.h"

#include "schema/search.h"

#define GATHER_USEC G_USEC_PER_SEC
#define ENOUGH 200
/* At least; a step is followed by a pause of twice its time. */
#define PAUSE_USEC (10 * 1000)
#define REST_USEC (60 * G_USEC_PER_SEC)

static int milliseconds_until(gint64 due, gint64 now)
{
    return (int)MAX((due - now + 999) / 1000, 0);
}

/* What gathers is not waited for when it is enough; pauses after a step are not cut short. */
static void set_due(Indexing *indexing, gint64 waiting, gint64 now)
{
    if (indexing->due == 0)
        indexing->due = now + GATHER_USEC;
    if (waiting >= ENOUGH && !indexing->untidy && !indexing->resting)
        indexing->due = MIN(indexing->due, now + PAUSE_USEC);
}

static gint64 next_step(const Indexing *indexing, bool busy)
{
    return busy ? MAX(indexing->due, indexing->last + GATHER_USEC) : indexing->due;
}

static bool take_step(Indexing *indexing, Store *store, gint64 now, GError **error)
{
    SearchState state;
    if (!search_step(store, &state, error)) {
        indexing->due = now + REST_USEC;
        indexing->resting = true;
        return false;
    }
    gint64 end = g_get_monotonic_time();
    indexing->resting = false;
    indexing->last = end;
    indexing->untidy = state == SEARCH_BUSY;
    indexing->due = indexing->untidy ? end + MAX(2 * (end - now), PAUSE_USEC) : 0;
    return true;
}

bool indexing_turn(Indexing *indexing, Store *store, bool busy, int *ret_wait_ms,
                   GError **error)
{
    gint64 waiting, now = g_get_monotonic_time();
    *ret_wait_ms = -1;
    if (!search_waiting(store, &waiting, error))
        return false;
    if (waiting == 0 && !indexing->untidy) {
        *indexing = (Indexing){.last = indexing->last};
        return true;
    }
    set_due(indexing, waiting, now);
    if (now >= next_step(indexing, busy) && !take_step(indexing, store, now, error))
        return false;
    if (indexing->due)
        *ret_wait_ms = milliseconds_until(next_step(indexing, busy), g_get_monotonic_time());
    return true;
}

bool indexing_for(Store *store, gint64 usec, GError **error)
{
    gint64 until = g_get_monotonic_time() + usec;
    SearchState state = SEARCH_BUSY;
    while (state == SEARCH_BUSY && g_get_monotonic_time() < until)
        if (!search_step(store, &state, error))
            return false;
    return true;
}
