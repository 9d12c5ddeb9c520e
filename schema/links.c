/* Page links. The store never sees what stands in the address bar, so a stolen copy of the
 * database opens no page. */
#include "schema/links.h"

#include "schema/sqlite.h"

bool links_add(Store *store, const guint8 *hash, gint64 ticket, gint64 person, gint64 epoch,
               gint64 expires, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO link (hash, ticket, person, epoch, expires) "
                           "VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hash) DO UPDATE "
                           "SET expires = excluded.expires WHERE expires <> excluded.expires");
    query_bind_bytes(&query, hash, 32);
    query_bind_int(&query, ticket);
    query_bind_int(&query, person);
    query_bind_int(&query, epoch);
    query_bind_int(&query, expires);
    return query_run(&query, error);
}

bool links_find(Store *store, const guint8 *hash, gint64 now, gint64 *ret_ticket,
                gint64 *ret_person, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT l.ticket, l.person FROM link l "
                           "JOIN person p ON p.id = l.person AND p.epoch = l.epoch "
                           "WHERE l.hash = ?1 AND (l.expires = 0 OR l.expires > ?2)");
    query_bind_bytes(&query, hash, 32);
    query_bind_int(&query, now);
    bool row;
    if (!query_step(&query, &row, error) || !row)
        return false;
    *ret_ticket = query_read_int(&query);
    *ret_person = query_read_int(&query);
    return true;
}
