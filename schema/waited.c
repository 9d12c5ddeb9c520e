/* Tickets that wait for a moment, by the index ticket_until. */
#include "schema/sqlite.h"
#include "schema/tickets.h"

bool tickets_waited(Store *store, gint64 now, gint64 max, GArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT id FROM ticket WHERE until > 0 AND until <= ?1 "
                           "ORDER BY until LIMIT ?2");
    query_bind_int(&query, now);
    query_bind_int(&query, max);
    return query_ids(&query, ret, error);
}
