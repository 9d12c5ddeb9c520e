/* Hits by ticket. */
#include "schema/search_hits.h"

static void free_key(gpointer key)
{
    g_free(key);
}

SearchHits search_hits_start(guint max)
{
    return (SearchHits){
        g_array_new(FALSE, FALSE, sizeof(SearchHit)),
        g_hash_table_new_full(g_int64_hash, g_int64_equal, free_key, NULL),
        max,
    };
}

void search_hits_end(SearchHits *hits)
{
    g_clear_pointer(&hits->list, g_array_unref);
    g_clear_pointer(&hits->seen, g_hash_table_unref);
}

bool search_hits_wanted(const SearchHits *hits)
{
    return hits->list->len < hits->max;
}

void search_hits_add(SearchHits *hits, gint64 message, gint64 ticket)
{
    gint64 key = ticket ? ticket : -message;
    const SearchHit hit = {message, ticket};
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(hits->seen, &key));
    if (known) {
        SearchHit *before = &g_array_index(hits->list, SearchHit, known - 1);
        before->message = MAX(before->message, message);
        return;
    }
    g_array_append_val(hits->list, hit);
    g_hash_table_insert(hits->seen, g_memdup2(&key, sizeof key),
                        GUINT_TO_POINTER(hits->list->len));
}
