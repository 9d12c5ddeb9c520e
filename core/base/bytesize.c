/* One rounding rule for every place a size is shown. */
#include "core/base/bytesize.h"

#include <stdbool.h>

char *bytesize_label(guint64 bytes, const char *language)
{
    static const char *const fr[] = {"octets", "Ko", "Mo", "Go"};
    static const char *const en[] = {"bytes", "KB", "MB", "GB"};
    bool french = g_strcmp0(language, "fr") == 0;
    const char *const *units = french ? fr : en;
    guint64 tenths = bytes * 10;
    int unit = 0;
    while (tenths >= 9995 && unit < 3) {
        tenths = (tenths + 500) / 1000;
        unit++;
    }
    /* A tenth is worth showing on small numbers of big units only. */
    if (unit >= 2 && tenths < 100 && tenths % 10 != 0)
        return g_strdup_printf("%d%c%d\u00A0%s", (int)(tenths / 10), french ? ',' : '.',
                               (int)(tenths % 10), units[unit]);
    return g_strdup_printf("%d\u00A0%s", (int)((tenths + 5) / 10), units[unit]);
}
