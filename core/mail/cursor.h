/* Reading little-endian binary data without ever leaving it. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <string.h>

typedef struct {
    const guint8 *at;
    gsize left;
} Cursor;

/* Moves past `length` bytes; *ret (may be NULL) is where they began. */
static inline bool cursor_skip(Cursor *cursor, gsize length, const guint8 **ret)
{
    if (length > cursor->left)
        return false;
    if (ret)
        *ret = cursor->at;
    cursor->at += length;
    cursor->left -= length;
    return true;
}

static inline bool cursor_u16(Cursor *cursor, guint16 *ret)
{
    const guint8 *at;
    if (!cursor_skip(cursor, 2, &at))
        return false;
    *ret = (guint16)(at[0] | at[1] << 8);
    return true;
}

static inline bool cursor_u32(Cursor *cursor, guint32 *ret)
{
    const guint8 *at;
    if (!cursor_skip(cursor, 4, &at))
        return false;
    *ret = (guint32)at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
    return true;
}
