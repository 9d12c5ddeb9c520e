/* Raw mails: the bytes of every mail that was taken, once each, in pieces of 64 KiB. */
#pragma once

#include "schema/store.h"

#define RAW_PIECE_BYTES 65536

/* Stores `size` bytes of `fd` from offset 0 in pieces, or finds the same bytes stored before.
 * `hash`: SHA-256 of them. Fewer bytes in `fd` than `size` are ERROR_TRANSIENT. */
bool raw_add(Store *store, int fd, guint64 size, const guint8 *hash, gint64 *ret_id,
             GError **error);
/* Reads `length` bytes at `offset`, fewer only at the end, where *ret_length is 0. Touches one
 * piece at a time, so that no reader holds back a checkpoint for long; reads that do not cross
 * a border of RAW_PIECE_BYTES are the cheapest. An unknown raw mail or one with a piece missing
 * is ERROR_CORRUPT. */
bool raw_read(Store *store, gint64 raw, guint64 offset, guint8 *out, gsize length,
              gsize *ret_length, GError **error);
bool raw_size(Store *store, gint64 raw, guint64 *ret, GError **error);
