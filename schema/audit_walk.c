/* Walking tables in steps that are short reads.
 *
 * A step ends at a row that is there, and not at a round number: ids may lie far apart. */
#include "schema/audit_walk.h"

#include "core/base/error.h"
#include "schema/sqlite.h"

#define STEP_ROWS "2000"
#define STEP(id, table)                                                                        \
    "SELECT max(" id "), count(*) FROM (SELECT DISTINCT " id " FROM " table " WHERE " id       \
    " > ?1 AND " id " <= ?2 ORDER BY " id " LIMIT " STEP_ROWS ")"

#define ENTRY(name, id, table)                                                                 \
    {                                                                                          \
        name, "SELECT max(" id ") FROM " table, STEP(id, table)                                \
    }

static const struct {
    const char *name, *bound, *step;
} tables[] = {
    [AUDIT_LEDGER] = ENTRY("ledger rows", "id", "ledger"),
    [AUDIT_MESSAGES] = ENTRY("messages", "id", "message"),
    [AUDIT_TICKETS] = ENTRY("tickets", "id", "ticket"),
    [AUDIT_OUTBOX] = ENTRY("outgoing mails", "id", "outbox"),
    [AUDIT_PIECES] = ENTRY("pieces of raw mails", "raw", "raw_piece"),
    [AUDIT_RAWS] = ENTRY("raw mails", "id", "raw"),
};

const char *audit_table_name(AuditTable table)
{
    return tables[table].name;
}

void audit_tell(Audit *audit, const char *kind, gint64 id, const char *what, const char *cure)
{
    const AuditFinding finding = {kind, id, what, cure};
    audit->found(&finding, audit->user);
}

bool audit_bear(Audit *audit, const char *kind, gint64 id, GError *why, GError **error)
{
    if (!g_error_matches(why, WICKET_ERROR, ERROR_CORRUPT)) {
        g_propagate_error(error, why);
        return false;
    }
    audit_tell(audit, kind, id, why->message, NULL);
    g_error_free(why);
    return true;
}

/* --- bounds ------------------------------------------------------------------------------ */

static bool read_bound(Audit *audit, AuditTable table, GError **error)
{
    g_auto(Query) query = query_start(audit->store, tables[table].bound);
    return query_int(&query, &audit->last[table], error);
}

static bool read_bounds(Audit *audit, GError **error)
{
    for (AuditTable table = 0; table < AUDIT_TABLES; table++) {
        g_autoptr(GError) why = NULL;
        if (read_bound(audit, table, &why))
            continue;
        if (!g_error_matches(why, WICKET_ERROR, ERROR_CORRUPT)) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        /* Where it is damaged the walk comes to it too, and tells. */
        audit->last[table] = G_MAXINT64;
    }
    return true;
}

bool audit_bounds(Audit *audit, GError **error)
{
    if (!store_begin_read(audit->store, error))
        return false;
    bool done = read_bounds(audit, error);
    store_rollback(audit->store);
    return done;
}

/* --- steps ------------------------------------------------------------------------------- */

/* *ret_count 0: no row is left. */
static bool find_step(Audit *audit, AuditTable table, gint64 after, gint64 *ret_last,
                      gint64 *ret_count, GError **error)
{
    g_auto(Query) query = query_start(audit->store, tables[table].step);
    query_bind_int(&query, after);
    query_bind_int(&query, audit->last[table]);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    *ret_last = row ? query_read_int(&query) : 0;
    *ret_count = row ? query_read_int(&query) : 0;
    return true;
}

void audit_show(const Audit *audit, AuditTable table, gint64 id)
{
    audit->progress(tables[table].name, id, audit->last[table], audit->user);
}

bool audit_walk(Audit *audit, AuditTable table, AuditStep step, void *user, GError **error)
{
    gint64 after = G_MININT64;
    while (true) {
        gint64 to, count;
        if (!find_step(audit, table, after, &to, &count, error))
            return false;
        if (count == 0)
            return true;
        if (!step(audit, after, to, user, error))
            return false;
        audit->looked_at[table] += count;
        audit_show(audit, table, to);
        after = to;
    }
}
