/* Events: every change of a ticket. Written once, never changed. */
#include "schema/sqlite.h"
#include "schema/tickets.h"

#define SELECT                                                                                 \
    "SELECT e.id, e.ticket, e.at, e.actor, p.name, e.what, e.old, e.new "                      \
    "FROM event e LEFT JOIN person p ON p.id = e.actor "

void event_free(Event *event)
{
    if (!event)
        return;
    g_free(event->actor_name);
    g_free(event->what);
    g_free(event->old);
    g_free(event->new);
    g_free(event);
}

static gpointer read_event(Query *query)
{
    Event *event = g_new0(Event, 1);
    event->id = query_read_int(query);
    event->ticket = query_read_int(query);
    event->at = query_read_int(query);
    event->actor = query_read_int(query);
    event->actor_name = query_read_text(query);
    event->what = query_read_text(query);
    event->old = query_read_text(query);
    event->new = query_read_text(query);
    return event;
}

bool events_add(Store *store, const Event *event, gint64 *ret_id, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO event (ticket, at, actor, what, old, new) "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    query_bind_int(&query, event->ticket);
    query_bind_int(&query, event->at);
    query_bind_id(&query, event->actor);
    query_bind_text(&query, event->what);
    query_bind_text(&query, event->old);
    query_bind_text(&query, event->new);
    return query_insert(&query, ret_id, error);
}

bool events_by_id(Store *store, gint64 id, Event **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE e.id = ?1");
    query_bind_int(&query, id);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    *ret = row ? read_event(&query) : NULL;
    return true;
}

bool events_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE e.ticket = ?1 ORDER BY e.id");
    query_bind_int(&query, ticket);
    return query_list(&query, read_event, (GDestroyNotify)event_free, ret, error);
}
