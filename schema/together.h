/* Many writes in one transaction, each undone alone when it fails: one sync for all of them,
 * and a failure costs the one it belongs to. */
#pragma once

#include "schema/store.h"

/* Writes number `i`, as a part of the open transaction. May be called twice for the same. */
typedef bool (*StoreWrite)(guint i, void *user, GError **error);

/* Writes 0 to n - 1 and commits. errors[i] tells why i left no trace; it stays NULL when i is
 * on the disk. `errors` holds n NULLs. Where a failure takes the whole transaction along (a
 * full disk, the commit itself), each is tried again in a transaction of its own, so that those
 * that fit still get through; where not even one can be begun, none is. */
void store_together(Store *store, guint n, StoreWrite write, void *user, GError **errors);
