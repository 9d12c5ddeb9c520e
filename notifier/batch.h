/* The rows in hand: from what the outbox has due to the record of what became of each. */
#pragma once

#include "notifier/setup.h"
#include "schema/outbox.h"

typedef struct {
    OutboxRow *row;
    Store *store; /* borrowed */
    GPtrArray
        *pieces;   /* GBytes *: its bytes, of a mail that was rendered just now; else NULL */
    gint64 seq;    /* of the piece that is sent next */
    char *sender;  /* of the envelope */
    SendMail mail; /* borrows from the others */
    gint64 next;   /* when to try again; 0: never. Unless sent or untried */
    bool recorded;
} BatchItem;

typedef struct {
    GPtrArray *items; /* BatchItem *, by id, so that mails to one address leave in order */
} Batch;

/* Up to `max` of the rows that are due at `now`. *ret_next as of outbox_due. */
bool batch_take(Store *store, gint64 now, guint max, Batch **ret, gint64 *ret_next,
                GError **error);
void batch_free(Batch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)

/* Renders what was not rendered yet, in memory and before any lock is taken, and stores it in
 * one short transaction. A row whose mail cannot be made has its result then; rows past a few
 * megabytes of rendered mails leave the batch and stay due. An error is the store's. */
bool batch_write(Batch *batch, const Setup *setup, GError **error);

/* Gives what has no result yet to the transport. `go_on` as of transport_send. */
void batch_send(Batch *batch, const Setup *setup, SendGoOn go_on, void *user);

/* Records the results there are and that are not recorded yet, in one transaction. `pause`:
 * after how many seconds what is SEND_DOWN is tried again. An error is the store's: those it
 * could not take stay unrecorded. */
bool batch_record(Batch *batch, Desk *desk, gint64 pause, GError **error);
/* How many wait to be recorded. */
guint batch_unrecorded(const Batch *batch);
