/* How rows belong together: one table of questions, each of which yields the ids of what is
 * wrong.
 *
 * Not here: what SQLite itself says of the file (audit_file.c), what nothing uses
 * (audit_uses.c), the bytes of raw mails (audit_bytes.c), the search index (audit_search.c). */
#include "schema/audit_walk.h"
#include "schema/sqlite.h"

/* Verdicts and what they leave: core/desk. Every mail that was not refused is kept; one that
 * entered a ticket, or is held, is a message; a bounce is noted on a ticket or held. */
static const struct {
    AuditTable table;
    const char *kind, *what, *cure;
    const char *sql; /* ?1, ?2: a range of the table's ids, as in audit_walk.h */
} questions[] = {
    {AUDIT_LEDGER, "ledger row", "took effect without a raw mail", AUDIT_RESTORE,
     "SELECT id FROM ledger WHERE id > ?1 AND id <= ?2 AND raw IS NULL "
     "AND verdict NOT IN ('duplicate', 'refused')"},
    {AUDIT_LEDGER, "ledger row", "repeats a delivery and names no raw mail", AUDIT_RESTORE,
     "SELECT id FROM ledger WHERE id > ?1 AND id <= ?2 AND raw IS NULL "
     "AND verdict = 'duplicate'"},
    {AUDIT_LEDGER, "ledger row", "opened or entered a ticket and names none, or no message",
     AUDIT_RESTORE,
     "SELECT id FROM ledger WHERE id > ?1 AND id <= ?2 "
     "AND verdict IN ('ticket', 'reply', 'note', 'auto-reply') "
     "AND (ticket IS NULL OR message IS NULL)"},
    {AUDIT_LEDGER, "ledger row", "is of a held mail and names no message", AUDIT_RESTORE,
     "SELECT id FROM ledger WHERE id > ?1 AND id <= ?2 AND verdict = 'held' "
     "AND message IS NULL"},
    {AUDIT_LEDGER, "ledger row", "is of a bounce that is neither on a ticket nor held",
     AUDIT_RESTORE,
     "SELECT id FROM ledger WHERE id > ?1 AND id <= ?2 AND verdict = 'bounce' "
     "AND ticket IS NULL AND message IS NULL"},
    {AUDIT_LEDGER, "ledger row", "has a verdict that there is not", AUDIT_RESTORE,
     "SELECT id FROM ledger WHERE id > ?1 AND id <= ?2 "
     "AND verdict NOT IN ('ticket', 'reply', 'note', 'command', 'held', 'bounce', "
     "'auto-reply', 'receipt', 'loop', 'duplicate', 'refused', 'unparsed')"},
    {AUDIT_LEDGER, "ledger row", "names a message of another ticket", AUDIT_RESTORE,
     "SELECT l.id FROM ledger l JOIN message m ON m.id = l.message "
     "WHERE l.id > ?1 AND l.id <= ?2 AND l.ticket IS NOT m.ticket AND l.ticket IS NOT NULL"},
    /* A reply's may be the answer to a question about it. */
    {AUDIT_LEDGER, "ledger row", "names another raw mail than its message does", AUDIT_RESTORE,
     "SELECT l.id FROM ledger l JOIN message m ON m.id = l.message "
     "WHERE l.id > ?1 AND l.id <= ?2 AND l.verdict IN ('ticket', 'auto-reply') "
     "AND l.raw IS NOT m.raw"},
    {AUDIT_MESSAGES, "message", "has no raw mail", AUDIT_RESTORE,
     "SELECT id FROM message WHERE id > ?1 AND id <= ?2 AND raw IS NULL"},
    {AUDIT_MESSAGES, "message", "is on no ticket and not held, so nobody sees it",
     AUDIT_RESTORE,
     "SELECT id FROM message WHERE id > ?1 AND id <= ?2 AND ticket IS NULL "
     "AND visibility NOT IN (2, 3)"},
    {AUDIT_MESSAGES, "message", "has an attachment that lies outside its raw mail",
     AUDIT_RESTORE,
     "SELECT DISTINCT a.message FROM attachment a JOIN message m ON m.id = a.message "
     "JOIN raw r ON r.id = m.raw WHERE a.message > ?1 AND a.message <= ?2 "
     "AND (a.offset < 0 OR a.length < 0 OR a.offset + a.length > r.size "
     "OR a.inner_offset < 0 OR a.inner_length < 0)"},
    {AUDIT_TICKETS, "ticket", "has no message", AUDIT_RESTORE,
     "SELECT t.id FROM ticket t WHERE t.id > ?1 AND t.id <= ?2 "
     "AND NOT EXISTS (SELECT 1 FROM message m WHERE m.ticket = t.id)"},
    {AUDIT_OUTBOX, "outgoing mail", "is marked rendered and its bytes are not complete",
     AUDIT_RESTORE,
     "SELECT o.id FROM outbox o WHERE o.id > ?1 AND o.id <= ?2 AND o.rendered "
     "AND (SELECT count(*) <> coalesce(max(seq), 0) + 1 FROM outbox_piece p "
     "WHERE p.outbox = o.id)"},
    {AUDIT_PIECES, "raw mail", "is not in the table, but pieces of it are", AUDIT_RESTORE,
     "SELECT DISTINCT p.raw FROM raw_piece p WHERE p.raw > ?1 AND p.raw <= ?2 "
     "AND NOT EXISTS (SELECT 1 FROM raw r WHERE r.id = p.raw)"},
};

/* Of a table as a whole; each reads one index, or a table of few rows. */
static const struct {
    const char *kind, *what, *cure, *sql;
} whole[] = {
    /* The unique index keeps it from happening, while it is there. */
    {"ledger row", "is a second one that takes effect for one delivery key", AUDIT_RESTORE,
     "SELECT max(id) FROM ledger WHERE verdict NOT IN ('duplicate', 'refused') "
     "GROUP BY key HAVING count(*) > 1"},
    {"queue", "has given numbers past its counter, so the next new tickets are deferred",
     "set its last_number in table queue to the largest number in table ticket",
     "SELECT q.id FROM queue q WHERE q.last_number < "
     "(SELECT max(number) FROM ticket t WHERE t.queue = q.id)"},
};

static void tell_all(Audit *audit, const char *kind, const GArray *ids, const char *what,
                     const char *cure)
{
    for (guint i = 0; i < ids->len; i++)
        audit_tell(audit, kind, g_array_index(ids, gint64, i), what, cure);
}

/* --- in steps ---------------------------------------------------------------------------- */

static bool ask(Audit *audit, const char *sql, gint64 after, gint64 last, GArray **ret,
                GError **error)
{
    g_auto(Query) query = query_start(audit->store, sql);
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    return query_ids(&query, ret, error);
}

static bool ask_all(Audit *audit, AuditTable table, gint64 after, gint64 last, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_autoptr(GArray) ids = NULL;
        if (questions[i].table != table)
            continue;
        if (!ask(audit, questions[i].sql, after, last, &ids, error))
            return false;
        tell_all(audit, questions[i].kind, ids, questions[i].what, questions[i].cure);
    }
    return true;
}

static bool step_ledger(Audit *audit, gint64 after, gint64 last, void *user, GError **error)
{
    return ask_all(audit, AUDIT_LEDGER, after, last, error) &&
           audit_uses_ledger(audit, user, after, last, error);
}

static bool step_messages(Audit *audit, gint64 after, gint64 last, void *user, GError **error)
{
    return ask_all(audit, AUDIT_MESSAGES, after, last, error) &&
           audit_uses_messages(audit, user, after, last, error) &&
           audit_search(audit, after, last, error);
}

static bool step_tickets(Audit *audit, gint64 after, gint64 last, void *user, GError **error)
{
    return ask_all(audit, AUDIT_TICKETS, after, last, error);
}

static bool step_outbox(Audit *audit, gint64 after, gint64 last, void *user, GError **error)
{
    return ask_all(audit, AUDIT_OUTBOX, after, last, error);
}

static bool step_pieces(Audit *audit, gint64 after, gint64 last, void *user, GError **error)
{
    return ask_all(audit, AUDIT_PIECES, after, last, error);
}

static bool step_raws(Audit *audit, gint64 after, gint64 last, void *user, GError **error)
{
    return audit_uses_raws(audit, user, after, last, error) &&
           audit_bytes(audit, after, last, error);
}

static bool walk_all(Audit *audit, GError **error)
{
    static const AuditStep steps[] = {
        [AUDIT_LEDGER] = step_ledger,   [AUDIT_MESSAGES] = step_messages,
        [AUDIT_TICKETS] = step_tickets, [AUDIT_OUTBOX] = step_outbox,
        [AUDIT_PIECES] = step_pieces,   [AUDIT_RAWS] = step_raws,
    };
    g_autoptr(AuditUses) uses = audit_uses_new();
    for (AuditTable table = 0; table < AUDIT_TABLES; table++) {
        GError *why = NULL;
        if (audit_walk(audit, table, steps[table], uses, &why))
            continue;
        audit_uses_forget(uses);
        if (!audit_bear(audit, audit_table_name(table), 0, why, error))
            return false;
    }
    return true;
}

/* --- at once ----------------------------------------------------------------------------- */

static bool ask_whole(Audit *audit, const char *sql, GArray **ret, GError **error)
{
    g_auto(Query) query = query_start(audit->store, sql);
    return query_ids(&query, ret, error);
}

static bool ask_all_whole(Audit *audit, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(whole); i++) {
        g_autoptr(GArray) ids = NULL;
        GError *why = NULL;
        if (ask_whole(audit, whole[i].sql, &ids, &why))
            tell_all(audit, whole[i].kind, ids, whole[i].what, whole[i].cure);
        else if (!audit_bear(audit, whole[i].kind, 0, why, error))
            return false;
    }
    return true;
}

bool audit_rows(Audit *audit, GError **error)
{
    return audit_bounds(audit, error) && ask_all_whole(audit, error) && walk_all(audit, error);
}
