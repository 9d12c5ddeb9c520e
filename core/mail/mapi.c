/* Walking property lists. Every length is checked against what is there; a list that breaks off
 * ends there. Values are lent. */
#include "core/mail/mapi.h"

#include "core/base/utf8.h"
#include "core/mail/charset.h"
#include "core/mail/cursor.h"

#define FIRST_NAMED 0x8000
#define MULTIPLE 0x1000
#define GUID_BYTES 16

static const struct {
    guint16 type;
    gsize size; /* with padding; 0: each value says its own */
} types[] = {
    {0x0002, 4},       {MAPI_LONG, 4},    {0x0004, 4},       {0x0005, 8},      {0x0006, 8},
    {0x0007, 8},       {0x000a, 4},       {MAPI_BOOLEAN, 4}, {MAPI_OBJECT, 0}, {0x0014, 8},
    {MAPI_STRING8, 0}, {MAPI_UNICODE, 0}, {0x0040, 8},       {0x0048, 16},     {MAPI_BINARY, 0},
};

static bool find_size(guint16 type, gsize *ret)
{
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (types[i].type == type) {
            *ret = types[i].size;
            return true;
        }
    return false;
}

/* Past a length and so many bytes, padded to four. */
static bool take_counted(Cursor *list, const guint8 **ret, gsize *ret_length)
{
    guint32 length;
    if (!cursor_u32(list, &length) || !cursor_skip(list, length, ret))
        return false;
    cursor_skip(list, MIN((gsize)(-length & 3), list->left), NULL);
    *ret_length = length;
    return true;
}

/* Past the name that a property of a high number has. */
static bool skip_name(Cursor *list)
{
    guint32 kind, number;
    const guint8 *name;
    gsize length;
    if (!cursor_skip(list, GUID_BYTES, NULL) || !cursor_u32(list, &kind))
        return false;
    return kind == 0 ? cursor_u32(list, &number) : take_counted(list, &name, &length);
}

/* Past all values of one property; the first is lent. */
static bool take_values(Cursor *list, guint16 type, const guint8 **ret, gsize *ret_length)
{
    gsize size;
    guint32 count = 1;
    if (!find_size(type & ~MULTIPLE, &size) ||
        (((type & MULTIPLE) || size == 0) && !cursor_u32(list, &count)))
        return false;
    *ret = list->at;
    *ret_length = 0;
    for (guint32 i = 0; i < count; i++) {
        const guint8 *value = list->at;
        gsize length = size;
        if (size ? !cursor_skip(list, size, NULL) : !take_counted(list, &value, &length))
            return false;
        if (i == 0) {
            *ret = value;
            *ret_length = length;
        }
    }
    return true;
}

void mapi_read(const guint8 *bytes, gsize length, MapiSink sink, void *user)
{
    Cursor list = {bytes, length};
    guint32 count = 0;
    cursor_u32(&list, &count);
    for (guint32 i = 0; i < count; i++) {
        guint16 type, id;
        const guint8 *value;
        gsize value_length;
        if (!cursor_u16(&list, &type) || !cursor_u16(&list, &id) ||
            (id >= FIRST_NAMED && !skip_name(&list)) ||
            !take_values(&list, type, &value, &value_length))
            return;
        if (id < FIRST_NAMED)
            sink(id, type & (guint16)~MULTIPLE, value, value_length, user);
    }
}

guint32 mapi_number(const guint8 *value, gsize length)
{
    Cursor cursor = {value, length};
    guint32 number = 0;
    cursor_u32(&cursor, &number);
    return number;
}

/* UTF-16, little-endian; what is no character becomes U+FFFD. */
static char *from_utf16(const guint8 *value, gsize length)
{
    GString *out = g_string_sized_new(length / 2);
    for (gsize i = 0; i + 1 < length; i += 2) {
        gunichar c = (gunichar)(value[i] | value[i + 1] << 8);
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < length) {
            gunichar low = (gunichar)(value[i + 2] | value[i + 3] << 8);
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        g_string_append_unichar(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    }
    char *clean = utf8_clean(out->str, out->len, TEXT_BLOCK);
    g_string_free(out, TRUE);
    return clean;
}

char *mapi_text(guint16 type, const guint8 *value, gsize length, const char *charset)
{
    if (type == MAPI_UNICODE)
        return from_utf16(value, length);
    return type == MAPI_STRING8 ? charset_to_utf8(value, length, charset) : NULL;
}
