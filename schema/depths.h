/* How much waits and how much has passed, for monitoring: quick on a desk of any size. */
#pragma once

#include "schema/store.h"

typedef struct {
    gint64 waiting;    /* mails to be sent, due or not */
    gint64 due, since; /* of these due now, and since when the first of them is; 0 none */
    gint64 dead;       /* mails given up in the last day, among the latest DEPTHS_RECENT */
    gint64 held;       /* messages waiting for a decision */
    gint64 last_in;    /* when the last delivery was; 0 never */
    gint64 last_out;   /* when a mail was last sent, among the latest; 0 never */
    gint64 deliveries; /* of the last day, among the latest DEPTHS_RECENT */
    gint64 unparsed;   /* of these, mails whose parsers died */
} Depths;

/* Rows that are looked at where no index helps. */
#define DEPTHS_RECENT 20000

bool depths_read(Store *store, gint64 now, Depths *ret, GError **error);
