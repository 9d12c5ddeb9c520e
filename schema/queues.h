/* Queues: front doors and their numbering. */
#pragma once

#include "schema/store.h"

typedef struct {
    gint64 id;
    char *name, *address, *prefix, *language;
    char *machines; /* what becomes of their mail: "hold" (NULL for queues_add) or "ticket" */
    char *
        archive; /* gets the transcript of each closed ticket; "" (NULL for queues_add): none */
    bool transcript; /* so does its requester */
    bool removed;
} Queue;

void queue_free(Queue *queue);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Queue, queue_free)

/* Finders set *ret to NULL, and return true, when there is none. */
bool queues_by_id(Store *store, gint64 id, Queue **ret, GError **error);
bool queues_by_name(Store *store, const char *name, Queue **ret, GError **error);
bool queues_by_prefix(Store *store, const char *prefix, Queue **ret, GError **error);
/* `key`: address_key of the base address. Removed queues are found too (replies still come). */
bool queues_by_address(Store *store, const char *key, Queue **ret, GError **error);
bool queues_list(Store *store, GPtrArray **ret, GError **error); /* Queue *, by name */

/* A name, address or prefix already taken is ERROR_REJECTED and says which; so is an address
 * that address_key refuses. queues_update writes everything but the numbering. */
bool queues_add(Store *store, const Queue *queue, gint64 *ret_id, GError **error);
bool queues_update(Store *store, const Queue *queue, GError **error);
/* The next ticket number, 1, 2, …; within a write transaction. */
bool queues_next_number(Store *store, gint64 id, gint64 *ret, GError **error);
