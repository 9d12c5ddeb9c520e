/* What the parts of a search share. Nothing outside schema/ includes it. */
#pragma once

#include "schema/search.h"

/* The newest message of each ticket; a message outside any stands for itself. */
typedef struct {
    GArray *list;     /* SearchHit */
    GHashTable *seen; /* tickets, and messages outside any as negative numbers → index + 1 */
    guint max;
} SearchHits;

SearchHits search_hits_start(guint max);
void search_hits_end(SearchHits *hits);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SearchHits, search_hits_end)

bool search_hits_wanted(const SearchHits *hits);
void search_hits_add(SearchHits *hits, gint64 message, gint64 ticket);

/* Adds what is not in the index yet, as far as SEARCH_TAIL messages: the newest of what is new
 * and of what changed. */
#define SEARCH_TAIL 200
bool search_tail(Store *store, const WordReader *reader, const SearchQuestion *question,
                 SearchHits *hits, GError **error);
