/* One-time questions to a person: "did you write this?" */
#include "schema/ledger.h"
#include "schema/sqlite.h"

bool confirmations_add(Store *store, const Confirmation *confirmation, gint64 *ret_id,
                       GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO confirmation (person, message, expires, used) "
                           "VALUES (?1, ?2, ?3, ?4)");
    query_bind_int(&query, confirmation->person);
    query_bind_int(&query, confirmation->message);
    query_bind_int(&query, confirmation->expires);
    query_bind_int(&query, confirmation->used);
    return query_insert(&query, ret_id, error);
}

bool confirmations_by_id(Store *store, gint64 id, Confirmation **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT id, person, message, expires, used FROM confirmation WHERE id = ?1");
    query_bind_int(&query, id);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    *ret = NULL;
    if (!row)
        return true;
    Confirmation *confirmation = g_new0(Confirmation, 1);
    confirmation->id = query_read_int(&query);
    confirmation->person = query_read_int(&query);
    confirmation->message = query_read_int(&query);
    confirmation->expires = query_read_int(&query);
    confirmation->used = query_read_int(&query);
    *ret = confirmation;
    return true;
}

bool confirmations_use(Store *store, gint64 id, gint64 at, GError **error)
{
    g_auto(Query) query = query_start(store, "UPDATE confirmation SET used = ?1 WHERE id = ?2");
    query_bind_int(&query, at);
    query_bind_int(&query, id);
    return query_run(&query, error);
}
