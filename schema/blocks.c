/* The block list. Not here: what a key stands for (core/desk/blocking.h). */
#include "schema/blocks.h"

#include "schema/sqlite.h"

void block_free(Block *block)
{
    if (!block)
        return;
    g_free(block->key);
    g_free(block);
}

bool blocks_add(Store *store, const char *key, gint64 at, GError **error)
{
    g_auto(Query) query = query_start(
        store, "INSERT INTO block (key, added) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    query_bind_text(&query, key);
    query_bind_int(&query, at);
    return query_run(&query, error);
}

bool blocks_remove(Store *store, const char *key, bool *ret_found, GError **error)
{
    if (!blocks_has(store, key, ret_found, error))
        return false;
    g_auto(Query) query = query_start(store, "DELETE FROM block WHERE key = ?1");
    query_bind_text(&query, key);
    return query_run(&query, error);
}

bool blocks_has(Store *store, const char *key, bool *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT 1 FROM block WHERE key = ?1");
    query_bind_text(&query, key);
    return query_step(&query, ret, error);
}

static gpointer read_block(Query *query)
{
    Block *block = g_new0(Block, 1);
    block->key = query_read_text(query);
    block->added = query_read_int(query);
    return block;
}

bool blocks_list(Store *store, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT key, added FROM block ORDER BY key");
    return query_list(&query, read_block, (GDestroyNotify)block_free, ret, error);
}
