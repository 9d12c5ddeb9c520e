/* Searching messages that wait for the index, by reading them.
 *
 * They are the newest, and few while the notifier runs. Of many only the newest are read: a
 * search must not become long because the index is behind. */
#include "schema/search_hits.h"
#include "schema/sqlite.h"

#include <string.h>

/* Of all their texts together: a megabyte takes a third of a second on a slow machine. */
#define TAIL_BYTES (256 * 1024)

typedef struct {
    const GPtrArray *words;
    bool *found; /* one a word */
    guint left;  /* not found yet */
} Matching;

/* WordEach */
static bool mark_word(const char *word, gsize length, gsize from, gsize to, void *user)
{
    Matching *matching = user;
    for (guint i = 0; i < matching->words->len; i++) {
        const char *wanted = matching->words->pdata[i];
        gsize size = strlen(wanted);
        if (matching->found[i] || size > length || memcmp(wanted, word, size) != 0)
            continue;
        matching->found[i] = true;
        matching->left--;
    }
    return matching->left > 0;
}

static bool has_all(const WordReader *reader, const GPtrArray *words, const char *text,
                    gsize length)
{
    g_autofree bool *found = g_new0(bool, words->len);
    Matching matching = {words, found, words->len};
    words_each(reader, text, length, mark_word, &matching);
    return matching.left == 0;
}

static bool read_all(Query *query, const WordReader *reader, const SearchQuestion *question,
                     SearchHits *hits, gsize *bytes, GError **error)
{
    while (*bytes < TAIL_BYTES && search_hits_wanted(hits)) {
        bool row;
        if (!query_step(query, &row, error))
            return false;
        if (!row)
            break;
        gint64 message = query_read_int(query), ticket = query_read_int(query);
        gsize length;
        const char *text = (const char *)query_read_blob(query, &length);
        *bytes += length;
        if (length && has_all(reader, question->words, text, length))
            search_hits_add(hits, message, ticket);
    }
    return true;
}

#define VISIBLE                                                                                \
    "s.visibility <> 3 AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = s.ticket "          \
    "AND t.deleted > 0) AND (?1 = 0 OR EXISTS (SELECT 1 FROM membership b "                    \
    "WHERE b.person = ?1 AND b.queue = s.queue)) "

static bool read_new(Store *store, const WordReader *reader, const SearchQuestion *question,
                     SearchHits *hits, gsize *bytes, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT s.id, s.ticket, s.words FROM search_text s "
                           "WHERE s.id > (SELECT indexed_to FROM search_state) AND " VISIBLE
                           "ORDER BY s.id DESC LIMIT ?2");
    query_bind_int(&query, question->person);
    query_bind_int(&query, SEARCH_TAIL);
    return read_all(&query, reader, question, hits, bytes, error);
}

static bool read_changed(Store *store, const WordReader *reader, const SearchQuestion *question,
                         SearchHits *hits, gsize *bytes, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT s.id, s.ticket, s.words FROM search_pending p "
                           "CROSS JOIN search_text s ON s.id = p.message WHERE " VISIBLE
                           "AND p.message <= (SELECT indexed_to FROM search_state) "
                           "ORDER BY p.message DESC LIMIT ?2");
    query_bind_int(&query, question->person);
    query_bind_int(&query, SEARCH_TAIL);
    return read_all(&query, reader, question, hits, bytes, error);
}

bool search_tail(Store *store, const WordReader *reader, const SearchQuestion *question,
                 SearchHits *hits, GError **error)
{
    gsize bytes = 0;
    return read_new(store, reader, question, hits, &bytes, error) &&
           read_changed(store, reader, question, hits, &bytes, error);
}
