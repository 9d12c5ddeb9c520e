/* Taking due rows in hand and handing their mails to the transport.
 *
 * Not here: how a mail is made and stored (batch_write.c), how its result is (batch_record.c).
 * What was rendered for this try is sent from memory once it is stored, the same bytes that the
 * store has for the next one. */
#include "notifier/batch.h"

#include "core/base/error.h"

static void item_free(gpointer data)
{
    BatchItem *item = data;
    outbox_row_free(item->row);
    g_clear_pointer(&item->pieces, g_ptr_array_unref);
    g_free(item->sender);
    g_free(item->mail.why);
    g_free(item);
}

void batch_free(Batch *batch)
{
    if (!batch)
        return;
    g_ptr_array_unref(batch->items);
    g_free(batch);
}

static bool stored_piece(const BatchItem *item, GBytes **ret, GError **error)
{
    g_autoptr(GBytes) piece = NULL;
    if (!outbox_piece(item->store, item->row->id, item->seq, &piece, error))
        return false;
    if (!piece && item->seq == 0) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT, "the rendered mail is gone");
        return false;
    }
    *ret = g_steal_pointer(&piece);
    return true;
}

/* SendMail.next */
static bool next_piece(void *user, GBytes **ret, GError **error)
{
    BatchItem *item = user;
    if (!item->pieces) {
        if (!stored_piece(item, ret, error))
            return false;
    } else if (item->seq < item->pieces->len) {
        *ret = g_bytes_ref(item->pieces->pdata[item->seq]);
    } else {
        *ret = NULL;
    }
    item->seq++;
    return true;
}

/* --- taking ------------------------------------------------------------------------------ */

/* Takes `row`. */
static BatchItem *item_new(Store *store, OutboxRow *row)
{
    BatchItem *item = g_new0(BatchItem, 1);
    item->row = row;
    item->store = store;
    item->mail.recipient = row->address;
    item->mail.next = next_piece;
    item->mail.user = item;
    return item;
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    const BatchItem *one = *(BatchItem *const *)a, *other = *(BatchItem *const *)b;
    return (one->row->id > other->row->id) - (one->row->id < other->row->id);
}

bool batch_take(Store *store, gint64 now, guint max, Batch **ret, gint64 *ret_next,
                GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    if (!outbox_due(store, now, max, &rows, ret_next, error))
        return false;
    Batch *batch = g_new0(Batch, 1);
    batch->items = g_ptr_array_new_with_free_func(item_free);
    while (rows->len > 0)
        g_ptr_array_add(batch->items,
                        item_new(store, g_ptr_array_steal_index_fast(rows, rows->len - 1)));
    g_ptr_array_sort(batch->items, by_id);
    *ret = batch;
    return true;
}

/* --- sending ----------------------------------------------------------------------------- */

void batch_send(Batch *batch, const Setup *setup, SendGoOn go_on, void *user)
{
    g_autoptr(GPtrArray) mails = g_ptr_array_sized_new(batch->items->len);
    for (guint i = 0; i < batch->items->len; i++) {
        BatchItem *item = batch->items->pdata[i];
        if (item->mail.result == SEND_UNTRIED)
            g_ptr_array_add(mails, &item->mail);
    }
    transport_send(setup->transport, (SendMail *const *)mails->pdata, mails->len, go_on, user);
}
