/* Bits in chunks of 8 KB that are found by hash, not by one array up to the largest id: in a
 * damaged database that may be any number. */
#include "schema/id_set.h"

#define CHUNK_SHIFT 16
#define CHUNK_BYTES (1 << CHUNK_SHIFT >> 3)

typedef struct {
    gint64 number; /* the key: id >> CHUNK_SHIFT */
    guint8 bits[CHUNK_BYTES];
} Chunk;

struct IdSet {
    GHashTable *chunks; /* &Chunk.number → Chunk */
};

IdSet *id_set_new(void)
{
    IdSet *set = g_new0(IdSet, 1);
    set->chunks = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    return set;
}

void id_set_free(IdSet *set)
{
    if (!set)
        return;
    g_hash_table_unref(set->chunks);
    g_free(set);
}

static Chunk *find_chunk(const IdSet *set, gint64 id)
{
    gint64 number = id >> CHUNK_SHIFT;
    return g_hash_table_lookup(set->chunks, &number);
}

static guint byte_of(gint64 id)
{
    return (guint)(id & ((1 << CHUNK_SHIFT) - 1)) >> 3;
}

void id_set_add(IdSet *set, gint64 id)
{
    Chunk *chunk = find_chunk(set, id);
    if (!chunk) {
        chunk = g_new0(Chunk, 1);
        chunk->number = id >> CHUNK_SHIFT;
        g_hash_table_insert(set->chunks, &chunk->number, chunk);
    }
    chunk->bits[byte_of(id)] |= (guint8)(1 << (id & 7));
}

bool id_set_has(const IdSet *set, gint64 id)
{
    const Chunk *chunk = find_chunk(set, id);
    return chunk && chunk->bits[byte_of(id)] & 1 << (id & 7);
}
