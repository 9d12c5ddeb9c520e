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
    GPtrArray *full;     /* GBytes *, PIECE_BYTES each */
    GByteArray *current; /* what is behind them; NULL: nothing yet */
} Pieces;

static void end_piece(Pieces *pieces)
{
    if (pieces->current)
        g_ptr_array_add(pieces->full,
                        g_byte_array_free_to_bytes(g_steal_pointer(&pieces->current)));
}

/* ComposeSink */
static bool take_bytes(const guint8 *bytes, gsize length, void *user, GError **error)
{
    Pieces *pieces = user;
    while (length > 0) {
        if (pieces->current && pieces->current->len == PIECE_BYTES)
            end_piece(pieces);
        if (!pieces->current)
            pieces->current = g_byte_array_sized_new((guint)MIN(length, PIECE_BYTES));
        guint part = (guint)MIN(length, PIECE_BYTES - pieces->current->len);
        g_byte_array_append(pieces->current, bytes, part);
        bytes += part;
        length -= part;
    }
    return true;
}

static bool attach_transcript(const Setup *setup, Notice *notice, GError **error)
{
    g_autofree char *html = NULL;
    if (!notice->transcript)
        return true;
    if (!templates_render_html(setup->templates, notice->language, TRANSCRIPT_TEMPLATE,
                               notice->transcript->data, &html, error))
        return false;
    notice_attach_transcript(setup->desk, notice, html);
    return true;
}

static bool compose(const Setup *setup, const OutboxRow *row, NoticeTopic **topic,
                    Pieces *pieces, GError **error)
{
    g_autoptr(Notice) notice = NULL;
    g_autofree char *text = NULL, *html = NULL;
    if (!notice_prepare(setup->desk, row, topic, &notice, error) ||
        !attach_transcript(setup, notice, error) ||
        !templates_render(setup->templates, notice->language, notice->template, notice->data,
                          &text, &html, error))
        return false;
    notice->mail.text = text;
    notice->mail.html = html;
    bool done = compose_mail(&notice->mail, take_bytes, pieces, error);
    end_piece(pieces);
    return done;
}

static bool render(BatchItem *item, const Setup *setup, NoticeTopic **topic, GError **error)
{
    g_autoptr(GPtrArray) full = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    Pieces pieces = {full, NULL};
    if (!notice_envelope_sender(setup->desk, item->row, &item->sender, error))
        return false;
    item->mail.sender = item->sender;
    if (item->row->rendered)
        return true;
    if (!compose(setup, item->row, topic, &pieces, error))
        return false;
    item->pieces = g_steal_pointer(&full);
    return true;
}

static gsize bytes_of(const BatchItem *item)
{
    gsize bytes = 0;
    for (guint i = 0; item->pieces && i < item->pieces->len; i++)
        bytes += g_bytes_get_size(item->pieces->pdata[i]);
    return bytes;
}

static void render_each(Batch *batch, const Setup *setup)
{
    g_autoptr(NoticeTopic) topic = NULL;
    guint n = 0;
    for (gsize bytes = 0; n < batch->items->len && bytes < BATCH_BYTES; n++) {
        BatchItem *item = batch->items->pdata[n];
        g_autoptr(GError) error = NULL;
        if (!render(item, setup, &topic, &error))
            fail(item, error);
        bytes += bytes_of(item);
    }
    g_ptr_array_set_size(batch->items, (gint)n);
}

/* From one snapshot: what rows have in common is then read once. */
static bool render_all(Batch *batch, const Setup *setup, GError **error)
{
    if (!store_begin_read(setup->desk->store, error))
        return false;
    render_each(batch, setup);
    store_rollback(setup->desk->store);
    return true;
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
        gsize length;
        const guint8 *bytes = g_bytes_get_data(item->pieces->pdata[seq], &length);
        if (!outbox_add_piece(item->store, item->row->id, seq, bytes, length, error))
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
    if (!render_all(batch, setup, error))
        return false;
    g_autoptr(GPtrArray) fresh = fresh_items(batch);
    g_autofree GError **errors = g_new0(GError *, fresh->len + 1);
    Storing storing = {setup->desk, fresh};
    store_together(setup->desk->store, fresh->len, store_item, &storing, errors);
    bool shut = store_is_shut(errors, fresh->len);
    if (shut)
        g_propagate_error(error, g_error_copy(errors[0]));
    for (guint i = 0; i < fresh->len; i++) {
        if (errors[i] && !shut)
            fail(fresh->pdata[i], errors[i]);
        g_clear_error(&errors[i]);
    }
    return !shut;
}
