/* From results to the outbox: sent, again later, or dead with the reason on the ticket.
 *
 * Not here: when to try again (backoff.h), what a result means (core/desk/notice.h). */
#include "notifier/batch.h"

#include "core/base/timestamp.h"
#include "core/desk/notice.h"
#include "notifier/backoff.h"
#include "notifier/journal.h"
#include "schema/together.h"

typedef struct {
    GPtrArray *items; /* BatchItem * */
    Desk *desk;
    gint64 pause;
} Record;

/* When a row that was not sent is tried again; 0: never. */
static gint64 next_try(const BatchItem *item, gint64 pause)
{
    const OutboxRow *row = item->row;
    gint64 next = 0, now = now_utc();
    if (item->mail.result == SEND_SENT || item->mail.result == SEND_NEVER ||
        !backoff_next(row->created, now, row->tries + 1, g_random_double(), &next))
        return 0;
    return item->mail.result == SEND_DOWN ? now + pause : next;
}

/* StoreWrite */
static bool write_result(guint i, void *user, GError **error)
{
    const Record *record = user;
    BatchItem *item = record->items->pdata[i];
    const OutboxRow *row = item->row;
    item->next = next_try(item, record->pause);
    if (item->mail.result == SEND_SENT)
        return notice_sent(record->desk, row, error);
    if (item->next != 0)
        return notice_retry(record->desk, row, item->next, item->mail.why, error);
    if (item->mail.result == SEND_NEVER)
        return notice_dead(record->desk, row, item->mail.why, error);
    g_autofree char *why = transport_why("given up after five days: %s", item->mail.why);
    return notice_dead(record->desk, row, why, error);
}

static void log_result(const BatchItem *item)
{
    const OutboxRow *row = item->row;
    g_autofree char *what =
        g_strdup_printf("outbox %" G_GINT64_FORMAT "%s%s, try %" G_GINT64_FORMAT, row->id,
                        *row->ticket_name ? " of " : "", row->ticket_name, row->tries + 1);
    if (item->mail.result == SEND_SENT)
        journal_note("%s: sent", what);
    else if (item->next == 0)
        journal_warn("%s: dead; `mailwicket outbox show %" G_GINT64_FORMAT "` says why", what,
                     row->id);
    else
        journal_note("%s: not sent, again in %" G_GINT64_FORMAT " s", what,
                     MAX(item->next - now_utc(), 0));
}

static GPtrArray *unrecorded(const Batch *batch)
{
    GPtrArray *items = g_ptr_array_new();
    for (guint i = 0; i < batch->items->len; i++) {
        BatchItem *item = batch->items->pdata[i];
        if (item->mail.result != SEND_UNTRIED && !item->recorded)
            g_ptr_array_add(items, item);
    }
    return items;
}

guint batch_unrecorded(const Batch *batch)
{
    g_autoptr(GPtrArray) items = unrecorded(batch);
    return items->len;
}

bool batch_record(Batch *batch, Desk *desk, gint64 pause, GError **error)
{
    g_autoptr(GPtrArray) items = unrecorded(batch);
    g_autofree GError **errors = g_new0(GError *, items->len + 1);
    Record record = {items, desk, pause};
    GError *first = NULL;
    store_together(desk->store, items->len, write_result, &record, errors);
    for (guint i = 0; i < items->len; i++) {
        BatchItem *item = items->pdata[i];
        item->recorded = errors[i] == NULL;
        if (item->recorded)
            log_result(item);
        else if (!first)
            first = g_steal_pointer(&errors[i]);
        g_clear_error(&errors[i]);
    }
    if (first)
        g_propagate_error(error, first);
    return first == NULL;
}
