/* Every byte of every raw mail.
 *
 * Not by raw_read, which stops at the first thing that is missing and says no more: here pieces
 * are taken as they lie in the table, one short read each. */
#include "schema/audit_walk.h"
#include "schema/raw.h"
#include "schema/sqlite.h"

#include <nettle/sha2.h>
#include <string.h>

typedef struct {
    gint64 id;
    guint64 size;
    guint8 hash[SHA256_DIGEST_SIZE];
} RawMail;

/* False in *ret_found: there is none left. */
static bool next_raw(Store *store, gint64 after, gint64 last, RawMail *ret, bool *ret_found,
                     GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT id, size, hash FROM raw "
                                             "WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT 1");
    query_bind_int(&query, after);
    query_bind_int(&query, last);
    if (!query_step(&query, ret_found, error))
        return false;
    if (!*ret_found)
        return true;
    ret->id = query_read_int(&query);
    ret->size = (guint64)query_read_int(&query);
    query_read_bytes(&query, ret->hash, sizeof ret->hash);
    return true;
}

/* *ret_wrong: what is, owned; NULL if the piece is as it must be. */
static bool add_piece(Store *store, const RawMail *raw, guint64 seq, struct sha256_ctx *sum,
                      char **ret_wrong, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT bytes FROM raw_piece WHERE raw = ?1 AND seq = ?2");
    query_bind_int(&query, raw->id);
    query_bind_int(&query, (gint64)seq);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    gsize length = 0;
    const guint8 *bytes = row ? query_read_blob(&query, &length) : NULL;
    if (!row)
        *ret_wrong =
            g_strdup_printf("is incomplete: piece %" G_GUINT64_FORMAT " is missing", seq);
    else if (length != MIN(raw->size - seq * RAW_PIECE_BYTES, RAW_PIECE_BYTES))
        *ret_wrong = g_strdup_printf(
            "is incomplete: piece %" G_GUINT64_FORMAT " is of the wrong length", seq);
    else
        sha256_update(sum, length, bytes);
    return true;
}

static bool count_pieces(Store *store, gint64 raw, guint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT count(*) FROM raw_piece WHERE raw = ?1");
    query_bind_int(&query, raw);
    gint64 count;
    if (!query_int(&query, &count, error))
        return false;
    *ret = (guint64)count;
    return true;
}

static bool read_raw(Store *store, const RawMail *raw, char **ret_wrong, GError **error)
{
    struct sha256_ctx sum;
    guint8 hash[SHA256_DIGEST_SIZE];
    guint64 seq = 0, pieces;
    sha256_init(&sum);
    for (; seq * RAW_PIECE_BYTES < raw->size; seq++)
        if (!add_piece(store, raw, seq, &sum, ret_wrong, error) || *ret_wrong)
            return *ret_wrong != NULL;
    if (!count_pieces(store, raw->id, &pieces, error))
        return false;
    sha256_digest(&sum, sizeof hash, hash);
    if (pieces != seq)
        *ret_wrong = g_strdup("has more pieces than its size says");
    else if (memcmp(hash, raw->hash, sizeof hash) != 0)
        *ret_wrong = g_strdup("is not what its SHA-256 says");
    return true;
}

static bool check_raw(Audit *audit, const RawMail *raw, GError **error)
{
    g_autofree char *wrong = NULL;
    GError *why = NULL;
    if (!read_raw(audit->store, raw, &wrong, &why))
        return audit_bear(audit, "raw mail", raw->id, why, error);
    if (wrong)
        audit_tell(audit, "raw mail", raw->id, wrong, AUDIT_RESTORE);
    return true;
}

bool audit_bytes(Audit *audit, gint64 after, gint64 last, GError **error)
{
    RawMail raw = {.id = after};
    while (true) {
        bool found;
        if (!next_raw(audit->store, raw.id, last, &raw, &found, error))
            return false;
        if (!found)
            return true;
        if (!check_raw(audit, &raw, error))
            return false;
        audit_show(audit, AUDIT_RAWS, raw.id);
    }
}
