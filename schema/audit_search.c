/* The search index against the messages.
 *
 * FTS5's own integrity check writes, and an audit reads only. So each message is looked up in
 * the table of what is indexed, and of a few it is asked whether their own words find them. */
#include "core/base/error.h"
#include "schema/audit_walk.h"
#include "schema/search.h"
#include "schema/sqlite.h"

#define CURE "run `mailwicket reindex`; nothing else is affected"
/* One message in so many is looked for, by so many words of its beginning and of its end. */
#define PROBE_EVERY "50"
#define PROBE_WORDS 6

/* Behind the mark, and not waiting to be renewed. */
#define SETTLED                                                                                \
    "id > ?1 AND id <= ?2 AND id <= (SELECT indexed_to FROM search_state) "                    \
    "AND NOT EXISTS (SELECT 1 FROM search_pending p WHERE p.message = x.id) "

static const struct {
    const char *what, *sql;
} questions[] = {
    {"is not in the search index",
     "SELECT id FROM message x WHERE " SETTLED "AND visibility <> 3 "
     "AND NOT EXISTS (SELECT 1 FROM search_docsize d WHERE d.id = x.id)"},
    {"is in the search index, and is dropped or gone",
     "SELECT id FROM search_docsize x WHERE " SETTLED
     "AND NOT EXISTS (SELECT 1 FROM message m WHERE m.id = x.id AND m.visibility <> 3)"},
};

static bool ask(Audit *audit, const char *sql, gint64 after, gint64 last, GArray **ret,
                GError **error)
{
    g_auto(Query) query = query_start(audit->store, sql);
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    return query_ids(&query, ret, error);
}

/* --- probes ------------------------------------------------------------------------------ */

/* WordEach */
static bool take_word(const char *word, gsize length, gsize from, gsize to, void *user)
{
    GPtrArray *words = user;
    g_ptr_array_add(words, g_strndup(word, length));
    return true;
}

static char *make_expression(const WordReader *reader, const char *text, gsize length)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    words_each(reader, text, length, take_word, words);
    if (words->len > 2 * PROBE_WORDS)
        g_ptr_array_remove_range(words, PROBE_WORDS, words->len - 2 * PROBE_WORDS);
    g_ptr_array_add(words, NULL);
    g_autofree char *all = g_strjoinv("\" AND \"", (char **)words->pdata);
    return g_strdup_printf("\"%s\"", all);
}

static bool is_found(Store *store, gint64 message, const char *expression, bool *ret,
                     GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT 1 FROM search s WHERE s.search MATCH ?1 AND s.rowid = ?2");
    query_bind_text(&query, expression);
    query_bind_int(&query, message);
    return query_step(&query, ret, error);
}

static bool probe_all(Audit *audit, const WordReader *reader, gint64 after, gint64 last,
                      GArray *ret_missed, GError **error)
{
    g_auto(Query) query = query_start(
        audit->store, "SELECT x.id, x.words FROM search_text x WHERE x." SETTLED
                      "AND visibility <> 3 AND (id % " PROBE_EVERY " = 0 OR id = ?2) "
                      "AND EXISTS (SELECT 1 FROM search_docsize d WHERE d.id = x.id)");
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    while (true) {
        bool row, found;
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            return true;
        gint64 id = query_read_int(&query);
        gsize length;
        const char *text = (const char *)query_read_blob(&query, &length);
        g_autofree char *expression = make_expression(reader, text, length);
        if (!is_found(audit->store, id, expression, &found, error))
            return false;
        if (!found)
            g_array_append_val(ret_missed, id);
    }
}

/* --- all --------------------------------------------------------------------------------- */

static void tell(Audit *audit, const GArray *ids, const char *what)
{
    for (guint i = 0; i < ids->len; i++)
        audit_tell(audit, "message", g_array_index(ids, gint64, i), what, CURE);
}

static bool look(Audit *audit, gint64 after, gint64 last, GError **error)
{
    g_autoptr(GArray) missed = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(WordReader) reader = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_autoptr(GArray) ids = NULL;
        if (!ask(audit, questions[i].sql, after, last, &ids, error))
            return false;
        tell(audit, ids, questions[i].what);
    }
    if (!word_reader_open(audit->store, &reader, error) ||
        !probe_all(audit, reader, after, last, missed, error))
        return false;
    tell(audit, missed, "is not found by its own words");
    return true;
}

bool audit_search(Audit *audit, gint64 after, gint64 last, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (look(audit, after, last, &why))
        return true;
    if (!g_error_matches(why, WICKET_ERROR, ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
    }
    audit_tell(audit, "search index", 0, "cannot be read", CURE);
    return true;
}
