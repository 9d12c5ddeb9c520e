/* The property lists within TNEF ([MS-OXTNEF] section 2.1.3.4, types as in [MS-OXCDATA]
 * section 2.11.1). */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    MAPI_STRING8 = 0x001e,
    MAPI_UNICODE = 0x001f,
    MAPI_BINARY = 0x0102,
    MAPI_OBJECT = 0x000d,
    MAPI_LONG = 0x0003,
    MAPI_BOOLEAN = 0x000b,
} MapiType;

/* One value of a property without a name of its own; of several values the first. */
typedef void (*MapiSink)(guint16 id, guint16 type, const guint8 *value, gsize length,
                         void *user);

/* Gives every property in turn, until one that cannot be understood. */
void mapi_read(const guint8 *list, gsize length, MapiSink sink, void *user);

/* The value as a number, 0 where it is too short for one. */
guint32 mapi_number(const guint8 *value, gsize length);
/* A string value as clean UTF-8 lines; `charset`: of MAPI_STRING8. NULL: it is no string. */
char *mapi_text(guint16 type, const guint8 *value, gsize length, const char *charset);
