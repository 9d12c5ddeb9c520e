/* A set of row ids, small in memory where they stand close together: a bit each. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct IdSet IdSet;

IdSet *id_set_new(void);
void id_set_free(IdSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(IdSet, id_set_free)

void id_set_add(IdSet *set, gint64 id);
bool id_set_has(const IdSet *set, gint64 id);
