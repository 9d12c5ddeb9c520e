/* Asking the search index.
 *
 * Not here: filling it (search_fill.c), what is not in it yet (search_tail.c).
 *
 * FTS5 yields the newest first without looking at the rest, so a common word costs no more than
 * a rare one. Its own prefix queries do not: they gather every entry first. So the words with a
 * common beginning are looked up one by one, each by a seek, and asked for as alternatives. */
#include "schema/search.h"

#include "schema/search_hits.h"
#include "schema/sqlite.h"

#include <string.h>

/* So many words that begin with one asked for, and with all of them. */
#define BEGINNINGS 128
#define ALL_BEGINNINGS 256
/* Messages that are looked at: a ticket may have thousands. */
#define CANDIDATES 5000

/* --- words with a common beginning ------------------------------------------------------- */

/* The first word of the index from `from` on that is before `end`; *ret NULL: there is none. */
static bool next_word(Store *store, const char *from, const char *end, char **ret,
                      GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT term FROM search_word WHERE term >= ?1 AND term < ?2 LIMIT 1");
    query_bind_text(&query, from);
    query_bind_text(&query, end);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    *ret = row ? query_read_text(&query) : NULL;
    return true;
}

/* Adds those after `word` itself; at most `max`, then *ret_all is false. */
static bool add_words(Store *store, const char *word, guint max, GPtrArray *words,
                      bool *ret_all, GError **error)
{
    /* The words are UTF-8, compared by bytes: past the prefix no byte is as large. */
    g_autofree char *end = g_strconcat(word, "\xf4\x8f\xbf\xbf", NULL);
    g_autofree char *from = g_strconcat(word, "\x01", NULL);
    for (guint i = 0; i <= max; i++) {
        char *next = NULL;
        if (!next_word(store, from, end, &next, error))
            return false;
        *ret_all = !next;
        if (!next || i == max) {
            g_free(next);
            return true;
        }
        g_ptr_array_add(words, next);
        g_free(from);
        from = g_strconcat(next, "\x01", NULL);
    }
    return true;
}

/* --- the expression ---------------------------------------------------------------------- */

/* Words are letters and digits, but the quotes make sure: nothing in them is an operator. */
static void append_words(GString *out, const GPtrArray *words)
{
    g_string_append(out, out->len ? " AND (" : "(");
    for (guint i = 0; i < words->len; i++) {
        g_autofree char *word = g_strdelimit(g_strdup(words->pdata[i]), "\"", ' ');
        g_string_append_printf(out, "%s\"%s\"", i ? " OR " : "", word);
    }
    g_string_append_c(out, ')');
}

static gpointer read_queue_word(Query *query)
{
    return query_read_text(query);
}

/* The words that stand for the queues a person serves, as search_text has them. */
static bool append_queues(Store *store, gint64 person, GString *out, GError **error)
{
    g_autoptr(GPtrArray) words = NULL;
    g_auto(Query) query =
        query_start(store, "SELECT char(57344) || queue FROM membership WHERE person = ?1");
    query_bind_int(&query, person);
    if (!query_list(&query, read_queue_word, g_free, &words, error))
        return false;
    if (words->len)
        append_words(out, words);
    return true;
}

static bool make_expression(Store *store, const SearchQuestion *question, GString *out,
                            bool *ret_beginnings, GError **error)
{
    guint left = ALL_BEGINNINGS;
    *ret_beginnings = true;
    for (guint i = 0; i < question->words->len; i++) {
        g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
        bool all = true;
        g_ptr_array_add(words, g_strdup(question->words->pdata[i]));
        if (!add_words(store, words->pdata[0], MIN(left, BEGINNINGS), words, &all, error))
            return false;
        left -= words->len - 1;
        *ret_beginnings = *ret_beginnings && all;
        append_words(out, words);
    }
    return question->person == 0 || append_queues(store, question->person, out, error);
}

/* --- asking ------------------------------------------------------------------------------ */

/* The index may be behind, so what may be seen is asked of the messages themselves. */
static bool ask(Store *store, const char *expression, const SearchQuestion *question,
                SearchHits *hits, GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT m.id, m.ticket FROM search s CROSS JOIN message m ON m.id = s.rowid "
               "LEFT JOIN ticket t ON t.id = m.ticket "
               "WHERE s.search MATCH ?1 AND m.visibility <> 3 "
               "AND coalesce(t.deleted, 0) = 0 AND (?2 = 0 OR EXISTS "
               "(SELECT 1 FROM membership b WHERE b.person = ?2 "
               "AND b.queue = coalesce(nullif(t.served, 0), t.queue, m.queue))) "
               "AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.message = m.id) "
               "ORDER BY s.rowid DESC LIMIT ?3");
    query_bind_text(&query, expression);
    query_bind_int(&query, question->person);
    query_bind_int(&query, CANDIDATES);
    while (search_hits_wanted(hits)) {
        bool row;
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            break;
        gint64 message = query_read_int(&query);
        search_hits_add(hits, message, query_read_int(&query));
    }
    return true;
}

static int by_message(gconstpointer left, gconstpointer right)
{
    gint64 a = ((const SearchHit *)left)->message, b = ((const SearchHit *)right)->message;
    return a < b ? 1 : a > b ? -1 : 0;
}

/* What waits first: what is indexed meanwhile is found twice rather than never. */
bool search_find(Store *store, const WordReader *reader, const SearchQuestion *question,
                 GArray **ret, bool *ret_beginnings, GError **error)
{
    g_auto(SearchHits) waiting = search_hits_start(question->max);
    g_auto(SearchHits) indexed = search_hits_start(question->max);
    g_autoptr(GString) expression = g_string_new(NULL);
    if (!search_tail(store, reader, question, &waiting, error) ||
        !make_expression(store, question, expression, ret_beginnings, error) ||
        !ask(store, expression->str, question, &indexed, error))
        return false;
    for (guint i = 0; i < indexed.list->len; i++) {
        const SearchHit *hit = &g_array_index(indexed.list, SearchHit, i);
        search_hits_add(&waiting, hit->message, hit->ticket);
    }
    g_array_sort(waiting.list, by_message);
    if (waiting.list->len > question->max)
        g_array_set_size(waiting.list, question->max);
    *ret = g_steal_pointer(&waiting.list);
    return true;
}
