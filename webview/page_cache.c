/* A table that is emptied whenever it could be wrong, and when it is full. */
#include "webview/page_cache.h"

#include <microhttpd.h>

#define CACHE_BYTES (4 * 1024 * 1024)

struct PageCache {
    gint64 data_version, second;
    gsize bytes;
    GHashTable *pages; /* key → struct MHD_Response * */
};

static void drop(void *response)
{
    MHD_destroy_response(response);
}

PageCache *page_cache_new(void)
{
    PageCache *cache = g_new0(PageCache, 1);
    cache->pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, drop);
    return cache;
}

void page_cache_free(PageCache *cache)
{
    if (!cache)
        return;
    g_hash_table_unref(cache->pages);
    g_free(cache);
}

static void clear(PageCache *cache)
{
    g_hash_table_remove_all(cache->pages);
    cache->bytes = 0;
}

void page_cache_now(PageCache *cache, gint64 data_version, gint64 second)
{
    if (cache->data_version == data_version && cache->second == second &&
        cache->bytes < CACHE_BYTES)
        return;
    clear(cache);
    cache->data_version = data_version;
    cache->second = second;
}

struct MHD_Response *page_cache_find(PageCache *cache, const char *key)
{
    return g_hash_table_lookup(cache->pages, key);
}

void page_cache_keep(PageCache *cache, const char *key, struct MHD_Response *response,
                     gsize bytes)
{
    g_hash_table_replace(cache->pages, g_strdup(key), response);
    cache->bytes += bytes;
}
