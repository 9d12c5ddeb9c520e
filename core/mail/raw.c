/* Reading the raw mail with pread(2): as a stream for GMime, and as decoded pieces.
 *
 * GMime's own file stream seeks, and a seek in the parser's child would move the offset of the
 * process that holds the mail. The stream is only parsed from: part contents are cut out by
 * raw_decode, with the same decoders that later cut attachments, so that both see one truth.
 *
 * A read error is an early end of the mail. */
#include "core/mail/raw.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/base/autofree.h" /* after GMime, whose types it frees */

#define PIECE_BYTES ((gsize)32 * 1024)
#define WINDOWED_BYTES ((gsize)8 * 1024) /* larger pieces gain nothing */

static gssize read_file(int fd, guint64 offset, void *to, gsize length)
{
    gssize n;
    do
        n = pread(fd, to, length, (off_t)offset);
    while (n < 0 && errno == EINTR);
    return n;
}

static bool is_in_window(const RawWindow *window, guint64 offset, gsize length)
{
    return offset >= window->start && offset - window->start <= window->length &&
           length <= window->length - (offset - window->start);
}

/* Reads it with what follows it. */
static gssize read_window(const RawMail *raw, guint64 offset, void *to, gsize length)
{
    RawWindow *window = raw->window;
    if (!is_in_window(window, offset, length)) {
        gsize room = (gsize)MIN(RAW_WINDOW_BYTES, raw->size - offset);
        gssize n = read_file(raw->fd, offset, window->bytes, room);
        window->start = offset;
        window->length = n > 0 ? (gsize)n : 0;
        if (n <= 0)
            return n;
    }
    gsize at = (gsize)(offset - window->start);
    length = MIN(length, window->length - at);
    memcpy(to, window->bytes + at, length);
    return (gssize)length;
}

gssize raw_pread(const RawMail *raw, guint64 offset, void *to, gsize length)
{
    if (offset >= raw->size)
        return 0;
    length = (gsize)MIN(length, raw->size - offset);
    if (raw->fd < 0) {
        memcpy(to, raw->bytes + offset, length);
        return (gssize)length;
    }
    bool windowed =
        raw->window && (length <= WINDOWED_BYTES || is_in_window(raw->window, offset, length));
    return windowed ? read_window(raw, offset, to, length)
                    : read_file(raw->fd, offset, to, length);
}

/* --- the stream -------------------------------------------------------------------------- */

typedef struct {
    GMimeStream parent;
    const RawMail *raw; /* borrowed */
    gint64 masked;      /* where an "X" is read instead, -1: nowhere */
} RawStream;

typedef struct {
    GMimeStreamClass parent_class;
} RawStreamClass;

GType raw_stream_get_type(void);
G_DEFINE_TYPE(RawStream, raw_stream, GMIME_TYPE_STREAM)

static GMimeStream *new_stream(const RawMail *raw, gint64 start, gint64 end, gint64 masked)
{
    RawStream *created = g_object_new(raw_stream_get_type(), NULL);
    created->raw = raw;
    created->masked = masked;
    g_mime_stream_construct(&created->parent, start, end);
    return &created->parent;
}

static ssize_t stream_read(GMimeStream *stream, char *to, size_t length)
{
    if (stream->position >= stream->bound_end)
        return 0;
    gsize wanted = MIN(length, (gsize)(stream->bound_end - stream->position));
    const RawStream *from = (const RawStream *)stream;
    gssize n = raw_pread(from->raw, (guint64)stream->position, to, wanted);
    if (n <= 0)
        return n;
    for (char *nul = to; (nul = memchr(nul, '\0', (gsize)(to + n - nul))) != NULL;)
        *nul = '\1';
    if (from->masked >= stream->position && from->masked < stream->position + n)
        to[from->masked - stream->position] = 'X';
    stream->position += n;
    return n;
}

static ssize_t stream_write(GMimeStream *stream, const char *bytes, size_t length)
{
    return -1;
}

static int stream_nothing(GMimeStream *stream)
{
    return 0;
}

static gboolean stream_eos(GMimeStream *stream)
{
    return stream->position >= stream->bound_end;
}

static int stream_reset(GMimeStream *stream)
{
    stream->position = stream->bound_start;
    return 0;
}

static gint64 stream_seek(GMimeStream *stream, gint64 offset, GMimeSeekWhence whence)
{
    gint64 base = whence == GMIME_STREAM_SEEK_SET   ? 0
                  : whence == GMIME_STREAM_SEEK_CUR ? stream->position
                                                    : stream->bound_end;
    gint64 to = base + offset;
    if (to < stream->bound_start || to > stream->bound_end)
        return -1;
    return stream->position = to;
}

static gint64 stream_tell(GMimeStream *stream)
{
    return stream->position;
}

static gint64 stream_length(GMimeStream *stream)
{
    return stream->bound_end - stream->bound_start;
}

static GMimeStream *stream_part(GMimeStream *stream, gint64 start, gint64 end)
{
    const RawStream *whole = (const RawStream *)stream;
    return new_stream(whole->raw, start, end == -1 ? stream->bound_end : end, whole->masked);
}

static void raw_stream_class_init(RawStreamClass *klass)
{
    GMimeStreamClass *stream = (GMimeStreamClass *)klass;
    stream->read = stream_read;
    stream->write = stream_write;
    stream->flush = stream_nothing;
    stream->close = stream_nothing;
    stream->eos = stream_eos;
    stream->reset = stream_reset;
    stream->seek = stream_seek;
    stream->tell = stream_tell;
    stream->length = stream_length;
    stream->substream = stream_part;
}

static void raw_stream_init(RawStream *stream)
{
    stream->masked = -1;
}

GMimeStream *raw_stream_new(const RawMail *raw, guint64 start, guint64 end, gint64 masked)
{
    return new_stream(raw, (gint64)start, (gint64)end, masked);
}

GMimeObject *raw_parse(const RawMail *raw, guint64 start, gint64 masked)
{
    g_autoptr(GMimeStream) stream = raw_stream_new(raw, start, raw->size, masked);
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    g_mime_parser_set_persist_stream(parser, TRUE);
    return g_mime_parser_construct_part(parser, NULL);
}

/* --- decoded pieces ---------------------------------------------------------------------- */

void raw_decode(const RawMail *raw, const Place *place, RawSink sink, void *user)
{
    guint64 offset = place->outer.offset, left = place->outer.length;
    gsize room = (gsize)MIN(left, PIECE_BYTES);
    g_autofree guint8 *in = g_malloc(room);
    g_autoptr(GByteArray) out = g_byte_array_sized_new((guint)room);
    g_auto(PlaceDecoder) decoder;
    place_decoder_init(&decoder, place);
    while (left > 0 && !place_is_over(&decoder)) {
        gssize n = raw_pread(raw, offset, in, (gsize)MIN(left, room));
        if (n <= 0)
            break;
        place_decode(&decoder, in, (gsize)n, out);
        if (out->len > 0 && !sink(out->data, out->len, user))
            return;
        g_byte_array_set_size(out, 0);
        offset += (guint64)n;
        left -= (guint64)n;
    }
    place_finish(&decoder, out);
    if (out->len > 0)
        sink(out->data, out->len, user);
}

typedef struct {
    GByteArray *bytes;
    gsize limit;
    bool cut;
} Collector;

static bool collect(const guint8 *bytes, gsize length, void *user)
{
    Collector *collector = user;
    gsize room = collector->limit - collector->bytes->len;
    collector->cut = length > room;
    g_byte_array_append(collector->bytes, bytes, (guint)MIN(length, room));
    return !collector->cut;
}

GByteArray *raw_decode_all(const RawMail *raw, const Place *place, gsize limit, bool *ret_cut)
{
    guint expected = (guint)MIN(place->outer.length, (guint64)limit);
    Collector collector = {.bytes = g_byte_array_sized_new(expected), .limit = limit};
    raw_decode(raw, place, collect, &collector);
    if (ret_cut)
        *ret_cut = collector.cut;
    return collector.bytes;
}
