/* The first line names a charset, the rest is in it, or not. */
#include "core/mail/charset.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    const guint8 *end = size > 0 ? memchr(data, '\n', size) : NULL;
    if (!end)
        return 0;
    g_autofree char *charset = g_strndup((const char *)data, (gsize)(end - data));
    gsize length = size - (gsize)(end + 1 - data);
    g_autofree char *text = charset_to_utf8(end + 1, length, charset);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    return 0;
}
