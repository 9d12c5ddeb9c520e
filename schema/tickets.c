/* Tickets, their links and their assignees.
 *
 * Not here: participations.c, events.c; which change is allowed (core/desk/ticket.h). */
#include "schema/tickets.h"

#include "schema/sqlite.h"

#define SELECT                                                                                 \
    "SELECT t.id, t.queue, t.number, q.prefix, q.address, s.id, s.name, t.token, t.title, "    \
    "t.status, "                                                                               \
    "t.type, t.language, t.priority, t.requester, t.created, t.updated, "                      \
    "t.due, t.until, t.deleted, t.merged, t.rating, t.rating_comment "                         \
    "FROM ticket t JOIN queue q ON q.id = t.queue "                                            \
    "JOIN queue s ON s.id = CASE t.served WHEN 0 THEN t.queue ELSE t.served END "

void ticket_free(Ticket *ticket)
{
    if (!ticket)
        return;
    g_free(ticket->prefix);
    g_free(ticket->address);
    g_free(ticket->queue_name);
    g_free(ticket->token);
    g_free(ticket->title);
    g_free(ticket->status);
    g_free(ticket->type);
    g_free(ticket->language);
    g_free(ticket->rating_comment);
    g_free(ticket);
}

void ticket_swap(Ticket *one, Ticket *other)
{
    Ticket held = *one;
    *one = *other;
    *other = held;
}

static Ticket *read_ticket(Query *query)
{
    Ticket *ticket = g_new0(Ticket, 1);
    ticket->id = query_read_int(query);
    ticket->queue = query_read_int(query);
    ticket->number = query_read_int(query);
    ticket->prefix = query_read_text(query);
    ticket->address = query_read_text(query);
    ticket->served = query_read_int(query);
    ticket->queue_name = query_read_text(query);
    ticket->token = query_read_text(query);
    ticket->title = query_read_text(query);
    ticket->status = query_read_text(query);
    ticket->type = query_read_text(query);
    ticket->language = query_read_text(query);
    ticket->priority = (int)query_read_int(query);
    ticket->requester = query_read_int(query);
    ticket->created = query_read_int(query);
    ticket->updated = query_read_int(query);
    ticket->due = query_read_int(query);
    ticket->until = query_read_int(query);
    ticket->deleted = query_read_int(query);
    ticket->merged = query_read_int(query);
    ticket->rating = (int)query_read_int(query);
    ticket->rating_comment = query_read_text(query);
    return ticket;
}

static bool find(Query *query, Ticket **ret, GError **error)
{
    bool row;
    if (!query_step(query, &row, error))
        return false;
    *ret = row ? read_ticket(query) : NULL;
    return true;
}

bool tickets_by_id(Store *store, gint64 id, Ticket **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE t.id = ?1");
    query_bind_int(&query, id);
    return find(&query, ret, error);
}

bool tickets_by_number(Store *store, const char *prefix, gint64 number, Ticket **ret,
                       GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE q.prefix = ?1 AND t.number = ?2");
    query_bind_text(&query, prefix);
    query_bind_int(&query, number);
    return find(&query, ret, error);
}

/* Each list starts from the condition that leaves the fewest rows and has an index; the rest of
 * the filter follows. OPEN is the index's own condition, word for word. */
#define IDS                                                                                    \
    "SELECT t.id FROM ticket t JOIN queue q "                                                  \
    "ON q.id = CASE t.served WHEN 0 THEN t.queue ELSE t.served END WHERE "
#define OPEN "t.status NOT IN ('resolved', 'closed', 'cancelled') "
#define FILTER                                                                                 \
    "AND (?1 = '' OR t.status = ?1) AND (?2 = '' OR q.name = ?2) "                             \
    "AND (?3 = 0 OR EXISTS (SELECT 1 FROM assignee a WHERE a.ticket = t.id "                   \
    "AND a.person = ?3)) AND (?4 = 0 OR t.requester = ?4) AND (NOT ?5 OR " OPEN ") "           \
    "AND (t.deleted > 0) = ?7 ORDER BY t.updated DESC, t.id DESC LIMIT ?6"

static const char *list_sql(const TicketFilter *filter)
{
    if (filter->requester)
        return IDS "t.requester = ?4 " FILTER;
    if (filter->assignee)
        return IDS "t.id IN (SELECT ticket FROM assignee WHERE person = ?3) " FILTER;
    if (filter->deleted)
        return IDS "t.deleted > 0 " FILTER;
    if (filter->open_only)
        return IDS OPEN FILTER;
    return IDS "TRUE " FILTER;
}

/* The ids come first and the tickets one by one, so that whatever `each` does, a pager waiting
 * for a key for example, no snapshot stays open meanwhile. */
bool tickets_each(Store *store, const TicketFilter *filter, TicketEach each, void *user,
                  GError **error)
{
    g_autoptr(GArray) ids = NULL;
    {
        g_auto(Query) query = query_start(store, list_sql(filter));
        query_bind_text(&query, filter->status);
        query_bind_text(&query, filter->queue);
        query_bind_int(&query, filter->assignee);
        query_bind_int(&query, filter->requester);
        query_bind_int(&query, filter->open_only);
        query_bind_int(&query, filter->limit ? filter->limit : -1);
        query_bind_int(&query, filter->deleted);
        if (!query_ids(&query, &ids, error))
            return false;
    }
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(Ticket) ticket = NULL;
        if (!tickets_by_id(store, g_array_index(ids, gint64, i), &ticket, error))
            return false;
        if (ticket && !each(ticket, user, error))
            return false;
    }
    return true;
}

bool tickets_add(Store *store, const Ticket *ticket, gint64 *ret_id, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO ticket (queue, number, token, title, status, type, language, "
               "priority, requester, created, updated) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)");
    query_bind_int(&query, ticket->queue);
    query_bind_int(&query, ticket->number);
    query_bind_text(&query, ticket->token);
    query_bind_text(&query, ticket->title);
    query_bind_text(&query, ticket->status);
    query_bind_text(&query, ticket->type);
    query_bind_text(&query, ticket->language);
    query_bind_int(&query, ticket->priority);
    query_bind_int(&query, ticket->requester);
    query_bind_int(&query, ticket->created);
    return query_insert(&query, ret_id, error);
}

bool tickets_update(Store *store, const Ticket *ticket, GError **error)
{
    g_auto(Query) query = query_start(
        store, "UPDATE ticket SET status = ?1, priority = ?2, title = ?3, type = ?4, "
               "updated = ?5, served = CASE queue WHEN ?6 THEN 0 ELSE ?6 END, due = ?7, "
               "until = ?8, deleted = ?9, merged = ?10, rating = ?11, rating_comment = ?12, "
               "requester = ?13 WHERE id = ?14");
    query_bind_text(&query, ticket->status);
    query_bind_int(&query, ticket->priority);
    query_bind_text(&query, ticket->title);
    query_bind_text(&query, ticket->type);
    query_bind_int(&query, ticket->updated);
    query_bind_int(&query, ticket->served);
    query_bind_int(&query, ticket->due);
    query_bind_int(&query, ticket->until);
    query_bind_int(&query, ticket->deleted);
    query_bind_int(&query, ticket->merged);
    query_bind_int(&query, ticket->rating);
    query_bind_text(&query, ticket->rating_comment);
    query_bind_int(&query, ticket->requester);
    query_bind_int(&query, ticket->id);
    return query_run(&query, error);
}

/* A statement whose two values are ids and which yields nothing. */
static bool run_pair(Store *store, const char *sql, gint64 first, gint64 second, GError **error)
{
    g_auto(Query) query = query_start(store, sql);
    query_bind_int(&query, first);
    query_bind_int(&query, second);
    return query_run(&query, error);
}

bool tickets_link(Store *store, gint64 ticket, gint64 other, GError **error)
{
    return run_pair(store,
                    "INSERT INTO ticket_link (ticket, other) VALUES (?1, ?2), (?2, ?1) "
                    "ON CONFLICT DO NOTHING",
                    ticket, other, error);
}

static bool relate(Store *store, gint64 ticket, gint64 other, const char *kind, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO ticket_link (ticket, other, kind) VALUES (?1, ?2, ?3) "
                           "ON CONFLICT DO UPDATE SET kind = excluded.kind");
    query_bind_int(&query, ticket);
    query_bind_int(&query, other);
    query_bind_text(&query, kind);
    return query_run(&query, error);
}

bool tickets_relate(Store *store, gint64 ticket, gint64 other, const char *kind,
                    const char *back, GError **error)
{
    return relate(store, ticket, other, kind, error) &&
           relate(store, other, ticket, back, error);
}

bool tickets_linked(Store *store, gint64 ticket, GArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT other FROM ticket_link WHERE ticket = ?1 ORDER BY other");
    query_bind_int(&query, ticket);
    return query_ids(&query, ret, error);
}

bool tickets_assignees(Store *store, gint64 ticket, GArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT person FROM assignee WHERE ticket = ?1 ORDER BY person");
    query_bind_int(&query, ticket);
    return query_ids(&query, ret, error);
}

bool tickets_assign(Store *store, gint64 ticket, gint64 person, GError **error)
{
    return run_pair(
        store, "INSERT INTO assignee (ticket, person) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        ticket, person, error);
}

bool tickets_unassign(Store *store, gint64 ticket, gint64 person, GError **error)
{
    return run_pair(store, "DELETE FROM assignee WHERE ticket = ?1 AND person = ?2", ticket,
                    person, error);
}
