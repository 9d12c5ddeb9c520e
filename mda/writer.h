/* Group commit: whatever deliveries have queued while the last ones were committed share the
 * next transaction, and its one sync. One thread writes at a time. No timers: a delivery that
 * comes alone does not wait for company. */
#pragma once

#include "core/desk/batch.h"
#include "mda/site.h"

typedef struct Writer Writer;

/* `slot` is borrowed. Opens the desk, so that what is wrong with it is known at the start. */
bool writer_new(SiteSlot *slot, Writer **ret, GError **error);
/* Nobody delivers any more. */
void writer_free(Writer *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Writer, writer_free)

/* Waits until all of them are committed or failed: each item ends with an outcome or an error.
 * The `n` items of one mail are never split. Any thread. */
void writer_deliver(Writer *writer, BatchItem *items, guint n);
