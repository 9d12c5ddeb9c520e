/* The tags of tickets. */
#include "schema/sqlite.h"
#include "schema/tickets.h"

static gpointer read_tag(Query *query)
{
    return query_read_text(query);
}

bool tickets_tags(Store *store, gint64 ticket, GPtrArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT tag FROM ticket_tag WHERE ticket = ?1 ORDER BY tag");
    query_bind_int(&query, ticket);
    return query_list(&query, read_tag, g_free, ret, error);
}

bool tickets_tag(Store *store, gint64 ticket, const char *tag, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO ticket_tag (ticket, tag) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    query_bind_int(&query, ticket);
    query_bind_text(&query, tag);
    return query_run(&query, error);
}

bool tickets_untag(Store *store, gint64 ticket, const char *tag, GError **error)
{
    g_auto(Query) query =
        query_start(store, "DELETE FROM ticket_tag WHERE ticket = ?1 AND tag = ?2");
    query_bind_int(&query, ticket);
    query_bind_text(&query, tag);
    return query_run(&query, error);
}
