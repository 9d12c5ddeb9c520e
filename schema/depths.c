/* Counts by the partial indexes of what waits, and from the latest row back of what has passed:
 * an index by time, kept for every mail, would be a price for nobody's need. */
#include "schema/depths.h"

#include "schema/search.h"
#include "schema/sqlite.h"

#define DAY_SECONDS 86400
/* So many older rows one after another end the day: a few may be of a clock that was wrong. */
#define OLDER_ROWS 100
/* Nearly always one of these was sent. */
#define LATEST_MAILS 1000

static bool read_outbox(Store *store, gint64 now, Depths *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*), count(CASE WHEN next <= ?1 THEN 1 END), min(next) "
                           "FROM outbox WHERE state = 'waiting'");
    query_bind_int(&query, now);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    ret->waiting = query_read_int(&query);
    ret->due = query_read_int(&query);
    ret->since = ret->due ? query_read_int(&query) : 0;
    return true;
}

static bool read_held(Store *store, Depths *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*) FROM message WHERE visibility = 2");
    return query_int(&query, &ret->held, error);
}

/* --- the last day ------------------------------------------------------------------------ */

typedef struct {
    gint64 last;         /* when the latest row is of; 0: there is none */
    gint64 rows, marked; /* of the day */
} Day;

/* `sql` yields when a row is of and whether it is marked, the latest row first. */
static bool read_day(Store *store, const char *sql, gint64 now, Day *ret, GError **error)
{
    g_auto(Query) query = query_start(store, sql);
    query_bind_int(&query, DEPTHS_RECENT);
    *ret = (Day){0};
    for (int older = 0; older < OLDER_ROWS;) {
        bool row;
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            break;
        gint64 at = query_read_int(&query), mark = query_read_int(&query);
        bool within = at > now - DAY_SECONDS;
        ret->last = ret->last ? ret->last : at;
        ret->rows += within;
        ret->marked += within && mark;
        older = within ? 0 : older + 1;
    }
    return true;
}

static bool read_ledger(Store *store, gint64 now, Depths *ret, GError **error)
{
    Day day;
    if (!read_day(store,
                  "SELECT at, verdict = 'unparsed' FROM ledger ORDER BY id DESC LIMIT ?1", now,
                  &day, error))
        return false;
    ret->last_in = day.last;
    ret->deliveries = day.rows;
    ret->unparsed = day.marked;
    return true;
}

/* Not from the outbox: a mail is given up days after it was written, far from the latest row.
 */
static bool read_dead(Store *store, gint64 now, Depths *ret, GError **error)
{
    Day day;
    if (!read_day(store,
                  "SELECT at, what = 'delivery-failed' FROM event ORDER BY id DESC LIMIT ?1",
                  now, &day, error))
        return false;
    ret->dead = day.marked;
    return true;
}

static bool read_sent(Store *store, gint64 mails, gint64 *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT max(CASE WHEN state = 'sent' THEN done END) "
                           "FROM (SELECT state, done FROM outbox ORDER BY id DESC LIMIT ?1)");
    query_bind_int(&query, mails);
    return query_int(&query, ret, error);
}

static bool read_last_out(Store *store, Depths *ret, GError **error)
{
    return read_sent(store, LATEST_MAILS, &ret->last_out, error) &&
           (ret->last_out || read_sent(store, DEPTHS_RECENT, &ret->last_out, error));
}

bool depths_read(Store *store, gint64 now, Depths *ret, GError **error)
{
    *ret = (Depths){0};
    return read_outbox(store, now, ret, error) && read_held(store, ret, error) &&
           read_ledger(store, now, ret, error) && read_dead(store, now, ret, error) &&
           read_last_out(store, ret, error) && search_waiting(store, &ret->unindexed, error);
}
