/* Attachments. Their bytes are cut from the raw mail and decoded on the way, piece by piece. */
#include "schema/attachments.h"

#include "core/base/error.h"
#include "schema/raw.h"
#include "schema/sqlite.h"

void attachment_free(Attachment *attachment)
{
    if (!attachment)
        return;
    g_free(attachment->name);
    g_free(attachment->type);
    g_free(attachment->charset);
    g_free(attachment->content_id);
    g_free(attachment->sha256);
    g_free(attachment);
}

/* False: there is none. */
static bool read_extent(Query *query, Extent *ret)
{
    ret->offset = (guint64)query_read_int(query);
    ret->length = (guint64)query_read_int(query);
    g_autofree char *encoding = query_read_text(query);
    transfer_from_name(encoding, &ret->encoding);
    return *encoding != '\0';
}

static void bind_extent(Query *query, const Extent *extent, bool is_there)
{
    query_bind_int(query, (gint64)extent->offset);
    query_bind_int(query, (gint64)extent->length);
    query_bind_text(query, is_there ? transfer_name(extent->encoding) : "");
}

static gpointer read_attachment(Query *query)
{
    Attachment *attachment = g_new0(Attachment, 1);
    attachment->n = (int)query_read_int(query);
    attachment->name = query_read_text(query);
    attachment->type = query_read_text(query);
    attachment->charset = query_read_text(query);
    attachment->content_id = query_read_text(query);
    attachment->is_inline = query_read_int(query) != 0;
    attachment->size = (guint64)query_read_int(query);
    attachment->sha256 = query_read_text(query);
    read_extent(query, &attachment->place.outer);
    attachment->place.is_nested = read_extent(query, &attachment->place.inner);
    attachment->staff_only = query_read_int(query) != 0;
    return attachment;
}

bool attachments_of(Store *store, gint64 message, GPtrArray **ret, GError **error)
{
    g_auto(Query) query = query_start(
        store, "SELECT n, name, type, charset, content_id, is_inline, size, sha256, offset, "
               "length, encoding, inner_offset, inner_length, inner_encoding, staff_only FROM "
               "attachment WHERE message = ?1 ORDER BY n");
    query_bind_int(&query, message);
    return query_list(&query, read_attachment, (GDestroyNotify)attachment_free, ret, error);
}

bool attachments_add(Store *store, gint64 message, const Attachment *attachment, GError **error)
{
    g_auto(Query) query =
        query_start(store, "INSERT INTO attachment (message, n, name, type, charset, "
                           "content_id, is_inline, size, sha256, offset, length, encoding, "
                           "inner_offset, inner_length, inner_encoding, staff_only) VALUES "
                           "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
                           "?15, ?16)");
    query_bind_int(&query, message);
    query_bind_int(&query, attachment->n);
    query_bind_text(&query, attachment->name);
    query_bind_text(&query, attachment->type);
    query_bind_text(&query, attachment->charset);
    query_bind_text(&query, attachment->content_id);
    query_bind_int(&query, attachment->is_inline);
    query_bind_int(&query, (gint64)attachment->size);
    query_bind_text(&query, attachment->sha256);
    bind_extent(&query, &attachment->place.outer, true);
    bind_extent(&query, &attachment->place.inner, attachment->place.is_nested);
    query_bind_int(&query, attachment->staff_only);
    return query_run(&query, error);
}

struct AttachmentReader {
    Store *store; /* borrowed */
    gint64 raw;
    guint64 offset, left; /* of the encoded bytes */
    PlaceDecoder decoder;
    bool finished;
    guint8 piece[RAW_PIECE_BYTES];
};

AttachmentReader *attachment_reader_new(Store *store, gint64 raw, const Attachment *attachment)
{
    AttachmentReader *reader = g_new0(AttachmentReader, 1);
    reader->store = store;
    reader->raw = raw;
    reader->offset = attachment->place.outer.offset;
    reader->left = attachment->place.outer.length;
    place_decoder_init(&reader->decoder, &attachment->place);
    return reader;
}

/* The next encoded bytes, up to the border of a stored piece. */
static bool decode_piece(AttachmentReader *reader, GByteArray *out, GError **error)
{
    gsize to_border = RAW_PIECE_BYTES - reader->offset % RAW_PIECE_BYTES;
    gsize length = MIN(reader->left, to_border), got;
    if (!raw_read(reader->store, reader->raw, reader->offset, reader->piece, length, &got,
                  error))
        return false;
    if (got != length) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT,
                    "raw mail %" G_GINT64_FORMAT " ends before its attachment", reader->raw);
        return false;
    }
    place_decode(&reader->decoder, reader->piece, length, out);
    reader->offset += length;
    reader->left = place_is_over(&reader->decoder) ? 0 : reader->left - length;
    return true;
}

bool attachment_reader_next(AttachmentReader *reader, GByteArray *out, GError **error)
{
    guint before = out->len;
    while (out->len == before && reader->left)
        if (!decode_piece(reader, out, error))
            return false;
    if (!reader->left && !reader->finished) {
        place_finish(&reader->decoder, out);
        reader->finished = true;
    }
    return true;
}

void attachment_reader_free(AttachmentReader *reader)
{
    if (!reader)
        return;
    place_decoder_clear(&reader->decoder);
    g_free(reader);
}
