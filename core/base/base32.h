/* Crockford base32 in lower case: what people may have to read aloud or retype.
 *
 * Reading folds case and takes i, l as 1 and o as 0. No padding, no check digit, and only one
 * spelling of the unused last bits is accepted (they must be zero). */
#pragma once

#include <glib.h>
#include <stdbool.h>

char *base32_encode(const guint8 *bytes, gsize length);
/* Decodes exactly `length` bytes from `text_length` characters; false on any other shape. */
bool base32_decode(const char *text, gsize text_length, guint8 *bytes, gsize length);
