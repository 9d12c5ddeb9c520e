/* When the search index is filled: between mails, in steps with pauses, so that deliveries get
 * the store's lock. */
#pragma once

#include "schema/store.h"

/* All zeros at the start. */
typedef struct {
    gint64 due;   /* when the next step may begin, monotonic; 0: nothing was waiting */
    bool untidy;  /* since the last step there may be something to put in order */
    bool resting; /* the last step failed */
    gint64 last;  /* when the last step ended */
} Indexing;

/* Takes a step if it is time for one. New messages may gather for a second, a great many begin
 * at once; while mails are to be sent (`busy`) there is a step a second. *ret_wait_ms: until it
 * should be called again; -1: until there is something new. After an error it rests for a
 * minute. */
bool indexing_turn(Indexing *indexing, Store *store, bool busy, int *ret_wait_ms,
                   GError **error);
/* Takes steps until all is done or `usec` have passed. */
bool indexing_for(Store *store, gint64 usec, GError **error);
