/* Queues. Not here: what makes a good name, address or prefix (core/desk/agents.h). */
#include "schema/queues.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "schema/sqlite.h"

#define SELECT                                                                                 \
    "SELECT id, name, address, prefix, language, machines, archive, transcript, removed "      \
    "FROM queue "

void queue_free(Queue *queue)
{
    if (!queue)
        return;
    g_free(queue->name);
    g_free(queue->address);
    g_free(queue->prefix);
    g_free(queue->language);
    g_free(queue->machines);
    g_free(queue->archive);
    g_free(queue);
}

static gpointer read_queue(Query *query)
{
    Queue *queue = g_new0(Queue, 1);
    queue->id = query_read_int(query);
    queue->name = query_read_text(query);
    queue->address = query_read_text(query);
    queue->prefix = query_read_text(query);
    queue->language = query_read_text(query);
    queue->machines = query_read_text(query);
    queue->archive = query_read_text(query);
    queue->transcript = query_read_int(query) != 0;
    queue->removed = query_read_int(query) != 0;
    return queue;
}

static bool find(Query *query, Queue **ret, GError **error)
{
    bool row;
    if (!query_step(query, &row, error))
        return false;
    *ret = row ? read_queue(query) : NULL;
    return true;
}

bool queues_by_id(Store *store, gint64 id, Queue **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE id = ?1");
    query_bind_int(&query, id);
    return find(&query, ret, error);
}

bool queues_by_name(Store *store, const char *name, Queue **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE name = ?1");
    query_bind_text(&query, name);
    return find(&query, ret, error);
}

bool queues_by_prefix(Store *store, const char *prefix, Queue **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE prefix = ?1");
    query_bind_text(&query, prefix);
    return find(&query, ret, error);
}

bool queues_by_address(Store *store, const char *key, Queue **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "WHERE address_key = ?1");
    query_bind_text(&query, key);
    return find(&query, ret, error);
}

bool queues_list(Store *store, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, SELECT "ORDER BY name");
    return query_list(&query, read_queue, (GDestroyNotify)queue_free, ret, error);
}

/* Refuses what another queue, removed or not, already goes by. */
static bool check_free(Store *store, const Queue *queue, const char *key, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT name, name = ?1, address_key = ?2 FROM queue "
                           "WHERE (name = ?1 OR address_key = ?2 OR prefix = ?3) AND id <> ?4");
    query_bind_text(&query, queue->name);
    query_bind_text(&query, key);
    query_bind_text(&query, queue->prefix);
    query_bind_int(&query, queue->id);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    if (!row)
        return true;
    g_autofree char *other = query_read_text(&query);
    bool same_name = query_read_int(&query) != 0;
    bool same_address = query_read_int(&query) != 0;
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "the %s %s is taken by the queue %s",
                same_name      ? "name"
                : same_address ? "address"
                               : "prefix",
                same_name      ? queue->name
                : same_address ? queue->address
                               : queue->prefix,
                other);
    return false;
}

static bool make_key(const Queue *queue, char **ret, GError **error)
{
    *ret = address_key(queue->address);
    if (*ret)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "%s cannot be the address of a queue",
                queue->address);
    return false;
}

bool queues_add(Store *store, const Queue *queue, gint64 *ret_id, GError **error)
{
    g_autofree char *key = NULL;
    if (!make_key(queue, &key, error) || !check_free(store, queue, key, error))
        return false;
    g_auto(Query) query = query_start(
        store, "INSERT INTO queue (name, address, address_key, prefix, language, machines, "
               "archive, transcript, removed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    query_bind_text(&query, queue->name);
    query_bind_text(&query, queue->address);
    query_bind_text(&query, key);
    query_bind_text(&query, queue->prefix);
    query_bind_text(&query, queue->language);
    query_bind_text(&query, queue->machines ? queue->machines : "hold");
    query_bind_text(&query, queue->archive ? queue->archive : "");
    query_bind_int(&query, queue->transcript);
    query_bind_int(&query, queue->removed);
    return query_insert(&query, ret_id, error);
}

bool queues_update(Store *store, const Queue *queue, GError **error)
{
    g_autofree char *key = NULL;
    if (!make_key(queue, &key, error) || !check_free(store, queue, key, error))
        return false;
    g_auto(Query) query = query_start(
        store, "UPDATE queue SET name = ?1, address = ?2, address_key = ?3, prefix = ?4, "
               "language = ?5, machines = ?6, archive = ?7, transcript = ?8, "
               "removed = ?9 WHERE id = ?10");
    query_bind_text(&query, queue->name);
    query_bind_text(&query, queue->address);
    query_bind_text(&query, key);
    query_bind_text(&query, queue->prefix);
    query_bind_text(&query, queue->language);
    query_bind_text(&query, queue->machines);
    query_bind_text(&query, queue->archive);
    query_bind_int(&query, queue->transcript);
    query_bind_int(&query, queue->removed);
    query_bind_int(&query, queue->id);
    return query_run(&query, error);
}

bool queues_next_number(Store *store, gint64 id, gint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(
        store,
        "UPDATE queue SET last_number = last_number + 1 WHERE id = ?1 RETURNING last_number");
    query_bind_int(&query, id);
    gint64 number;
    if (!query_int(&query, &number, error))
        return false;
    if (number == 0) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT,
                    "there is no queue %" G_GINT64_FORMAT " to number a ticket in", id);
        return false;
    }
    *ret = number;
    return true;
}
