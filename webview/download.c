/* Streaming an attachment: a piece is in memory, never the whole.
 *
 * If the raw mail cannot be read on, or gives fewer bytes than were recorded, the connection is
 * cut, so that nobody takes half a file for a whole one. */
#include "webview/download.h"

#include <string.h>

#define BLOCK_BYTES (32 * 1024)

typedef struct {
    Reading *reading; /* keeps the reader's store open */
    AttachmentReader *reader;
    GByteArray *piece;
    gsize used; /* of the piece */
} Download;

static void download_free(void *data)
{
    Download *download = data;
    attachment_reader_free(download->reader);
    reading_unref(download->reading);
    g_byte_array_unref(download->piece);
    g_free(download);
}

static bool next_piece(Download *download, GError **error)
{
    g_byte_array_set_size(download->piece, 0);
    download->used = 0;
    return attachment_reader_next(download->reader, download->piece, error);
}

/* libmicrohttpd asks for no more than the recorded size. */
static ssize_t copy_out(void *data, uint64_t position, char *out, size_t max)
{
    Download *download = data;
    if (download->used == download->piece->len) {
        g_autoptr(GError) error = NULL;
        if (!next_piece(download, &error))
            g_warning("an attachment cannot be read: %s", error->message);
        if (download->piece->len == 0)
            return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    gsize n = MIN(max, download->piece->len - download->used);
    memcpy(out, download->piece->data + download->used, n);
    download->used += n;
    return (ssize_t)n;
}

bool download_new(Reading *reading, gint64 raw, const Attachment *file,
                  struct MHD_Response **ret, GError **error)
{
    Download *download = g_new0(Download, 1);
    download->reading = reading_ref(reading);
    download->reader = attachment_reader_new(reading->store, raw, file);
    download->piece = g_byte_array_new();
    if (!next_piece(download, error)) {
        download_free(download);
        return false;
    }
    *ret = MHD_create_response_from_callback(file->size, BLOCK_BYTES, copy_out, download,
                                             download_free);
    g_assert(*ret);
    return true;
}
