/* Cutting files out of files, piece by piece. Bytes that are not there are nobody's error here:
 * whoever reads the pieces knows how many there should be. */
#include "core/base/place.h"

Place place_within(const Extent *outer, const Extent *inner)
{
    Place place = {.outer = *outer, .inner = *inner, .is_nested = true};
    if (outer->encoding == TRANSFER_IDENTITY) {
        place.outer = *inner;
        place.outer.offset += outer->offset;
        place.is_nested = false;
    }
    return place;
}

static bool is_within(const Extent *extent, guint64 size)
{
    return extent->offset <= size && extent->length <= size - extent->offset &&
           extent->encoding <= TRANSFER_UUENCODE;
}

bool place_is_sound(const Place *place, guint64 size)
{
    /* No decoder makes more bytes than it gets. */
    return is_within(&place->outer, size) &&
           (!place->is_nested || is_within(&place->inner, place->outer.length));
}

void place_decoder_init(PlaceDecoder *decoder, const Place *place)
{
    *decoder = (PlaceDecoder){.place = *place};
    transfer_init(&decoder->outer, place->outer.encoding);
    transfer_init(&decoder->inner, place->inner.encoding);
    decoder->middle = place->is_nested ? g_byte_array_new() : NULL;
}

void place_decoder_clear(PlaceDecoder *decoder)
{
    g_clear_pointer(&decoder->middle, g_byte_array_unref);
}

/* What of `middle` belongs to the inner file, decoded once more. */
static void take_inner(PlaceDecoder *decoder, GByteArray *out)
{
    const Extent *inner = &decoder->place.inner;
    guint64 from = MAX(decoder->at, inner->offset);
    guint64 to = MIN(decoder->at + decoder->middle->len, inner->offset + inner->length);
    if (from < to)
        transfer_decode(&decoder->inner, decoder->middle->data + (from - decoder->at),
                        (gsize)(to - from), out);
    decoder->at += decoder->middle->len;
    g_byte_array_set_size(decoder->middle, 0);
}

void place_decode(PlaceDecoder *decoder, const guint8 *in, gsize length, GByteArray *out)
{
    if (!decoder->place.is_nested) {
        transfer_decode(&decoder->outer, in, length, out);
        return;
    }
    transfer_decode(&decoder->outer, in, length, decoder->middle);
    take_inner(decoder, out);
}

void place_finish(PlaceDecoder *decoder, GByteArray *out)
{
    if (!decoder->place.is_nested) {
        transfer_finish(&decoder->outer, out);
        return;
    }
    transfer_finish(&decoder->outer, decoder->middle);
    take_inner(decoder, out);
    transfer_finish(&decoder->inner, out);
}

bool place_is_over(const PlaceDecoder *decoder)
{
    const Place *place = &decoder->place;
    return place->is_nested && decoder->at >= place->inner.offset + place->inner.length;
}
