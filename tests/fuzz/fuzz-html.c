/* HTML of any bytes: clean text comes out, no larger than the input allows. */
#include "core/mail/html.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = html_to_text((const char *)data, size);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_assert_null(strchr(text, '\r'));
    return 0;
}
