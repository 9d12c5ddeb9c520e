/* Calendars of any bytes: nothing overread, and what comes out is a few clean lines. */
#include "core/mail/calendar.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = calendar_to_text((const char *)data, size, "2026");
    if (!text)
        return 0;
    guint lines = 0;
    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    g_assert_cmpuint(lines, <=, 4);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    return 0;
}
