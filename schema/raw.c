/* Raw mails in pieces.
 *
 * Memory stays flat whatever the size: one piece is in our hands, and SQLite keeps at most its
 * page cache (2 MB by default) of a transaction in memory; past that it writes pages to the WAL
 * before the commit, where they mean nothing until the commit's own frame follows them. So the
 * cache size stays at its default. */
#include "schema/raw.h"

#include "core/base/error.h"
#include "schema/sqlite.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool find_same(Store *store, guint64 size, const guint8 *hash, gint64 *ret_id,
                      GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT id FROM raw WHERE hash = ?1 AND size = ?2");
    query_bind_bytes(&query, hash, 32);
    query_bind_int(&query, (gint64)size);
    return query_int(&query, ret_id, error);
}

static bool insert_raw(Store *store, guint64 size, const guint8 *hash, gint64 *ret_id,
                       GError **error)
{
    g_auto(Query) query = query_start(store, "INSERT INTO raw (hash, size) VALUES (?1, ?2)");
    query_bind_bytes(&query, hash, 32);
    query_bind_int(&query, (gint64)size);
    return query_insert(&query, ret_id, error);
}

static bool read_spool(int fd, guint8 *out, gsize length, guint64 offset, GError **error)
{
    gsize done = 0;
    while (done < length) {
        gssize n = pread(fd, out + done, length - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(error, errno, "cannot read the spooled mail");
        if (n == 0) {
            g_set_error_literal(error, WICKET_ERROR, ERROR_TRANSIENT,
                                "the spooled mail is shorter than it was");
            return false;
        }
        done += (gsize)n;
    }
    return true;
}

static bool insert_piece(Store *store, gint64 raw, guint64 seq, const guint8 *bytes,
                         gsize length, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO raw_piece (raw, seq, bytes) VALUES (?1, ?2, ?3)");
    query_bind_int(&query, raw);
    query_bind_int(&query, (gint64)seq);
    query_bind_bytes(&query, bytes, length);
    return query_run(&query, error);
}

bool raw_add(Store *store, int fd, guint64 size, const guint8 *hash, gint64 *ret_id,
             GError **error)
{
    gint64 id;
    if (!find_same(store, size, hash, &id, error))
        return false;
    if (id) {
        *ret_id = id;
        return true;
    }
    if (!insert_raw(store, size, hash, &id, error))
        return false;
    g_autofree guint8 *piece = g_malloc(RAW_PIECE_BYTES);
    for (guint64 offset = 0; offset < size; offset += RAW_PIECE_BYTES) {
        gsize length = MIN(size - offset, RAW_PIECE_BYTES);
        if (!read_spool(fd, piece, length, offset, error) ||
            !insert_piece(store, id, offset / RAW_PIECE_BYTES, piece, length, error))
            return false;
    }
    *ret_id = id;
    return true;
}

static bool fail_incomplete(gint64 raw, GError **error)
{
    g_set_error(error, WICKET_ERROR, ERROR_CORRUPT,
                "raw mail %" G_GINT64_FORMAT " is missing or incomplete", raw);
    return false;
}

/* Reads from the piece that `offset` lies in, as far as it and `length` go. */
static bool read_piece(Store *store, gint64 raw, guint64 offset, guint8 *out, gsize length,
                       gsize *ret_length, GError **error)
{
    g_auto(Query) query =
        query_start(store, "SELECT r.size, p.bytes FROM raw r LEFT JOIN raw_piece p "
                           "ON p.raw = r.id AND p.seq = ?2 WHERE r.id = ?1");
    query_bind_int(&query, raw);
    query_bind_int(&query, (gint64)(offset / RAW_PIECE_BYTES));
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    if (!row)
        return fail_incomplete(raw, error);
    guint64 size = (guint64)query_read_int(&query);
    *ret_length = 0;
    if (offset >= size)
        return true;
    gsize stored, skip = offset % RAW_PIECE_BYTES;
    const guint8 *bytes = query_read_blob(&query, &stored);
    if (stored != MIN(size - (offset - skip), RAW_PIECE_BYTES))
        return fail_incomplete(raw, error);
    *ret_length = MIN(stored - skip, length);
    memcpy(out, bytes + skip, *ret_length);
    return true;
}

bool raw_read(Store *store, gint64 raw, guint64 offset, guint8 *out, gsize length,
              gsize *ret_length, GError **error)
{
    gsize done = 0;
    while (done < length) {
        gsize n;
        if (!read_piece(store, raw, offset + done, out + done, length - done, &n, error))
            return false;
        if (n == 0)
            break;
        done += n;
    }
    *ret_length = done;
    return true;
}

bool raw_size(Store *store, gint64 raw, guint64 *ret, GError **error)
{
    g_auto(Query) query = query_start(store, "SELECT size FROM raw WHERE id = ?1");
    query_bind_int(&query, raw);
    bool row;
    if (!query_step(&query, &row, error))
        return false;
    if (!row)
        return fail_incomplete(raw, error);
    *ret = (guint64)query_read_int(&query);
    return true;
}
