/* Compressed RTF ([MS-OXRTFCP]). */
#pragma once

#include <glib.h>

/* The RTF, at most `max` bytes; NULL if this is none. What breaks off gives what there is. */
GByteArray *lzfu_decode(const guint8 *bytes, gsize length, gsize max);
