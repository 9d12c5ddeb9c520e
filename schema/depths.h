/* How much waits and how much has passed, for monitoring: a few milliseconds on a desk of any
 * size, for at most DEPTHS_RECENT rows are looked at where no index helps. */
#pragma once

#include "schema/store.h"

#define DEPTHS_RECENT 20000

typedef struct {
    gint64 waiting;    /* mails to be sent, due or not */
    gint64 due, since; /* of these due now, and since when the first of them is; 0 none */
    gint64 dead;       /* mails given up in the last day, as their tickets tell it */
    gint64 held;       /* messages waiting for a decision */
    gint64 last_in;    /* when the last delivery was; 0 never */
    gint64 last_out;   /* when one of the latest mails was last sent; 0 none of them */
    gint64 deliveries; /* of the last day */
    gint64 unparsed;   /* of these, mails whose parsers died */
    gint64 unindexed;  /* messages that wait for the search index */
} Depths;

bool depths_read(Store *store, gint64 now, Depths *ret, GError **error);
