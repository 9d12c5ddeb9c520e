/* Pages as they were just given, for when many ask for the same at once.
 *
 * A page depends on the database, the link, the language and, because links expire, the second;
 * so within one second and without a commit in between it is the same page, byte for byte. Kept
 * is nothing longer than that. One cache belongs to one thread. */
#pragma once

#include <glib.h>

struct MHD_Response;

typedef struct PageCache PageCache;

PageCache *page_cache_new(void);
void page_cache_free(PageCache *cache);

/* Drops all if the database or the clock is another than last time. To be told before the page
 * is looked for or made. */
void page_cache_now(PageCache *cache, gint64 data_version, gint64 second);
/* Borrowed; NULL if it is not there. */
struct MHD_Response *page_cache_find(PageCache *cache, const char *key);
/* Takes the response, whose body is `bytes` long. It stays good until the next
 * page_cache_now. */
void page_cache_keep(PageCache *cache, const char *key, struct MHD_Response *response,
                     gsize bytes);
