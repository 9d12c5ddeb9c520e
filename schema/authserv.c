/* Which servers signed Authentication-Results lately, for `mailwicket doctor`. */
#include "schema/ledger.h"
#include "schema/sqlite.h"

bool authserv_saw(Store *store, const char *server, gint64 at, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO authserv_seen (server, last) VALUES (?1, ?2) "
               "ON CONFLICT (server) DO UPDATE SET last = max(last, excluded.last)");
    query_bind_text(&query, server);
    query_bind_int(&query, at);
    return query_run(&query, error);
}

static bool latest_other(Store *store, const char *server, char **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store,
        "SELECT server FROM authserv_seen WHERE server <> ?1 ORDER BY last DESC LIMIT 1");
    query_bind_text(&query, server);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    *ret = row ? query_read_text(&query) : NULL;
    return true;
}

bool authserv_last(Store *store, const char *server, gint64 *ret, char **ret_other,
                   GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT last FROM authserv_seen WHERE server = ?1");
    query_bind_text(&query, server);
    gint64 last;
    if (!query_int(&query, &last, error) || !latest_other(store, server, ret_other, error))
        return false;
    *ret = last;
    return true;
}
