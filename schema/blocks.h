/* The block list: addresses and domains whose mail is held without a word. */
#pragma once

#include "schema/store.h"

typedef struct {
    char *key; /* "spam@shop.example" or "shop.example", lower case */
    gint64 added;
} Block;
void block_free(Block *block);

/* Again is harmless. */
bool blocks_add(Store *store, const char *key, gint64 at, GError **error);
/* *ret_found false: it was not there. */
bool blocks_remove(Store *store, const char *key, bool *ret_found, GError **error);
bool blocks_has(Store *store, const char *key, bool *ret, GError **error);
bool blocks_list(Store *store, GPtrArray **ret, GError **error); /* Block *, by key */
