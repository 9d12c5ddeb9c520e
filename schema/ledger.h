/* The ledger: one row a delivery; and what else deliveries leave: confirmations, servers seen.
 */
#pragma once

#include "schema/store.h"

typedef struct {
    gint64 id, at;
    char *sender, *recipient, *queue_id;
    gint64 size;
    char *message_id;
    guint8 key[32];
    const char *verdict; /* static text */
    char *reason, *proofs;
    gint64 person, ticket, message, raw; /* 0: none */
    char *ticket_name;                   /* "SUP-42", filled on reading; "" */
} LedgerRow;

void ledger_row_free(LedgerRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LedgerRow, ledger_row_free)

/* A second row that takes effect under one key is ERROR_CORRUPT. */
bool ledger_add(Store *store, const LedgerRow *row, gint64 *ret_id, GError **error);
/* The row that took effect for this delivery key (not duplicate, not refused); NULL if none. */
bool ledger_by_key(Store *store, const guint8 *key, LedgerRow **ret, GError **error);
typedef bool (*LedgerEach)(const LedgerRow *row, void *user, GError **error);
/* Oldest first, without holding them all or a snapshot. */
bool ledger_each(Store *store, LedgerEach each, void *user, GError **error);

typedef struct {
    gint64 id, person, message, expires, used;
} Confirmation;
bool confirmations_add(Store *store, const Confirmation *confirmation, gint64 *ret_id,
                       GError **error);
/* *ret NULL when there is none. g_free it. */
bool confirmations_by_id(Store *store, gint64 id, Confirmation **ret, GError **error);
bool confirmations_use(Store *store, gint64 id, gint64 at, GError **error);

bool authserv_saw(Store *store, const char *server, gint64 at, GError **error);
/* When `server` was last seen; 0 never. *ret_other (g_free): the latest other one, or NULL. */
bool authserv_last(Store *store, const char *server, gint64 *ret, char **ret_other,
                   GError **error);
