/* Where the bytes of one file lie in a raw mail, and the streaming decoder that gets them out.
 *
 * Most files are one MIME part: an extent of the raw mail and its transfer encoding. A file
 * within another (TNEF, uuencode in a text) has a second extent, in what the first decodes to.
 * No MIME parser is needed to cut either. */
#pragma once

#include "core/base/transfer.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    guint64 offset, length; /* bytes, still encoded */
    TransferEncoding encoding;
} Extent;

typedef struct {
    Extent outer; /* in the raw mail */
    Extent inner; /* in what that decodes to, if `is_nested` */
    bool is_nested;
} Place;

/* The place of what lies at `inner` within `outer`'s bytes. */
Place place_within(const Extent *outer, const Extent *inner);
/* Could it be in a raw mail of `size` bytes? */
bool place_is_sound(const Place *place, guint64 size);

typedef struct {
    Place place;
    TransferDecoder outer, inner;
    guint64 at;         /* how many bytes came out of `outer` */
    GByteArray *middle; /* the last of them */
} PlaceDecoder;

void place_decoder_init(PlaceDecoder *decoder, const Place *place);
void place_decoder_clear(PlaceDecoder *decoder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PlaceDecoder, place_decoder_clear)
/* `in`: the bytes of place.outer, in order, in pieces. Appends to `out`. */
void place_decode(PlaceDecoder *decoder, const guint8 *in, gsize length, GByteArray *out);
/* At the end of them. */
void place_finish(PlaceDecoder *decoder, GByteArray *out);
/* Further pieces would add nothing. */
bool place_is_over(const PlaceDecoder *decoder);
