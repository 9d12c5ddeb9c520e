/* From facts to stored bytes: each mail is rendered once, for all its tries.
 *
 * Not here: the facts of a mail (core/desk/notice.h), its form (core/mail/compose.h).
 *
 * What fails for one row (damaged data, a refused constraint) is that row's: it is tried again,
 * in the end buried with the reason, and the others go on. Where the store takes none of them,
 * that is the store's failure and costs no row a try. */
#include "notifier/batch.h"

#include "core/base/error.h"
#include "core/desk/notice.h"
#include "schema/together.h"

#define PIECE_BYTES (64 * 1024)
/* Rendered mails wait in memory to be stored, and some have large attachments. */
#define BATCH_BYTES (4 * 1024 * 1024)
/* Of a row whose mail cannot be made from the data there is. */
#define RENDER_TRIES 5

static void fail(BatchItem *item, const GError *error)
{
    bool hopeless = error->code != ERROR_TRANSIENT && error->code != ERROR_CONFIG;
    item->mail.why = transport_why("the mail cannot be made: %s", error->message);
    item->mail.result =
        hopeless && item->row->tries + 1 >= RENDER_TRIES ? SEND_NEVER : SEND_LATER;
}

/* --- rendering --------------------------------------------------------------------------- */

typedef struct {
    GPtrArray *full;     /* GByteArray *, PIECE_BYTES each */
    GByteArray *current; /* the last one, borrowed; NULL before the first byte */
} Pieces;

/* ComposeSink */
static bool take_bytes(const guint8 *bytes, gsize length, void *user, GError **error)
{
    Pieces *pieces = user;
    while (length > 0) {
        if (!pieces->current || pieces->current->len == PIECE_BYTES) {
            pieces->current = g_byte_array_new();
            g_ptr_array_add(pieces->full, pieces->current);
        }
        guint part = (guint)MIN(length, PIECE_BYTES - pieces->current->len);
        g_byte_array_append(pieces->current, bytes, part);
        bytes += part;
        length -= part;
    }
    return true;
}

static bool compose(const Setup *setup, const OutboxRow *row, GPtrArray *out, GError **error)
{
    g_autoptr(Notice) notice = NULL;
    g_autofree char *text = NULL, *html = NULL;
    Pieces pieces = {out, NULL};
    if (!notice_prepare(setup->desk, row, &notice, error) ||
        !templates_render(setup->templates, notice->language, notice->template, notice->data,
                          &text, &html, error))
        return false;
    notice->mail.text = text;
    notice->mail.html = html;
    return compose_mail(&notice->mail, take_bytes, &pieces, error);
}

static bool render(BatchItem *item, const Setup *setup, GError **error)
{
    g_autoptr(GPtrArray) pieces =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    if (!notice_envelope_sender(setup->desk, item->row, &item->sender, error) ||
        (!item->row->rendered && !compose(setup, item->row, pieces, error)))
        return false;
    item->mail.sender = item->sender;
    if (pieces->len > 0)
        item->pieces = g_steal_pointer(&pieces);
    return true;
}

static gsize bytes_of(const BatchItem *item)
{
    gsize bytes = 0;
    for (guint i = 0; item->pieces && i < item->pieces->len; i++)
        bytes += ((const GByteArray *)item->pieces->pdata[i])->len;
    return bytes;
}

static void render_all(Batch *batch, const Setup *setup)
{
    guint n = 0;
    for (gsize bytes = 0; n < batch->items->len && bytes < BATCH_BYTES; n++) {
        BatchItem *item = batch->items->pdata[n];
        g_autoptr(GError) error = NULL;
        if (!render(item, setup, &error))
            fail(item, error);
        bytes += bytes_of(item);
    }
    g_ptr_array_set_size(batch->items, (gint)n);
}

/* --- storing ----------------------------------------------------------------------------- */

typedef struct {
    Desk *desk;
    const GPtrArray *fresh; /* BatchItem * */
} Storing;

/* StoreWrite */
static bool store_item(guint i, void *user, GError **error)
{
    const Storing *storing = user;
    const BatchItem *item = storing->fresh->pdata[i];
    for (guint seq = 0; seq < item->pieces->len; seq++) {
        const GByteArray *piece = item->pieces->pdata[seq];
        if (!outbox_add_piece(item->store, item->row->id, seq, piece->data, piece->len, error))
            return false;
    }
    return notice_mint_link(storing->desk, item->row, error) &&
           outbox_rendered(item->store, item->row->id, error);
}

static GPtrArray *fresh_items(const Batch *batch)
{
    GPtrArray *fresh = g_ptr_array_new();
    for (guint i = 0; i < batch->items->len; i++) {
        BatchItem *item = batch->items->pdata[i];
        if (item->pieces)
            g_ptr_array_add(fresh, item);
    }
    return fresh;
}

/* Nothing was stored, and not for what it is. */
static bool store_is_shut(GError *const *errors, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (!g_error_matches(errors[i], WICKET_ERROR, ERROR_TRANSIENT))
            return false;
    }
    return n > 0;
}

bool batch_write(Batch *batch, const Setup *setup, GError **error)
{
    render_all(batch, setup);
    g_autoptr(GPtrArray) fresh = fresh_items(batch);
    g_autofree GError **errors = g_new0(GError *, fresh->len + 1);
    Storing storing = {setup->desk, fresh};
    store_together(setup->desk->store, fresh->len, store_item, &storing, errors);
    bool shut = store_is_shut(errors, fresh->len);
    if (shut)
        g_propagate_error(error, g_error_copy(errors[0]));
    for (guint i = 0; i < fresh->len; i++) {
        BatchItem *item = fresh->pdata[i];
        g_clear_pointer(&item->pieces, g_ptr_array_unref);
        if (errors[i] && !shut)
            fail(item, errors[i]);
        g_clear_error(&errors[i]);
    }
    return !shut;
}
