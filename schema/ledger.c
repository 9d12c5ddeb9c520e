/* The ledger. Rows are added, never changed.
 *
 * Not here: confirmations.c, authserv.c; the words of a verdict (core/desk/deliver.h). */
#include "schema/ledger.h"

#include "schema/sqlite.h"

#include <string.h>

#define PAGE_ROWS 100
#define SELECT                                                                                 \
    "SELECT l.id, l.at, l.sender, l.recipient, l.queue_id, l.size, l.message_id, l.key, "      \
    "l.verdict, l.reason, l.proofs, l.person, l.ticket, l.message, l.raw, "                    \
    "q.prefix || '-' || t.number FROM ledger l LEFT JOIN ticket t ON t.id = l.ticket "         \
    "LEFT JOIN queue q ON q.id = t.queue "

void ledger_row_free(LedgerRow *row)
{
    if (!row)
        return;
    g_free(row->sender);
    g_free(row->recipient);
    g_free(row->queue_id);
    g_free(row->message_id);
    g_free(row->reason);
    g_free(row->proofs);
    g_free(row->ticket_name);
    g_free(row);
}

static gpointer read_row(Query *query)
{
    LedgerRow *row = g_new0(LedgerRow, 1);
    row->id = query_read_int(query);
    row->at = query_read_int(query);
    row->sender = query_read_text(query);
    row->recipient = query_read_text(query);
    row->queue_id = query_read_text(query);
    row->size = query_read_int(query);
    row->message_id = query_read_text(query);
    query_read_bytes(query, row->key, sizeof row->key);
    g_autofree char *verdict = query_read_text(query);
    row->verdict = g_intern_string(verdict); /* a dozen words */
    row->reason = query_read_text(query);
    row->proofs = query_read_text(query);
    row->person = query_read_int(query);
    row->ticket = query_read_int(query);
    row->message = query_read_int(query);
    row->raw = query_read_int(query);
    row->ticket_name = query_read_text(query);
    return row;
}

bool ledger_add(Store *store, const LedgerRow *row, gint64 *ret_id, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO ledger (at, sender, recipient, queue_id, size, message_id, key, "
               "verdict, reason, proofs, person, ticket, message, raw) VALUES (?1, ?2, ?3, ?4, "
               "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)");
    query_bind_int(&query, row->at);
    query_bind_text(&query, row->sender);
    query_bind_text(&query, row->recipient);
    query_bind_text(&query, row->queue_id);
    query_bind_int(&query, row->size);
    query_bind_text(&query, row->message_id);
    query_bind_bytes(&query, row->key, sizeof row->key);
    query_bind_text(&query, row->verdict);
    query_bind_text(&query, row->reason);
    query_bind_text(&query, row->proofs);
    query_bind_id(&query, row->person);
    query_bind_id(&query, row->ticket);
    query_bind_id(&query, row->message);
    query_bind_id(&query, row->raw);
    return query_insert(&query, ret_id, error);
}

bool ledger_by_key(Store *store, const guint8 *key, LedgerRow **ret, GError **error)
{
    /* The condition is that of the unique index. */
    g_auto(Query) query = query_start(
        store, SELECT "WHERE l.key = ?1 AND l.verdict NOT IN ('duplicate', 'refused')");
    query_bind_bytes(&query, key, sizeof((LedgerRow *)NULL)->key);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    *ret = row ? read_row(&query) : NULL;
    return true;
}

static bool read_page(Store *store, gint64 after, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE l.id > ?1 ORDER BY l.id LIMIT ?2");
    query_bind_int(&query, after);
    query_bind_int(&query, PAGE_ROWS);
    return query_list(&query, read_row, (GDestroyNotify)ledger_row_free, ret, error);
}

bool ledger_each(Store *store, LedgerEach each, void *user, GError **error)
{
    gint64 after = 0;
    while (true) {
        g_autoptr(GPtrArray) rows = NULL;
        if (!read_page(store, after, &rows, error))
            return false;
        if (rows->len == 0)
            return true;
        for (guint i = 0; i < rows->len; i++) {
            const LedgerRow *row = rows->pdata[i];
            if (!each(row, user, error))
                return false;
            after = row->id;
        }
    }
}
