/* Moments: whatever is typed, what is understood lies ahead and not too far. */
#include "core/base/utf8.h"
#include "core/desk/when.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    const gint64 now = 1795789200;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Paris");
    g_autofree char *text = utf8_clean((const char *)data, size, TEXT_LINE);
    gint64 moment = 0;
    if (when_read(text, now, zone, &moment)) {
        g_assert_cmpint(moment, >, now);
        g_assert_cmpint(moment, <, now + (gint64)WHEN_YEARS * 366 * 86400 + 86400);
    }
    return 0;
}
