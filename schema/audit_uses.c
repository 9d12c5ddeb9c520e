/* Which messages and raw mails are used by something.
 *
 * Neither the ledger nor messages have an index of what they name, for it would be a price for
 * every delivery, so it is remembered while they are walked through: a bit a row. */
#include "schema/audit_walk.h"
#include "schema/id_set.h"
#include "schema/sqlite.h"

struct AuditUses {
    IdSet *messages, *raws;
    bool known; /* all that uses has been read */
};

AuditUses *audit_uses_new(void)
{
    AuditUses *uses = g_new0(AuditUses, 1);
    uses->messages = id_set_new();
    uses->raws = id_set_new();
    uses->known = true;
    return uses;
}

void audit_uses_free(AuditUses *uses)
{
    if (!uses)
        return;
    id_set_free(uses->messages);
    id_set_free(uses->raws);
    g_free(uses);
}

void audit_uses_forget(AuditUses *uses)
{
    uses->known = false;
}

static void tell_unused(Audit *audit, const AuditUses *uses, const GArray *ids,
                        const IdSet *used, const char *kind, const char *what, const char *cure)
{
    for (guint i = 0; uses->known && i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i);
        if (!id_set_has(used, id))
            audit_tell(audit, kind, id, what, cure);
    }
}

bool audit_uses_ledger(Audit *audit, AuditUses *uses, gint64 after, gint64 last, GError **error)
{
    g_auto(Query) query =
        query_start(audit->store, "SELECT message, raw FROM ledger WHERE id > ?1 AND id <= ?2");
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    while (true) {
        bool row;
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            return true;
        id_set_add(uses->messages, query_read_int(&query));
        id_set_add(uses->raws, query_read_int(&query));
    }
}

/* The ids of the messages in `ids`. */
static bool read_messages(Audit *audit, AuditUses *uses, gint64 after, gint64 last, GArray *ids,
                          GError **error)
{
    g_auto(Query) query =
        query_start(audit->store, "SELECT id, raw FROM message WHERE id > ?1 AND id <= ?2");
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    while (true) {
        bool row;
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            return true;
        gint64 id = query_read_int(&query);
        g_array_append_val(ids, id);
        id_set_add(uses->raws, query_read_int(&query));
    }
}

bool audit_uses_messages(Audit *audit, AuditUses *uses, gint64 after, gint64 last,
                         GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (!read_messages(audit, uses, after, last, ids, error))
        return false;
    tell_unused(audit, uses, ids, uses->messages, "message", "has no ledger row",
                AUDIT_RESTORE);
    return true;
}

static bool read_raws(Audit *audit, gint64 after, gint64 last, GArray **ret, GError **error)
{
    g_auto(Query) query =
        query_start(audit->store, "SELECT id FROM raw WHERE id > ?1 AND id <= ?2");
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    return query_ids(&query, ret, error);
}

bool audit_uses_raws(Audit *audit, const AuditUses *uses, gint64 after, gint64 last,
                     GError **error)
{
    g_autoptr(GArray) ids = NULL;
    if (!read_raws(audit, after, last, &ids, error))
        return false;
    tell_unused(audit, uses, ids, uses->raws, "raw mail",
                "belongs to no ledger row and no message: what a delivery left is gone",
                AUDIT_RESTORE);
    return true;
}
