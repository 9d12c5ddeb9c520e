/* The outbox: who is to hear what, its rendered bytes, and how sending went. */
#pragma once

#include "schema/store.h"

typedef struct {
    gint64 id;
    char *kind; /* "acknowledgement", "message", … : names the template */
    gint64 person;
    char *address;
    gint64 ticket, participation, message, event, confirmation, run; /* 0: none */
    char *message_id;
    bool unproven, brief;
    gint64 created;
    char *state; /* "waiting", "sent", "dead"; a new row is waiting */
    gint64 tries, next, done;
    char *error; /* of the last try, "" */
    bool rendered;
    char *ticket_name;   /* "SUP-42", filled on reading; "" */
    char *queue_address; /* of its ticket, likewise */
} OutboxRow;

void outbox_row_free(OutboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxRow, outbox_row_free)

bool outbox_add(Store *store, const OutboxRow *row, gint64 *ret_id, GError **error);
bool outbox_by_id(Store *store, gint64 id, OutboxRow **ret, GError **error);
bool outbox_by_message_id(Store *store, const char *message_id, OutboxRow **ret,
                          GError **error);
typedef bool (*OutboxEach)(const OutboxRow *row, void *user, GError **error);
/* Oldest first, without holding them all or a snapshot. */
bool outbox_each(Store *store, OutboxEach each, void *user, GError **error);

/* The waiting rows (OutboxRow *) that are due at `now`, at most `max`, first those that have
 * been for longest. *ret_next: when the first of those that are not due yet will be, 0 if there
 * are none. */
bool outbox_due(Store *store, gint64 now, gint64 max, GPtrArray **ret, gint64 *ret_next,
                GError **error);
/* How a try went; each counts as one in `tries`. */
bool outbox_sent(Store *store, gint64 id, gint64 at, GError **error);
bool outbox_retry(Store *store, gint64 id, gint64 next, const char *why, GError **error);
bool outbox_dead(Store *store, gint64 id, gint64 at, const char *why, GError **error);

/* What still waits of questions about held message `message` (kinds held and confirm) is dead:
 * they are answered. */
bool outbox_withdraw(Store *store, gint64 ticket, gint64 message, gint64 at, const char *why,
                     GError **error);

/* Rendered bytes, appended in order within one transaction, then marked complete. */
bool outbox_add_piece(Store *store, gint64 id, gint64 seq, const guint8 *bytes, gsize length,
                      GError **error);
bool outbox_rendered(Store *store, gint64 id, GError **error);
/* The piece `seq`, NULL past the last. */
bool outbox_piece(Store *store, gint64 id, gint64 seq, GBytes **ret, GError **error);

/* For the brakes: rows made at `since` or later; `kind`: acknowledgement or confirm. */
bool outbox_count_to(Store *store, const char *address, const char *kind, gint64 since,
                     gint64 *ret, GError **error);
/* Counts up to OUTBOX_COUNT_MAX, so that a flood does not slow every delivery. */
#define OUTBOX_COUNT_MAX 5000
bool outbox_count_unproven(Store *store, gint64 since, gint64 *ret, GError **error);
