/* Filling the search index, in steps that are short whatever waits.
 *
 * Deliveries wait for the lock while a step has it, so a step ends after some messages or some
 * milliseconds, whichever comes first. FTS5 writes each step as a small segment, and each step
 * also merges some pages of older ones, for every segment makes a search longer.
 *
 * An entry is taken out with the words it was put in with, which search_pending keeps. Whether
 * there is one at all is what search_docsize, a table of FTS5's own, tells. */
#include "schema/search.h"

#include "schema/sqlite.h"

#define STEP_MESSAGES 100
#define STEP_USEC (5 * 1000)
#define STEP_PAGES 32

/* --- one message ------------------------------------------------------------------------- */

static bool is_indexed(Store *store, gint64 message, bool *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT 1 FROM search_docsize WHERE id = ?1");
    query_bind_int(&query, message);
    return query_step(&query, ret, error);
}

static bool take_out(Store *store, gint64 message, const char *was, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO search (search, rowid, words) VALUES ('delete', ?1, ?2)");
    query_bind_int(&query, message);
    query_bind_text(&query, was);
    return query_run(&query, error);
}

static bool insert(Store *store, gint64 message, const char *words, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO search (rowid, words) VALUES (?1, ?2)");
    query_bind_int(&query, message);
    query_bind_text(&query, words);
    return query_run(&query, error);
}

/* Dropped ones stay out. An INSERT from a SELECT would be shorter, but it opens a savepoint,
 * and at each of these FTS5 writes a segment. */
static bool put_in(Store *store, gint64 message, GError **error)
{
    g_autofree char *words = NULL;
    bool row;
    {
        g_auto(Query) query = query_start(
            store, "SELECT words FROM search_text WHERE id = ?1 AND visibility <> 3");
        query_bind_int(&query, message);
        if (!query_step(&query, &row, error))
            return false;
        words = row ? query_read_text(&query) : NULL;
    }
    return !words || insert(store, message, words, error);
}

/* --- what changed ------------------------------------------------------------------------ */

typedef struct {
    gint64 message; /* 0: nothing waits */
    char *was;
} Changed;

static void changed_clear(Changed *changed)
{
    g_free(changed->was);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Changed, changed_clear)

static bool next_changed(Store *store, Changed *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT message, was FROM search_pending ORDER BY message LIMIT 1");
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    if (row) {
        ret->message = query_read_int(&query);
        ret->was = query_read_text(&query);
    }
    return true;
}

static bool forget(Store *store, gint64 message, GError **error)
{
    g_auto(Query) query = query_start(store, "DELETE FROM search_pending WHERE message = ?1");
    query_bind_int(&query, message);
    return query_run(&query, error);
}

static bool renew(Store *store, const Changed *changed, GError **error)
{
    bool indexed;
    return is_indexed(store, changed->message, &indexed, error) &&
           (!indexed || take_out(store, changed->message, changed->was, error)) &&
           put_in(store, changed->message, error) && forget(store, changed->message, error);
}

/* --- what is new ------------------------------------------------------------------------- */

static bool read_mark(Store *store, gint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT indexed_to FROM search_state");
    return query_int(&query, ret, error);
}

static bool write_mark(Store *store, gint64 mark, GError **error)
{
    g_auto(Query) query = query_start(store, "UPDATE search_state SET indexed_to = ?1");
    query_bind_int(&query, mark);
    return query_run(&query, error);
}

static bool next_new(Store *store, gint64 mark, gint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT min(id) FROM message WHERE id > ?1");
    query_bind_int(&query, mark);
    return query_int(&query, ret, error);
}

/* --- a step ------------------------------------------------------------------------------ */

typedef struct {
    gint64 until; /* monotonic */
    int messages; /* so far */
} Step;

static bool may_go_on(Step *step)
{
    return step->messages++ < STEP_MESSAGES && g_get_monotonic_time() < step->until;
}

/* *ret_all: none is left. */
static bool renew_some(Store *store, Step *step, bool *ret_all, GError **error)
{
    *ret_all = false;
    while (may_go_on(step)) {
        g_auto(Changed) changed = {0};
        if (!next_changed(store, &changed, error))
            return false;
        if (changed.message == 0) {
            *ret_all = true;
            return true;
        }
        if (!renew(store, &changed, error))
            return false;
    }
    return true;
}

static bool add_some(Store *store, Step *step, bool *ret_all, GError **error)
{
    gint64 mark, next = 0;
    *ret_all = false;
    if (!read_mark(store, &mark, error))
        return false;
    while (may_go_on(step)) {
        if (!next_new(store, mark, &next, error))
            return false;
        *ret_all = next == 0;
        if (*ret_all)
            break;
        if (!put_in(store, next, error))
            return false;
        mark = next;
    }
    return write_mark(store, mark, error);
}

static bool fill(Store *store, bool *ret_all, GError **error)
{
    Step step = {g_get_monotonic_time() + STEP_USEC, 0};
    return renew_some(store, &step, ret_all, error) &&
           (!*ret_all || add_some(store, &step, ret_all, error));
}

/* FTS5 says by the number of changes whether it had anything to merge. */
static bool merge(Store *store, bool *ret_all, GError **error)
{
    gint64 before = sqlite3_total_changes64(store->db);
    g_auto(Query) query =
        query_start(store, "INSERT INTO search (search, rank) VALUES ('merge', ?1)");
    query_bind_int(&query, STEP_PAGES);
    if (!query_run(&query, error))
        return false;
    *ret_all = sqlite3_total_changes64(store->db) - before < 2;
    return true;
}

static bool fill_and_merge(Store *store, SearchState *ret, GError **error)
{
    bool filled, merged;
    if (!fill(store, &filled, error) || !merge(store, &merged, error))
        return false;
    *ret = filled && merged ? SEARCH_IDLE : SEARCH_BUSY;
    return true;
}

bool search_step(Store *store, SearchState *ret, GError **error)
{
    SearchState state;
    if (!store_begin(store, error))
        return false;
    if (!fill_and_merge(store, &state, error) || !store_commit(store, error)) {
        store_rollback(store);
        return false;
    }
    *ret = state;
    return true;
}

/* --- the whole --------------------------------------------------------------------------- */

/* Ids have no gaps but for deliveries that failed, so the difference will do. */
bool search_waiting(Store *store, gint64 *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT max(0, coalesce((SELECT max(id) FROM message), 0) - "
                           "(SELECT indexed_to FROM search_state)) + "
                           "(SELECT count(*) FROM search_pending)");
    return query_int(&query, ret, error);
}

static bool empty(Store *store, GError **error)
{
    g_auto(Query) index =
        query_start(store, "INSERT INTO search (search) VALUES ('delete-all')");
    g_auto(Query) pending = query_start(store, "DELETE FROM search_pending");
    return query_run(&index, error) && query_run(&pending, error) &&
           write_mark(store, 0, error);
}

bool search_reset(Store *store, GError **error)
{
    if (!store_begin(store, error))
        return false;
    if (empty(store, error))
        return store_commit(store, error);
    store_rollback(store);
    return false;
}
