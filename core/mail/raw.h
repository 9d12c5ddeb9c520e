/* The raw mail, read by position: never by the descriptor's own offset, which other processes
 * share. */
#pragma once

#include "core/base/place.h"

#include <glib.h>
#include <gmime/gmime.h>
#include <stdbool.h>

#define RAW_WINDOW_BYTES ((gsize)64 * 1024)

/* What was read last: a parser asks for many small pieces near each other. */
typedef struct {
    guint64 start;
    gsize length;
    guint8 bytes[RAW_WINDOW_BYTES];
} RawWindow;

typedef struct {
    int fd; /* borrowed; -1: the bytes are in memory */
    const guint8 *bytes;
    guint64 size;
    RawWindow *window; /* borrowed; NULL: every read is one of the file */
} RawMail;

/* pread(2) that is not interrupted, nor goes past raw->size: bytes read, 0 at the end, -1 on
 * error. */
gssize raw_pread(const RawMail *raw, guint64 offset, void *to, gsize length);

/* A stream over bytes [start, end) for GMime's parser. NUL bytes read as 0x01, so that nothing
 * hides behind them in a header that GMime hands out as a C string; offsets stay true. At
 * `masked` an "X" is read instead of what is there, so that the parser does not know a header
 * field that begins there; -1: nowhere. `raw` is borrowed. */
GMimeStream *raw_stream_new(const RawMail *raw, guint64 start, guint64 end, gint64 masked);

/* The structure of the mail that begins at `start`, header and all, as one part; NULL if no
 * header is there. `masked`: as above. `raw` must outlive it. */
GMimeObject *raw_parse(const RawMail *raw, guint64 start, gint64 masked);

/* Takes the next decoded piece; false: no more, please. */
typedef bool (*RawSink)(const guint8 *bytes, gsize length, void *user);

/* Decodes the bytes of a file piece by piece. Bytes that are not there are not an error: the
 * mail ends where it ends. */
void raw_decode(const RawMail *raw, const Place *place, RawSink sink, void *user);
/* The same into memory, at most `limit` decoded bytes; *ret_cut (may be NULL): there was more.
 */
GByteArray *raw_decode_all(const RawMail *raw, const Place *place, gsize limit, bool *ret_cut);
