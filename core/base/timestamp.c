/* Times as text. Month and day names are written out here: strftime's depend on the locale of
 * whoever runs the program, and mail headers must not.
 *
 * Years before 1900 or past 9999 have no text form in these formats: they are shown as the
 * nearest moment that has. */
#include "core/base/timestamp.h"

#include <stdbool.h>

#define EARLIEST (-2208988800) /* 1900-01-01: RFC 5322 knows no earlier year */
/* A day of room, so that no time zone leads out of GDateTime's range. */
#define LATEST 253402128000 /* 9999-12-30 */

typedef struct {
    const char *days[7]; /* Monday first */
    const char *months[12];
    const char *short_months[12];
} Names;

static const Names english = {
    {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    {"January", "February", "March", "April", "May", "June", "July", "August", "September",
     "October", "November", "December"},
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
};

static const Names french = {
    {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
    {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
     "octobre", "novembre", "décembre"},
    {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
     "déc."},
};

static GDateTime *local_time(gint64 at, GTimeZone *zone)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(CLAMP(at, EARLIEST, LATEST));
    return g_date_time_to_timezone(utc, zone);
}

static bool is_french(const char *language)
{
    return g_strcmp0(language, "fr") == 0;
}

/* "1er janvier", but "2 janvier". */
static const char *ordinal(const char *language, int day)
{
    return is_french(language) && day == 1 ? "er" : "";
}

static char *clock_text(GDateTime *time, const char *language)
{
    return g_strdup_printf(is_french(language) ? "%d h %02d" : "%d:%02d",
                           g_date_time_get_hour(time), g_date_time_get_minute(time));
}

gint64 now_utc(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

char *timestamp_rfc3339(gint64 at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(CLAMP(at, EARLIEST, LATEST));
    return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year(time),
                           g_date_time_get_month(time), g_date_time_get_day_of_month(time),
                           g_date_time_get_hour(time), g_date_time_get_minute(time),
                           g_date_time_get_second(time));
}

char *timestamp_rfc5322(gint64 at, GTimeZone *zone)
{
    g_autoptr(GDateTime) time = local_time(at, zone);
    int offset = (int)(g_date_time_get_utc_offset(time) / G_TIME_SPAN_MINUTE);
    return g_strdup_printf(
        "%.3s, %d %s %04d %02d:%02d:%02d %c%02d%02d",
        english.days[g_date_time_get_day_of_week(time) - 1], g_date_time_get_day_of_month(time),
        english.short_months[g_date_time_get_month(time) - 1], g_date_time_get_year(time),
        g_date_time_get_hour(time), g_date_time_get_minute(time), g_date_time_get_second(time),
        offset < 0 ? '-' : '+', ABS(offset) / 60, ABS(offset) % 60);
}

char *timestamp_long(gint64 at, GTimeZone *zone, const char *language)
{
    const Names *names = is_french(language) ? &french : &english;
    g_autoptr(GDateTime) time = local_time(at, zone);
    g_autofree char *clock = clock_text(time, language);
    int day = g_date_time_get_day_of_month(time);
    return g_strdup_printf(
        "%s %d%s %s %d, %s", names->days[g_date_time_get_day_of_week(time) - 1], day,
        ordinal(language, day), names->months[g_date_time_get_month(time) - 1],
        g_date_time_get_year(time), clock);
}

char *timestamp_short(gint64 at, GTimeZone *zone, const char *language)
{
    const Names *names = is_french(language) ? &french : &english;
    g_autoptr(GDateTime) time = local_time(at, zone);
    g_autofree char *clock = clock_text(time, language);
    int day = g_date_time_get_day_of_month(time);
    return g_strdup_printf("%d%s %s %s", day, ordinal(language, day),
                           names->short_months[g_date_time_get_month(time) - 1], clock);
}
