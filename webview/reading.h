/* Each thread's own read-only store, and the pages it has just made from it.
 *
 * Opened when first needed, and again when the database file is another one (an admin restored
 * a backup) or reading failed: the page comes back by itself when the fault is gone. */
#pragma once

#include "schema/store.h"
#include "webview/page_cache.h"

typedef struct {
    Store *store;
    PageCache *pages;
    /* private: */
    guint64 device, inode;
} Reading;

/* This thread's, borrowed until the thread's next call of reading_get or reading_forget. */
bool reading_get(const char *data_dir, Reading **ret, GError **error);
/* Keeps it alive for an answer that is still being sent. */
Reading *reading_ref(Reading *reading);
void reading_unref(Reading *reading);
/* After a failure: the next reading_get opens the store anew. */
void reading_forget(void);
