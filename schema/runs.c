/* Runs and their lines. What a line means is core/desk's. */
#include "schema/runs.h"

#include "schema/sqlite.h"

#define SELECT                                                                                 \
    "SELECT id, at, person, queue, ticket, language, subject, message_id, content_hash, "      \
    "done, text, undone FROM run "

void run_line_free(RunLine *line)
{
    if (!line)
        return;
    g_free(line->line);
    g_free(line->verb);
    g_free(line->answer);
    g_free(line->undo);
    g_free(line);
}

void run_free(Run *run)
{
    if (!run)
        return;
    g_free(run->language);
    g_free(run->subject);
    g_free(run->message_id);
    g_free(run->text);
    g_clear_pointer(&run->lines, g_ptr_array_unref);
    g_free(run);
}

RunLine *run_line_new(const char *text, const char *verb)
{
    RunLine *line = g_new0(RunLine, 1);
    line->line = g_strdup(text);
    line->verb = g_strdup(verb);
    line->answer = g_strdup("");
    line->undo = g_strdup("");
    return line;
}

/* --- writing ----------------------------------------------------------------------------- */

static bool add_line(Store *store, gint64 run, gint64 n, const RunLine *line, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO command (run, n, line, verb, ticket, good, answer, undo) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(&query, run);
    query_bind_int(&query, n);
    query_bind_text(&query, line->line);
    query_bind_text(&query, line->verb);
    query_bind_id(&query, line->ticket);
    query_bind_int(&query, line->good);
    query_bind_text(&query, line->answer);
    query_bind_text(&query, line->undo);
    return query_run(&query, error);
}

static bool add_run(Store *store, const Run *run, gint64 *ret_id, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO run (at, person, queue, ticket, language, subject, "
                           "message_id, content_hash, done, text) "
                           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    query_bind_int(&query, run->at);
    query_bind_int(&query, run->person);
    query_bind_int(&query, run->queue);
    query_bind_id(&query, run->ticket);
    query_bind_text(&query, run->language);
    query_bind_text(&query, run->subject);
    query_bind_text(&query, run->message_id);
    query_bind_bytes(&query, run->content_hash, sizeof run->content_hash);
    query_bind_int(&query, run->done);
    query_bind_text(&query, run->text);
    return query_insert(&query, ret_id, error);
}

bool runs_add(Store *store, const Run *run, gint64 *ret_id, GError **error)
{
    if (!add_run(store, run, ret_id, error))
        return false;
    for (guint i = 0; i < run->lines->len; i++)
        if (!add_line(store, *ret_id, i + 1, run->lines->pdata[i], error))
            return false;
    return true;
}

bool runs_undone(Store *store, gint64 id, gint64 at, GError **error)
{
    g_auto(Query) query = query_start(store, "UPDATE run SET undone = ?1 WHERE id = ?2");
    query_bind_int(&query, at);
    query_bind_int(&query, id);
    return query_run(&query, error);
}

/* --- reading ----------------------------------------------------------------------------- */

static gpointer read_line(Query *query)
{
    RunLine *line = g_new0(RunLine, 1);
    line->line = query_read_text(query);
    line->verb = query_read_text(query);
    line->ticket = query_read_int(query);
    line->good = query_read_int(query) != 0;
    line->answer = query_read_text(query);
    line->undo = query_read_text(query);
    return line;
}

static bool read_lines(Store *store, Run *run, GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT line, verb, ticket, good, answer, undo FROM command WHERE run = ?1 "
               "ORDER BY n");
    query_bind_int(&query, run->id);
    return query_list(&query, read_line, (GDestroyNotify)run_line_free, &run->lines, error);
}

static Run *read_run(Query *query)
{
    Run *run = g_new0(Run, 1);
    run->id = query_read_int(query);
    run->at = query_read_int(query);
    run->person = query_read_int(query);
    run->queue = query_read_int(query);
    run->ticket = query_read_int(query);
    run->language = query_read_text(query);
    run->subject = query_read_text(query);
    run->message_id = query_read_text(query);
    query_read_bytes(query, run->content_hash, sizeof run->content_hash);
    run->done = query_read_int(query) != 0;
    run->text = query_read_text(query);
    run->undone = query_read_int(query);
    return run;
}

static bool find(Query *query, Run **ret, GError **error)
{
    bool row;
    *ret = NULL;
    if (!query_step(query, &row, error))
        return false;
    if (!row)
        return true;
    g_autoptr(Run) run = read_run(query);
    if (!read_lines(query->store, run, error))
        return false;
    *ret = g_steal_pointer(&run);
    return true;
}

bool runs_by_id(Store *store, gint64 id, Run **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE id = ?1");
    query_bind_int(&query, id);
    return find(&query, ret, error);
}

bool runs_last(Store *store, gint64 person, gint64 ticket, gint64 since, Run **ret,
               GError **error)
{
    g_auto(Query) query =
        query_start(store, SELECT "WHERE person = ?1 AND ticket = ?2 AND at >= ?3 AND done "
                                  "AND undone = 0 AND EXISTS (SELECT 1 FROM command c "
                                  "WHERE c.run = run.id AND c.undo <> '') "
                                  "ORDER BY id DESC LIMIT 1");
    query_bind_int(&query, person);
    query_bind_int(&query, ticket);
    query_bind_int(&query, since);
    return find(&query, ret, error);
}

bool runs_has_content(Store *store, const guint8 *content_hash, gint64 ticket, bool *ret,
                      GError **error)
{
    gint64 found = 0;
    g_auto(Query) query = query_start(store, "SELECT count(*) FROM run WHERE content_hash = ?1 "
                                             "AND ifnull(ticket, 0) = ?2");
    query_bind_bytes(&query, content_hash, 32);
    query_bind_int(&query, ticket);
    if (!query_int(&query, &found, error))
        return false;
    *ret = found > 0;
    return true;
}

bool runs_count(Store *store, gint64 person, gint64 since, gint64 *ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT count(*) FROM run WHERE person = ?1 AND at >= ?2");
    query_bind_int(&query, person);
    query_bind_int(&query, since);
    return query_int(&query, ret, error);
}
