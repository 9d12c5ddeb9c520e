/* Counts by the partial indexes of what waits, and by a look at the latest rows of what has
 * passed: an index by time, kept for every mail, would be a price for nobody's need. */
#include "schema/depths.h"

#include "schema/sqlite.h"

#define DAY_SECONDS 86400

static bool read_outbox(Store *store, gint64 now, Depths *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*), count(CASE WHEN next <= ?1 THEN 1 END), min(next) "
                           "FROM outbox WHERE state = 'waiting'");
    query_bind_int(&query, now);
    bool row;
    if (!query_step(&query, &row, error) || !row)
        return row;
    ret->waiting = query_read_int(&query);
    ret->due = query_read_int(&query);
    ret->since = ret->due ? query_read_int(&query) : 0;
    return true;
}

static bool read_sent(Store *store, gint64 now, Depths *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(CASE WHEN state = 'dead' AND done >= ?1 THEN 1 END), "
                           "max(CASE WHEN state = 'sent' THEN done END) "
                           "FROM (SELECT state, done FROM outbox ORDER BY id DESC LIMIT ?2)");
    query_bind_int(&query, now - DAY_SECONDS);
    query_bind_int(&query, DEPTHS_RECENT);
    bool row;
    if (!query_step(&query, &row, error) || !row)
        return row;
    ret->dead = query_read_int(&query);
    ret->last_out = query_read_int(&query);
    return true;
}

static bool read_ledger(Store *store, gint64 now, Depths *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT max(at), count(CASE WHEN at >= ?1 THEN 1 END), "
                           "count(CASE WHEN at >= ?1 AND verdict = 'unparsed' THEN 1 END) "
                           "FROM (SELECT at, verdict FROM ledger ORDER BY id DESC LIMIT ?2)");
    query_bind_int(&query, now - DAY_SECONDS);
    query_bind_int(&query, DEPTHS_RECENT);
    bool row;
    if (!query_step(&query, &row, error) || !row)
        return row;
    ret->last_in = query_read_int(&query);
    ret->deliveries = query_read_int(&query);
    ret->unparsed = query_read_int(&query);
    return true;
}

static bool read_held(Store *store, Depths *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*) FROM message WHERE visibility = 2");
    return query_int(&query, &ret->held, error);
}

bool depths_read(Store *store, gint64 now, Depths *ret, GError **error)
{
    *ret = (Depths){0};
    return read_outbox(store, now, ret, error) && read_sent(store, now, ret, error) &&
           read_ledger(store, now, ret, error) && read_held(store, ret, error);
}
