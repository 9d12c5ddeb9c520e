/* One table of questions, each of which yields the ids of what is wrong.
 *
 * They are written for the whole table at once (EXCEPT, and not a lookup a row), because what
 * they compare has no index: none is kept on the path of every mail for the sake of a check. */
#include "schema/audit.h"

#include "schema/sqlite.h"

#define FINDINGS_MAX 100 /* of one question; what is behind it is seldom another fault */

static const struct {
    const char *kind, *what, *sql;
} questions[] = {
    {"ledger row", "took effect without a raw mail",
     "SELECT id FROM ledger WHERE verdict NOT IN ('duplicate', 'refused') AND raw IS NULL"},
    {"ledger row", "opened or entered a ticket and names none, or no message",
     "SELECT id FROM ledger WHERE verdict IN ('ticket', 'reply', 'note') "
     "AND (ticket IS NULL OR message IS NULL)"},
    {"message", "has no ledger row",
     "SELECT id FROM message EXCEPT SELECT message FROM ledger WHERE message IS NOT NULL"},
    {"message", "has no raw mail", "SELECT id FROM message WHERE raw IS NULL"},
    {"raw mail", "belongs to no ledger row and no message",
     "SELECT id FROM raw EXCEPT SELECT raw FROM ledger WHERE raw IS NOT NULL "
     "EXCEPT SELECT raw FROM message WHERE raw IS NOT NULL"},
    {"raw mail", "is not in the table, but pieces of it are",
     "SELECT DISTINCT raw FROM raw_piece EXCEPT SELECT id FROM raw"},
    {"message", "has an attachment that lies outside its raw mail",
     "SELECT DISTINCT a.message FROM attachment a JOIN message m ON m.id = a.message "
     "JOIN raw r ON r.id = m.raw WHERE a.offset < 0 OR a.length < 0 "
     "OR a.offset + a.length > r.size"},
    {"outgoing mail", "is marked rendered and has no bytes",
     "SELECT id FROM outbox WHERE rendered EXCEPT SELECT outbox FROM outbox_piece"},
    {"ticket", "has no message", "SELECT id FROM ticket EXCEPT SELECT ticket FROM message"},
    {"queue", "has given numbers past its counter",
     "SELECT q.id FROM queue q WHERE q.last_number < "
     "(SELECT max(number) FROM ticket t WHERE t.queue = q.id)"},
};

bool audit_rows(Store *store, AuditFinding finding, void *user, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_auto(Query) query = query_start(store, questions[i].sql);
        bool row;
        for (int n = 0; n < FINDINGS_MAX; n++) {
            if (!query_step(&query, &row, error))
                return false;
            if (!row)
                break;
            finding(questions[i].kind, query_read_int(&query), questions[i].what, user);
        }
    }
    return true;
}

static bool audit_integrity(Store *store, AuditFinding finding, void *user, GError **error)
{
    g_auto(Query) query = query_start(store, "PRAGMA integrity_check(100)");
    for (;;) {
        bool row;
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            return true;
        g_autofree char *words = query_read_text(&query);
        if (g_strcmp0(words, "ok") != 0)
            finding("database", 0, words, user);
    }
}

static bool audit_references(Store *store, AuditFinding finding, void *user, GError **error)
{
    g_auto(Query) query = query_start(store, "PRAGMA foreign_key_check");
    for (int n = 0; n < FINDINGS_MAX; n++) {
        bool row;
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            break;
        g_autofree char *table = query_read_text(&query);
        gint64 id = query_read_int(&query);
        g_autofree char *parent = query_read_text(&query);
        g_autofree char *what = g_strdup_printf("names a %s that does not exist", parent);
        finding(table, id, what, user);
    }
    return true;
}

bool audit_file(Store *store, AuditFinding finding, void *user, GError **error)
{
    return audit_integrity(store, finding, user, error) &&
           audit_references(store, finding, user, error);
}

bool audit_next_raw(Store *store, gint64 after, gint64 *ret_id, guint64 *ret_size,
                    guint8 ret_hash[32], GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT id, size, hash FROM raw WHERE id > ?1 ORDER BY id LIMIT 1");
    query_bind_int(&query, after);
    bool row;
    *ret_id = 0;
    if (!query_step(&query, &row, error))
        return false;
    if (!row)
        return true;
    *ret_id = query_read_int(&query);
    *ret_size = (guint64)query_read_int(&query);
    query_read_bytes(&query, ret_hash, 32);
    return true;
}

bool audit_count_raws(Store *store, gint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT count(*) FROM raw");
    return query_int(&query, ret, error);
}
