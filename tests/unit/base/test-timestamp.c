/* Times as text, in a zone with summer time, in one that is not whole hours away, and at the
 * ends of what can be written. The locale must not matter, so a French one is asked for. */
#include "core/base/timestamp.h"

#include <locale.h>

static char *rfc3339(gint64 at, GTimeZone *zone)
{
    return timestamp_rfc3339(at);
}

static char *long_fr(gint64 at, GTimeZone *zone)
{
    return timestamp_long(at, zone, "fr");
}

static char *long_en(gint64 at, GTimeZone *zone)
{
    return timestamp_long(at, zone, "en");
}

static char *short_fr(gint64 at, GTimeZone *zone)
{
    return timestamp_short(at, zone, "fr");
}

static char *short_en(gint64 at, GTimeZone *zone)
{
    return timestamp_short(at, zone, "en");
}

#define FRIDAY 1795162320   /* 2026-11-20T08:12:00Z */
#define SUMMER 1782864309   /* 2026-07-01T00:05:09Z */
#define NEW_YEAR 1798758240 /* 2026-12-31T23:04:00Z */

static void test_table(void)
{
    static const struct {
        char *(*format)(gint64 at, GTimeZone *zone);
        const char *zone;
        gint64 at;
        const char *expected;
    } cases[] = {
        {rfc3339, "UTC", FRIDAY, "2026-11-20T08:12:00Z"},
        {rfc3339, "UTC", 0, "1970-01-01T00:00:00Z"},
        {timestamp_rfc5322, "Europe/Paris", FRIDAY, "Fri, 20 Nov 2026 09:12:00 +0100"},
        {timestamp_rfc5322, "Europe/Paris", SUMMER, "Wed, 1 Jul 2026 02:05:09 +0200"},
        {timestamp_rfc5322, "UTC", FRIDAY, "Fri, 20 Nov 2026 08:12:00 +0000"},
        {timestamp_rfc5322, "America/St_Johns", FRIDAY, "Fri, 20 Nov 2026 04:42:00 -0330"},
        {timestamp_rfc5322, "Asia/Kathmandu", FRIDAY, "Fri, 20 Nov 2026 13:57:00 +0545"},
        {long_fr, "Europe/Paris", FRIDAY, "vendredi 20 novembre 2026, 9 h 12"},
        {long_fr, "Europe/Paris", SUMMER, "mercredi 1er juillet 2026, 2 h 05"},
        {long_fr, "Europe/Paris", NEW_YEAR, "vendredi 1er janvier 2027, 0 h 04"},
        {long_en, "Europe/Paris", FRIDAY, "Friday 20 November 2026, 9:12"},
        {long_en, "UTC", NEW_YEAR, "Thursday 31 December 2026, 23:04"},
        {short_fr, "Europe/Paris", FRIDAY, "20 nov. 9 h 12"},
        {short_fr, "Europe/Paris", SUMMER, "1er juil. 2 h 05"},
        {short_en, "Europe/Paris", FRIDAY, "20 Nov 9:12"},
        {short_en, "Europe/Paris", SUMMER, "1 Jul 2:05"},
        /* beyond what can be written */
        {rfc3339, "UTC", -1, "1969-12-31T23:59:59Z"},
        {rfc3339, "UTC", G_MININT64, "1900-01-01T00:00:00Z"},
        {rfc3339, "UTC", G_MAXINT64, "9999-12-30T00:00:00Z"},
        {timestamp_rfc5322, "Asia/Kathmandu", G_MAXINT64, "Thu, 30 Dec 9999 05:45:00 +0545"},
        {long_en, "America/St_Johns", G_MININT64, "Sunday 31 December 1899, 20:29"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(cases[i].zone);
        g_assert_nonnull(zone);
        g_autofree char *text = cases[i].format(cases[i].at, zone);
        g_assert_cmpstr(text, ==, cases[i].expected);
    }
}

static void test_other_language(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autofree char *other = timestamp_short(FRIDAY, zone, "de");
    g_autofree char *none = timestamp_short(FRIDAY, zone, NULL);
    g_assert_cmpstr(other, ==, "20 Nov 8:12");
    g_assert_cmpstr(none, ==, "20 Nov 8:12");
}

static void test_now(void)
{
    gint64 now = now_utc();
    g_assert_cmpint(now, >, 1700000000);
    g_assert_cmpint(ABS(now - g_get_real_time() / G_USEC_PER_SEC), <=, 1);
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "fr_FR.UTF-8");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/timestamp/table", test_table);
    g_test_add_func("/timestamp/other-language", test_other_language);
    g_test_add_func("/timestamp/now", test_now);
    return g_test_run();
}
