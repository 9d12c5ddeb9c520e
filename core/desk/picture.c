/* Reading and recognising pictures. The type is that of the first bytes, never the sender's
 * word; nothing here decodes one, that is for whoever shows it. */
#include "core/desk/picture.h"

#include "core/base/error.h"

#include <string.h>

static const struct {
    const char *type, *start;
    gsize length;
} kinds[] = {
    {"image/png", "\x89PNG\r\n\x1a\n", 8},
    {"image/jpeg", "\xff\xd8\xff", 3},
    {"image/gif", "GIF87a", 6},
    {"image/gif", "GIF89a", 6},
};

bool picture_is_small(const Attachment *attachment)
{
    static const char *const types[] = {"image/png", "image/jpeg", "image/jpg", "image/gif",
                                        NULL};
    return attachment->size > 0 && attachment->size <= PICTURE_BYTES &&
           !attachment->staff_only && g_strv_contains(types, attachment->type);
}

static const char *type_of(const GByteArray *bytes)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (bytes->len >= kinds[i].length &&
            memcmp(bytes->data, kinds[i].start, kinds[i].length) == 0)
            return kinds[i].type;
    return NULL;
}

static bool read_all(Store *store, gint64 raw, const Attachment *attachment, GByteArray *out,
                     GError **error)
{
    g_autoptr(AttachmentReader) reader = attachment_reader_new(store, raw, attachment);
    for (guint before = G_MAXUINT; out->len != before && out->len <= PICTURE_BYTES;) {
        before = out->len;
        if (!attachment_reader_next(reader, out, error))
            return false;
    }
    return true;
}

bool picture_address(Store *store, gint64 raw, const Attachment *attachment, char **ret,
                     GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    GError *failure = NULL;
    *ret = NULL;
    if (!read_all(store, raw, attachment, bytes, &failure)) {
        /* A document with one picture less is better than none. */
        bool damaged = g_error_matches(failure, WICKET_ERROR, ERROR_CORRUPT);
        if (damaged)
            g_clear_error(&failure);
        else
            g_propagate_error(error, failure);
        return damaged;
    }
    const char *type = bytes->len <= PICTURE_BYTES ? type_of(bytes) : NULL;
    if (!type)
        return true;
    g_autofree char *base64 = g_base64_encode(bytes->data, bytes->len);
    *ret = g_strconcat("data:", type, ";base64,", base64, NULL);
    return true;
}
