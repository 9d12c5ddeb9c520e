/* The outbox. Not here: when to try again, and what is written (notifier/, core/desk/notice.h).
 *
 * Rendered bytes stand in pieces of their own, so that a row with large attachments is never in
 * memory as a whole. */
#include "schema/outbox.h"

#include "schema/sqlite.h"

/* No try is ever put off so far: such a row was made when the clock was wrong. */
#define FAR_SECONDS (30 * 86400)

#define PAGE_ROWS 100
#define SELECT                                                                                 \
    "SELECT o.id, o.kind, o.person, o.address, o.ticket, o.participation, o.message, "         \
    "o.event, o.confirmation, o.message_id, o.unproven, o.brief, o.created, o.state, "         \
    "o.tries, o.next, o.done, o.error, o.rendered, o.run, "                                    \
    "q.prefix || '-' || t.number, q.address "                                                  \
    "FROM outbox o LEFT JOIN ticket t ON t.id = o.ticket LEFT JOIN queue q ON q.id = t.queue "

void outbox_row_free(OutboxRow *row)
{
    if (!row)
        return;
    g_free(row->kind);
    g_free(row->address);
    g_free(row->message_id);
    g_free(row->state);
    g_free(row->error);
    g_free(row->ticket_name);
    g_free(row->queue_address);
    g_free(row);
}

static gpointer read_row(Query *query)
{
    OutboxRow *row = g_new0(OutboxRow, 1);
    row->id = query_read_int(query);
    row->kind = query_read_text(query);
    row->person = query_read_int(query);
    row->address = query_read_text(query);
    row->ticket = query_read_int(query);
    row->participation = query_read_int(query);
    row->message = query_read_int(query);
    row->event = query_read_int(query);
    row->confirmation = query_read_int(query);
    row->message_id = query_read_text(query);
    row->unproven = query_read_int(query) != 0;
    row->brief = query_read_int(query) != 0;
    row->created = query_read_int(query);
    row->state = query_read_text(query);
    row->tries = query_read_int(query);
    row->next = query_read_int(query);
    row->done = query_read_int(query);
    row->error = query_read_text(query);
    row->rendered = query_read_int(query) != 0;
    row->run = query_read_int(query);
    row->ticket_name = query_read_text(query);
    row->queue_address = query_read_text(query);
    return row;
}

static bool find(Query *query, OutboxRow **ret, GError **error)
{
    bool row;
    if (!query_step(query, &row, error))
        return false;
    *ret = row ? read_row(query) : NULL;
    return true;
}

bool outbox_add(Store *store, const OutboxRow *row, gint64 *ret_id, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO outbox (kind, person, address, ticket, participation, message, "
               "event, confirmation, message_id, unproven, brief, created, next, run) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    query_bind_text(&query, row->kind);
    query_bind_int(&query, row->person);
    query_bind_text(&query, row->address);
    query_bind_id(&query, row->ticket);
    query_bind_id(&query, row->participation);
    query_bind_id(&query, row->message);
    query_bind_id(&query, row->event);
    query_bind_id(&query, row->confirmation);
    query_bind_text(&query, row->message_id);
    query_bind_int(&query, row->unproven);
    query_bind_int(&query, row->brief);
    query_bind_int(&query, row->created);
    query_bind_int(&query, row->next);
    query_bind_id(&query, row->run);
    return query_insert(&query, ret_id, error);
}

bool outbox_by_id(Store *store, gint64 id, OutboxRow **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE o.id = ?1");
    query_bind_int(&query, id);
    return find(&query, ret, error);
}

bool outbox_by_message_id(Store *store, const char *message_id, OutboxRow **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE o.message_id = ?1");
    query_bind_text(&query, message_id);
    return find(&query, ret, error);
}

static bool read_page(Store *store, gint64 after, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE o.id > ?1 ORDER BY o.id LIMIT ?2");
    query_bind_int(&query, after);
    query_bind_int(&query, PAGE_ROWS);
    return query_list(&query, read_row, (GDestroyNotify)outbox_row_free, ret, error);
}

bool outbox_each(Store *store, OutboxEach each, void *user, GError **error)
{
    gint64 after = 0;
    while (true) {
        g_autoptr(GPtrArray) rows = NULL;
        if (!read_page(store, after, &rows, error))
            return false;
        if (rows->len == 0)
            return true;
        for (guint i = 0; i < rows->len; i++) {
            const OutboxRow *row = rows->pdata[i];
            if (!each(row, user, error))
                return false;
            after = row->id;
        }
    }
}

static bool next_after(Store *store, gint64 now, gint64 *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT next FROM outbox WHERE state = 'waiting' AND next > ?1 "
                           "AND next <= ?2 ORDER BY next LIMIT 1");
    query_bind_int(&query, now);
    query_bind_int(&query, now + FAR_SECONDS);
    return query_int(&query, ret, error);
}

/* Adds those whose time lies behind `after`, up to `last`. */
static bool add_due(Store *store, gint64 after, gint64 last, gint64 max, GPtrArray *rows,
                    GError **error)
{
    g_autoptr(GPtrArray) more = NULL;
    g_auto(Query) query =
        query_start(store, SELECT "WHERE o.state = 'waiting' AND o.next > ?1 AND o.next <= ?2 "
                                  "ORDER BY o.next, o.id LIMIT ?3");
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    query_bind_int(&query, max - rows->len);
    if (!query_list(&query, read_row, (GDestroyNotify)outbox_row_free, &more, error))
        return false;
    g_ptr_array_extend_and_steal(rows, g_steal_pointer(&more));
    return true;
}

bool outbox_due(Store *store, gint64 now, gint64 max, GPtrArray **ret, gint64 *ret_next,
                GError **error)
{
    gint64 next;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_row_free);
    if (!next_after(store, now, &next, error) ||
        !add_due(store, G_MININT64, now, max, rows, error) ||
        !add_due(store, now + FAR_SECONDS, G_MAXINT64, max, rows, error))
        return false;
    *ret_next = next;
    *ret = g_steal_pointer(&rows);
    return true;
}

bool outbox_sent(Store *store, gint64 id, gint64 at, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE outbox SET state = 'sent', tries = tries + 1, done = ?1, "
                           "error = '' WHERE id = ?2");
    query_bind_int(&query, at);
    query_bind_int(&query, id);
    return query_run(&query, error);
}

bool outbox_retry(Store *store, gint64 id, gint64 next, const char *why, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE outbox SET tries = tries + 1, next = ?1, error = ?2 "
                           "WHERE id = ?3");
    query_bind_int(&query, next);
    query_bind_text(&query, why);
    query_bind_int(&query, id);
    return query_run(&query, error);
}

bool outbox_dead(Store *store, gint64 id, gint64 at, const char *why, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE outbox SET state = 'dead', tries = tries + 1, done = ?1, "
                           "error = ?2 WHERE id = ?3");
    query_bind_int(&query, at);
    query_bind_text(&query, why);
    query_bind_int(&query, id);
    return query_run(&query, error);
}

bool outbox_withdraw(Store *store, gint64 ticket, gint64 message, gint64 at, const char *why,
                     GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE outbox SET state = 'dead', done = ?1, error = ?2 "
                           "WHERE ticket = ?3 AND message = ?4 AND state = 'waiting' "
                           "AND kind IN ('held', 'confirm')");
    query_bind_int(&query, at);
    query_bind_text(&query, why);
    query_bind_int(&query, ticket);
    query_bind_int(&query, message);
    return query_run(&query, error);
}

bool outbox_add_piece(Store *store, gint64 id, gint64 seq, const guint8 *bytes, gsize length,
                      GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO outbox_piece (outbox, seq, bytes) VALUES (?1, ?2, ?3)");
    query_bind_int(&query, id);
    query_bind_int(&query, seq);
    query_bind_bytes(&query, bytes, length);
    return query_run(&query, error);
}

bool outbox_rendered(Store *store, gint64 id, GError **error)
{
    g_auto(Query) query = query_start(store, "UPDATE outbox SET rendered = 1 WHERE id = ?1");
    query_bind_int(&query, id);
    return query_run(&query, error);
}

bool outbox_piece(Store *store, gint64 id, gint64 seq, GBytes **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT bytes FROM outbox_piece WHERE outbox = ?1 AND seq = ?2");
    query_bind_int(&query, id);
    query_bind_int(&query, seq);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    *ret = NULL;
    if (row) {
        gsize length;
        const guint8 *bytes = query_read_blob(&query, &length);
        *ret = g_bytes_new(bytes, length);
    }
    return true;
}

bool outbox_count_to(Store *store, const char *address, const char *kind, gint64 since,
                     gint64 *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*) FROM outbox "
                           "WHERE address = ?1 AND kind = ?2 AND created >= ?3 "
                           "AND kind IN ('acknowledgement', 'confirm')");
    query_bind_text(&query, address);
    query_bind_text(&query, kind);
    query_bind_int(&query, since);
    return query_int(&query, ret, error);
}

bool outbox_count_unproven(Store *store, gint64 since, gint64 *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE unproven "
                           "AND created >= ?1 LIMIT ?2)");
    query_bind_int(&query, since);
    query_bind_int(&query, OUTBOX_COUNT_MAX);
    return query_int(&query, ret, error);
}
