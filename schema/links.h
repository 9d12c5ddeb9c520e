/* Page links, known only by the SHA-256 of what stands in the address bar. */
#pragma once

#include "schema/store.h"

/* Minting the same link again gives it the new expiry. `expires` 0: never. */
bool links_add(Store *store, const guint8 *hash, gint64 ticket, gint64 person, gint64 epoch,
               gint64 expires, GError **error);
/* The reader a link is for; false with no error set when it is unknown, expired at `now`, or
 * its person's epoch has moved on. */
bool links_find(Store *store, const guint8 *hash, gint64 now, gint64 *ret_ticket,
                gint64 *ret_person, GError **error);
