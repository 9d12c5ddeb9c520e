/* The one thread that writes: whatever deliveries have queued while it committed the last ones
 * share the next transaction, and its one sync. No timers: a delivery that comes alone does not
 * wait for company. */
#pragma once

#include "core/desk/batch.h"
#include "mda/site.h"

typedef struct Writer Writer;

/* `slot` is borrowed. Opens the desk, so that what is wrong with it is known at the start. */
bool writer_start(SiteSlot *slot, Writer **ret, GError **error);
/* Waits until all of them are committed or failed: each item ends with an outcome or an error.
 * The `n` items of one mail are never split. Any thread. */
void writer_deliver(Writer *writer, BatchItem *items, guint n);
/* Finishes what has queued; nobody may queue more. */
void writer_stop(Writer *writer);
