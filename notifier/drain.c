/* From an outbox row to a sent mail.
 *
 * The bytes are rendered once, in memory and before any lock is taken, stored in one short
 * transaction, and sent from the store: a later try is the same bytes. Not here: the facts of a
 * mail (core/desk/notice.h), its form (core/mail/compose.h), the ways out (transport.h), when
 * to try again (backoff.h).
 *
 * What fails for one row (damaged data, a refused address) is that row's: it is tried again, in
 * the end buried with the reason, and the others go on. A transport that is down is left alone
 * for a while instead, so that one dead server costs a thousand rows no tries and they leave as
 * soon as it is back. If a mail was sent but the store does not take that fact, nothing else is
 * sent until it does; only a crash at that moment sends a mail twice. */
#include "notifier/drain.h"

#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/desk/notice.h"
#include "notifier/backoff.h"
#include "notifier/journal.h"

#define PIECE_BYTES (64 * 1024)
/* Of a row whose mail cannot be made from the data there is. */
#define RENDER_TRIES 5

/* What became of a row, until the store has it. */
typedef struct {
    OutboxRow *row;
    SendResult result;
    char *why;   /* NULL if sent */
    gint64 next; /* when to try again; 0: never */
} Outcome;

struct Drain {
    Outcome *unrecorded;    /* NULL: none */
    int downs;              /* how often in a row the transport was down */
    gint64 down_until_usec; /* monotonic */
};

static void outcome_clear(Outcome *outcome)
{
    if (!outcome)
        return;
    outbox_row_free(outcome->row);
    g_free(outcome->why);
    g_free(outcome);
}

Drain *drain_new(void)
{
    return g_new0(Drain, 1);
}

void drain_free(Drain *drain)
{
    if (!drain)
        return;
    outcome_clear(drain->unrecorded);
    g_free(drain);
}

void drain_resume(Drain *drain)
{
    drain->downs = 0;
    drain->down_until_usec = 0;
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

static bool store_pieces(Store *store, const OutboxRow *row, const GPtrArray *pieces,
                         GError **error)
{
    if (!store_begin(store, error))
        return false;
    bool ok = true;
    for (guint i = 0; ok && i < pieces->len; i++) {
        const GByteArray *piece = pieces->pdata[i];
        ok = outbox_add_piece(store, row->id, i, piece->data, piece->len, error);
    }
    ok = ok && outbox_rendered(store, row->id, error) && store_commit(store, error);
    store_rollback(store);
    return ok;
}

static bool render(const Setup *setup, const OutboxRow *row, GError **error)
{
    g_autoptr(GPtrArray) pieces =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    return row->rendered || (compose(setup, row, pieces, error) &&
                             store_pieces(setup->desk->store, row, pieces, error));
}

/* --- sending ----------------------------------------------------------------------------- */

typedef struct {
    Store *store;
    gint64 row, seq;
} StoredBytes;

/* SendMail.next */
static bool next_piece(void *user, GBytes **ret, GError **error)
{
    StoredBytes *bytes = user;
    g_autoptr(GBytes) piece = NULL;
    if (!outbox_piece(bytes->store, bytes->row, bytes->seq, &piece, error))
        return false;
    if (!piece && bytes->seq == 0) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT, "the rendered mail is gone");
        return false;
    }
    bytes->seq++;
    *ret = g_steal_pointer(&piece);
    return true;
}

static SendResult send_row(const Setup *setup, const OutboxRow *row, char **ret_why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *sender = NULL;
    if (!render(setup, row, &error) ||
        !notice_envelope_sender(setup->desk, row, &sender, &error)) {
        *ret_why = transport_why("the mail cannot be made: %s", error->message);
        bool hopeless = error->code != ERROR_TRANSIENT && error->code != ERROR_CONFIG;
        return hopeless && row->tries + 1 >= RENDER_TRIES ? SEND_NEVER : SEND_LATER;
    }
    StoredBytes bytes = {setup->desk->store, row->id, 0};
    SendMail mail = {sender ? sender : "", row->address, next_piece, &bytes};
    return transport_send(setup->transport, &mail, ret_why);
}

/* --- recording --------------------------------------------------------------------------- */

/* When a row that was not sent is tried again; 0: never. */
static gint64 next_try(const Drain *drain, const OutboxRow *row, SendResult result)
{
    gint64 next = 0, now = now_utc();
    if (result == SEND_NEVER ||
        !backoff_next(row->created, now, row->tries + 1, g_random_double(), &next))
        return 0;
    gint64 pause = (drain->down_until_usec - g_get_monotonic_time()) / G_USEC_PER_SEC;
    return result == SEND_DOWN ? now + MAX(pause, 1) : next;
}

static bool write_outcome(Desk *desk, const Outcome *outcome, GError **error)
{
    const OutboxRow *row = outcome->row;
    if (outcome->result == SEND_SENT)
        return notice_sent(desk, row, error);
    if (outcome->next != 0)
        return notice_retry(desk, row, outcome->next, outcome->why, error);
    if (outcome->result == SEND_NEVER)
        return notice_dead(desk, row, outcome->why, error);
    g_autofree char *why = transport_why("given up after five days: %s", outcome->why);
    return notice_dead(desk, row, why, error);
}

static void log_outcome(const Outcome *outcome)
{
    const OutboxRow *row = outcome->row;
    g_autofree char *what =
        g_strdup_printf("outbox %" G_GINT64_FORMAT "%s%s, try %" G_GINT64_FORMAT, row->id,
                        *row->ticket_name ? " of " : "", row->ticket_name, row->tries + 1);
    if (outcome->result == SEND_SENT)
        journal_note("%s: sent", what);
    else if (outcome->next == 0)
        journal_warn("%s: dead; `mailwicket outbox show %" G_GINT64_FORMAT "` says why", what,
                     row->id);
    else
        journal_note("%s: not sent, again in %" G_GINT64_FORMAT " s", what,
                     MAX(outcome->next - now_utc(), 0));
}

static bool record(Drain *drain, const Setup *setup, GError **error)
{
    if (!drain->unrecorded)
        return true;
    bool recorded = write_outcome(setup->desk, drain->unrecorded, error);
    store_rollback(setup->desk->store);
    if (!recorded)
        return false;
    log_outcome(drain->unrecorded);
    g_clear_pointer(&drain->unrecorded, outcome_clear);
    return true;
}

/* A mail that went through, or was judged by the other side, proves that there is a way out. */
static void mind_transport(Drain *drain, SendResult result)
{
    if (result != SEND_DOWN) {
        drain_resume(drain);
        return;
    }
    drain->downs++;
    drain->down_until_usec = g_get_monotonic_time() +
                             backoff_pause(drain->downs, g_random_double()) * G_USEC_PER_SEC;
}

/* Takes `row`. */
static SendResult handle(Drain *drain, const Setup *setup, OutboxRow *row)
{
    Outcome *outcome = g_new0(Outcome, 1);
    outcome->row = row;
    outcome->result = send_row(setup, row, &outcome->why);
    mind_transport(drain, outcome->result);
    if (outcome->result != SEND_SENT)
        outcome->next = next_try(drain, row, outcome->result);
    drain->unrecorded = outcome;
    return outcome->result;
}

bool drain_step(Drain *drain, const Setup *setup, DrainStep *ret, gint64 *ret_next,
                GError **error)
{
    if (!record(drain, setup, error))
        return false;
    gint64 pause = drain->down_until_usec - g_get_monotonic_time();
    if (pause > 0) {
        *ret = DRAIN_IDLE;
        *ret_next = pause / G_USEC_PER_SEC + 1;
        return true;
    }
    g_autoptr(OutboxRow) row = NULL;
    gint64 now = now_utc(), next;
    if (!outbox_due(setup->desk->store, now, &row, &next, error))
        return false;
    *ret_next = next ? MAX(next - now, 0) : -1;
    *ret = DRAIN_IDLE;
    if (!row)
        return true;
    *ret_next = 0;
    SendResult result = handle(drain, setup, g_steal_pointer(&row));
    *ret = result == SEND_DOWN ? DRAIN_DOWN : DRAIN_DONE;
    return record(drain, setup, error);
}
