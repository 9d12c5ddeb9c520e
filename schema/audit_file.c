/* SQLite's own checks: the pages, indexes and constraints of the file, and its references. */
#include "core/base/error.h"
#include "schema/audit_walk.h"
#include "schema/sqlite.h"

#include <string.h>

#define REINDEX                                                                                \
    "if nothing else is found: stop all programs, run `sqlite3 mailwicket.db REINDEX` in the " \
    "data folder as its owner, start them again"

static gpointer read_words(Query *query)
{
    return query_read_text(query);
}

static bool ask_integrity(Store *store, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, "PRAGMA integrity_check(1000)");
    return query_list(&query, read_words, g_free, ret, error);
}

static bool is_of_index(const char *words)
{
    return strstr(words, " from index ") || strstr(words, " in index ");
}

static bool check_integrity(Audit *audit, GError **error)
{
    g_autoptr(GPtrArray) lines = NULL;
    GError *why = NULL;
    if (!ask_integrity(audit->store, &lines, &why))
        return audit_bear(audit, "database", 0, why, error);
    for (guint i = 0; i < lines->len; i++) {
        const char *words = lines->pdata[i];
        if (strcmp(words, "ok") != 0)
            audit_tell(audit, "database", 0, words,
                       is_of_index(words) ? REINDEX : AUDIT_RESTORE);
    }
    return true;
}

/* --- references -------------------------------------------------------------------------- */

typedef struct {
    gint64 row; /* 0: of a table whose rows have no id of their own */
    char *parent;
} Dangling;

static void dangling_free(gpointer dangling)
{
    g_free(((Dangling *)dangling)->parent);
    g_free(dangling);
}

static gpointer read_dangling(Query *query)
{
    Dangling *dangling = g_new0(Dangling, 1);
    dangling->row = query_read_int(query);
    dangling->parent = query_read_text(query);
    return dangling;
}

/* Rows without an id are known by the one they name. */
#define MISSED(child, column, parent)                                                          \
    {                                                                                          \
        child, parent,                                                                         \
            "SELECT DISTINCT c." column " FROM " child " c WHERE c." column                    \
            " IS NOT NULL AND NOT EXISTS (SELECT 1 FROM " parent " p WHERE p.id = c." column   \
            ")"                                                                                \
    }
static const struct {
    const char *child, *parent, *sql;
} missed[] = {
    MISSED("address", "person", "person"),
    MISSED("membership", "queue", "queue"),
    MISSED("membership", "person", "person"),
    MISSED("ticket_link", "ticket", "ticket"),
    MISSED("ticket_link", "other", "ticket"),
    MISSED("command", "run", "run"),
    MISSED("command", "ticket", "ticket"),
    MISSED("ticket_tag", "ticket", "ticket"),
    MISSED("assignee", "ticket", "ticket"),
    MISSED("assignee", "person", "person"),
    MISSED("message_reference", "message", "message"),
    MISSED("message_addressee", "message", "message"),
    MISSED("attachment", "message", "message"),
    MISSED("link", "ticket", "ticket"),
    MISSED("link", "person", "person"),
};

static bool ask_missed(Store *store, const char *sql, GArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, sql);
    return query_ids(&query, ret, error);
}

static bool tell_missed(Audit *audit, const char *child, const char *parent, GError **error)
{
    g_autofree char *what = g_strdup_printf("does not exist, but %s names it", child);
    for (gsize i = 0; i < G_N_ELEMENTS(missed); i++) {
        g_autoptr(GArray) ids = NULL;
        if (strcmp(missed[i].child, child) != 0 || strcmp(missed[i].parent, parent) != 0)
            continue;
        if (!ask_missed(audit->store, missed[i].sql, &ids, error))
            return false;
        for (guint n = 0; n < ids->len; n++)
            audit_tell(audit, parent, g_array_index(ids, gint64, n), what, AUDIT_RESTORE);
    }
    return true;
}

static bool ask_dangling(Store *store, const char *table, GPtrArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT \"rowid\", \"parent\" FROM pragma_foreign_key_check(?1)");
    query_bind_text(&query, table);
    return query_list(&query, read_dangling, dangling_free, ret, error);
}

static bool check_table(Audit *audit, const char *table, GError **error)
{
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(GHashTable) parents = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer parent;
    if (!ask_dangling(audit->store, table, &rows, error))
        return false;
    for (guint i = 0; i < rows->len; i++) {
        const Dangling *dangling = rows->pdata[i];
        g_autofree char *what =
            g_strdup_printf("names a %s that does not exist", dangling->parent);
        if (dangling->row)
            audit_tell(audit, table, dangling->row, what, AUDIT_RESTORE);
        else
            g_hash_table_add(parents, dangling->parent);
    }
    g_hash_table_iter_init(&iter, parents);
    while (g_hash_table_iter_next(&iter, &parent, NULL))
        if (!tell_missed(audit, table, parent, error))
            return false;
    return true;
}

static bool list_tables(Store *store, GPtrArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    return query_list(&query, read_words, g_free, ret, error);
}

/* A table at a time, so that none of these reads is longer than it must be. */
static bool check_references(Audit *audit, GError **error)
{
    g_autoptr(GPtrArray) tables = NULL;
    if (!list_tables(audit->store, &tables, error))
        return false;
    for (guint i = 0; i < tables->len; i++) {
        const char *table = tables->pdata[i];
        GError *why = NULL;
        audit->progress("references", i + 1, tables->len, audit->user);
        if (!check_table(audit, table, &why) && !audit_bear(audit, table, 0, why, error))
            return false;
    }
    return true;
}

bool audit_file(Audit *audit, GError **error)
{
    GError *why = NULL;
    audit->progress("the file", 0, 0, audit->user);
    if (!check_integrity(audit, error))
        return false;
    return check_references(audit, &why) || audit_bear(audit, "database", 0, why, error);
}
