/* Participations: one person in one ticket at one visibility, what a reply address is minted
 * for. They are never deleted, because a mail with their address may still be answered. */
#include "schema/sqlite.h"
#include "schema/tickets.h"

#define SELECT                                                                                 \
    "SELECT id, ticket, person, visibility, role, since, subject, root, muted "                \
    "FROM participation "

void participation_free(Participation *part)
{
    if (!part)
        return;
    g_free(part->subject);
    g_free(part->root);
    g_free(part);
}

static gpointer read_participation(Query *query)
{
    Participation *part = g_new0(Participation, 1);
    part->id = query_read_int(query);
    part->ticket = query_read_int(query);
    part->person = query_read_int(query);
    part->visibility = (Visibility)query_read_int(query);
    part->role = (PartRole)query_read_int(query);
    part->since = query_read_int(query);
    part->subject = query_read_text(query);
    part->root = query_read_text(query);
    part->muted = query_read_int(query) != 0;
    return part;
}

static bool find(Query *query, Participation **ret, GError **error)
{
    bool row;
    if (!query_step(query, &row, error))
        return false;
    *ret = row ? read_participation(query) : NULL;
    return true;
}

bool participations_by_id(Store *store, gint64 id, Participation **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE id = ?1");
    query_bind_int(&query, id);
    return find(&query, ret, error);
}

bool participations_find(Store *store, gint64 ticket, gint64 person, Visibility visibility,
                         Participation **ret, GError **error)
{
    g_auto(Query) query =
        query_start(store, SELECT "WHERE ticket = ?1 AND person = ?2 AND visibility = ?3");
    query_bind_int(&query, ticket);
    query_bind_int(&query, person);
    query_bind_int(&query, visibility);
    return find(&query, ret, error);
}

bool participations_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE ticket = ?1 ORDER BY id");
    query_bind_int(&query, ticket);
    return query_list(&query, read_participation, (GDestroyNotify)participation_free, ret,
                      error);
}

bool participations_add(Store *store, const Participation *part, gint64 *ret_id, GError **error)
{
    g_auto(Query) query = query_start(
        store,
        "INSERT INTO participation (ticket, person, visibility, role, since, subject, root) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    query_bind_int(&query, part->ticket);
    query_bind_int(&query, part->person);
    query_bind_int(&query, part->visibility);
    query_bind_int(&query, part->role);
    query_bind_int(&query, part->since);
    query_bind_text(&query, part->subject);
    query_bind_text(&query, part->root);
    return query_insert(&query, ret_id, error);
}

bool participations_set_role(Store *store, gint64 id, PartRole role, gint64 since,
                             GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE participation SET role = ?1, since = ?2 WHERE id = ?3");
    query_bind_int(&query, role);
    query_bind_int(&query, since);
    query_bind_int(&query, id);
    return query_run(&query, error);
}

bool participations_set_root(Store *store, gint64 id, const char *root, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE participation SET root = ?1 WHERE id = ?2");
    query_bind_text(&query, root);
    query_bind_int(&query, id);
    return query_run(&query, error);
}

bool participations_mute(Store *store, gint64 id, bool muted, GError **error)
{
    g_auto(Query) query =
        query_start(store, "UPDATE participation SET muted = ?1 WHERE id = ?2");
    query_bind_int(&query, muted);
    query_bind_int(&query, id);
    return query_run(&query, error);
}
