/* Mail ↔ GVariant of one fixed type: how the parser child answers.
 *
 * The reading side trusts nothing: size at most WIRE_MAX_BYTES, normal form, enums and counts
 * in range, text valid UTF-8 without control characters (in blocks, line feed and tab),
 * attachment ranges within the raw mail. Not judged: whether what it says is true. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

#define WIRE_MAX_BYTES (8 * 1024 * 1024)

GBytes *wire_pack(const Mail *mail);
/* ERROR_CORRUPT when `bytes` is not a whole, sound Mail of a raw mail of `raw_size` bytes. */
bool wire_unpack(GBytes *bytes, guint64 raw_size, Mail **ret, GError **error);
