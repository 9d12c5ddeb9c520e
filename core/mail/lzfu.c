/* A ring of 4,096 bytes that begins with what RTF mostly begins with; each control byte says of
 * the next eight whether they are a byte or a reference into the ring. */
#include "core/mail/lzfu.h"

#include "core/mail/cursor.h"

enum { RING = 4096, COMPRESSED = 0x75465a4c /* "LZFu" */, STORED = 0x414c454d /* "MELA" */ };

static const char first[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    "\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

typedef struct {
    guint8 ring[RING];
    guint write;
    GByteArray *out;
    gsize max;
} Decoder;

static void put(Decoder *decoder, guint8 byte)
{
    decoder->ring[decoder->write] = byte;
    decoder->write = (decoder->write + 1) % RING;
    g_byte_array_append(decoder->out, &byte, 1);
}

/* A reference: twelve bits of place, four of length. False at the end mark. */
static bool copy(Decoder *decoder, Cursor *in)
{
    const guint8 *pair;
    if (!cursor_skip(in, 2, &pair))
        return false;
    guint place = (guint)pair[0] << 4 | pair[1] >> 4, length = (pair[1] & 15u) + 2;
    if (place == decoder->write)
        return false;
    for (guint i = 0; i < length && decoder->out->len < decoder->max; i++)
        put(decoder, decoder->ring[(place + i) % RING]);
    return true;
}

static void expand(Decoder *decoder, Cursor *in)
{
    const guint8 *at;
    while (decoder->out->len < decoder->max && cursor_skip(in, 1, &at)) {
        guint control = *at;
        for (int i = 0; i < 8 && decoder->out->len < decoder->max; i++, control >>= 1) {
            if (control & 1) {
                if (!copy(decoder, in))
                    return;
            } else if (cursor_skip(in, 1, &at)) {
                put(decoder, *at);
            } else {
                return;
            }
        }
    }
}

GByteArray *lzfu_decode(const guint8 *bytes, gsize length, gsize max)
{
    Cursor in = {bytes, length};
    guint32 packed, size, kind, sum;
    if (!cursor_u32(&in, &packed) || !cursor_u32(&in, &size) || !cursor_u32(&in, &kind) ||
        !cursor_u32(&in, &sum) || (kind != COMPRESSED && kind != STORED))
        return NULL;
    Decoder decoder = {.out = g_byte_array_new(), .max = MIN((gsize)size, max)};
    if (kind == STORED) {
        g_byte_array_append(decoder.out, in.at, (guint)MIN(in.left, decoder.max));
        return decoder.out;
    }
    memcpy(decoder.ring, first, sizeof first - 1);
    decoder.write = sizeof first - 1;
    expand(&decoder, &in);
    return decoder.out;
}
