/* Minutes matter within a day, hours within a month, days always. */
#include "core/base/span.h"

#include <stdbool.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define HOURS_MATTER_DAYS 30

static char *days_label(gint64 days, gint64 hours, bool french)
{
    const char *unit = french ? (days == 1 ? "jour" : "jours") : (days == 1 ? "day" : "days");
    if (hours == 0 || days >= HOURS_MATTER_DAYS)
        return g_strdup_printf("%" G_GINT64_FORMAT "\u00A0%s", days, unit);
    return g_strdup_printf("%" G_GINT64_FORMAT "\u00A0%s %" G_GINT64_FORMAT "\u00A0h", days,
                           unit, hours);
}

static char *hours_label(gint64 hours, gint64 minutes)
{
    if (minutes == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT "\u00A0h", hours);
    return g_strdup_printf("%" G_GINT64_FORMAT "\u00A0h %02" G_GINT64_FORMAT "\u00A0min", hours,
                           minutes);
}

char *span_label(gint64 seconds, const char *language)
{
    bool french = g_strcmp0(language, "fr") == 0;
    if (seconds < MINUTE)
        return g_strdup(french ? "moins d’une minute" : "less than a minute");
    if (seconds < HOUR)
        return g_strdup_printf("%" G_GINT64_FORMAT "\u00A0min", seconds / MINUTE);
    if (seconds < DAY)
        return hours_label(seconds / HOUR, seconds % HOUR / MINUTE);
    return days_label(seconds / DAY, seconds % DAY / HOUR, french);
}
