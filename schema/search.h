/* The search index over messages: title, subject, author and what was written.
 *
 * Every message but the dropped is in it, as far as its first 50,000 characters, or waits for
 * it: behind a mark when it is new, in a list when it changed (0008-search.sql). Searching
 * looks at the index, and at the newest of those that wait, so a mail can be found once it is
 * delivered. Only the notifier fills the index. */
#pragma once

#include "schema/words.h"

/* --- filling ----------------------------------------------------------------------------- */

typedef enum {
    SEARCH_IDLE, /* nothing is left to do */
    SEARCH_BUSY, /* there is more */
} SearchState;

/* One step, a write transaction that takes some ten milliseconds: some messages that wait are
 * indexed, and a part of the index is put in order. */
bool search_step(Store *store, SearchState *ret, GError **error);
/* How many messages wait. */
bool search_waiting(Store *store, gint64 *ret, GError **error);
/* Empties the index, so that it is filled anew, in a transaction of its own. */
bool search_reset(Store *store, GError **error);

/* --- searching --------------------------------------------------------------------------- */

typedef struct {
    gint64 message, ticket; /* ticket 0: held outside any */
} SearchHit;

typedef struct {
    const GPtrArray *words; /* char *, folded as words.h has it; at least one */
    gint64 person;          /* only of the queues that they serve; 0: of all */
    guint max;              /* tickets, a message outside any counting as one */
} SearchQuestion;

/* Messages with all the words, or with words that begin with them, none that is dropped or in
 * the trash, the newest of each ticket, newest first: SearchHit. *ret_beginnings: false where
 * so many different words begin with one of those asked for that only the first of them were
 * looked at (the word itself always is). Reads statement by statement, in whatever transaction
 * there is. */
bool search_find(Store *store, const WordReader *reader, const SearchQuestion *question,
                 GArray **ret, bool *ret_beginnings, GError **error);
