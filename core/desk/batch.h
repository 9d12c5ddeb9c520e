/* Group commit: many deliveries in one transaction, answered after its one sync. A failure
 * costs the mail it belongs to (schema/together.h). */
#pragma once

#include "core/desk/deliver.h"

/* One mail for one recipient, read and waiting to be decided. */
typedef struct {
    const Envelope *envelope; /* borrowed, as all of the next two */
    const Scan *scan;
    Mail *mail;       /* shared by the recipients of one mail */
    Outcome *outcome; /* set once it is on the disk */
    GError *error;    /* set otherwise: the sender's server keeps the mail */
} BatchItem;

/* Decides, commits, and wakes the notifier. Every item ends with one of `outcome` and `error`
 * set, which are the caller's; an item whose `error` is set left no trace. */
void deliver_batch(Desk *desk, BatchItem *const *items, guint n);
