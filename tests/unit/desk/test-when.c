/* Moments in both languages, across the changes of the clocks. */
#include "core/desk/when.h"

/* Friday 27 November 2026, 14:20 in Paris. */
#define NOW "2026-11-27T14:20:00"

static gint64 local(const char *text, GTimeZone *zone)
{
    g_autoptr(GDateTime) moment = g_date_time_new_from_iso8601(text, zone);
    g_assert_nonnull(moment);
    return g_date_time_to_unix(moment);
}

static void test_understood(void)
{
    static const struct {
        const char *text, *moment;
    } moments[] = {
        {"demain 14h", "2026-11-28T14:00:00"},
        {"Demain à 14h30", "2026-11-28T14:30:00"},
        {"jusqu’à demain 14 h 30", "2026-11-28T14:30:00"},
        {"until tomorrow at 2:30 pm", "2026-11-28T14:30:00"},
        {"tomorrow 2pm", "2026-11-28T14:00:00"},
        {"tomorrow", "2026-11-28T09:00:00"},
        {"après-demain", "2026-11-29T09:00:00"},
        {"vendredi", "2026-12-04T09:00:00"},
        {"vendredi 9h", "2026-12-04T09:00:00"},
        {"lundi prochain", "2026-11-30T09:00:00"},
        {"next monday", "2026-11-30T09:00:00"},
        {"lundi matin", "2026-11-30T09:00:00"},
        {"mardi après-midi", "2026-12-01T14:00:00"},
        {"ce soir", "2026-11-27T18:00:00"},
        {"tonight", "2026-11-27T18:00:00"},
        {"demain midi", "2026-11-28T12:00:00"},
        {"in 3 days", "2026-11-30T14:20:00"},
        {"dans 3 jours", "2026-11-30T14:20:00"},
        {"dans 3 jours à 9h", "2026-11-30T09:00:00"},
        {"in two weeks", "2026-12-11T14:20:00"},
        {"dans une semaine", "2026-12-04T14:20:00"},
        {"in 2 hours", "2026-11-27T16:20:00"},
        {"dans une heure", "2026-11-27T15:20:00"},
        {"dans 30 min", "2026-11-27T14:50:00"},
        {"la semaine prochaine", "2026-11-30T09:00:00"},
        {"next week", "2026-11-30T09:00:00"},
        {"fin de semaine", "2026-11-27T17:00:00"},
        {"end of the month", "2026-11-30T17:00:00"},
        {"fin du mois", "2026-11-30T17:00:00"},
        {"2026-12-24 09:00", "2026-12-24T09:00:00"},
        {"2026-12-24", "2026-12-24T09:00:00"},
        {"24/12", "2026-12-24T09:00:00"},
        {"24/12/2026 9h30", "2026-12-24T09:30:00"},
        {"24/12 à 9 h 30", "2026-12-24T09:30:00"},
        {"24.12.2026", "2026-12-24T09:00:00"},
        {"3/4", "2027-04-03T09:00:00"},
        {"24 décembre", "2026-12-24T09:00:00"},
        {"le 24 déc. à 9 h", "2026-12-24T09:00:00"},
        {"jeudi 24 décembre 2026 à 10h", "2026-12-24T10:00:00"},
        {"Dec 24", "2026-12-24T09:00:00"},
        {"December 24, 2026 09:15", "2026-12-24T09:15:00"},
        {"1er janvier", "2027-01-01T09:00:00"},
        {"15h", "2026-11-27T15:00:00"},
        {"14h", "2026-11-28T14:00:00"},
        {"14:30", "2026-11-27T14:30:00"},
        {"12am", "2026-11-28T00:00:00"},
        {"12 pm", "2026-11-28T12:00:00"},
    };
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Paris");
    for (gsize i = 0; i < G_N_ELEMENTS(moments); i++) {
        gint64 moment = 0;
        if (!when_read(moments[i].text, local(NOW, zone), zone, &moment))
            g_error("\"%s\" is not understood", moments[i].text);
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(moment);
        g_autoptr(GDateTime) there = g_date_time_to_timezone(utc, zone);
        g_autofree char *text = g_date_time_format(there, "%Y-%m-%dT%H:%M:%S");
        g_assert_cmpstr(text, ==, moments[i].moment);
    }
}

static void test_not_understood(void)
{
    static const char *const texts[] = {"",
                                        "n’importe quoi",
                                        "31/02",
                                        "24/13",
                                        "hier",
                                        "2020-01-01",
                                        "25h",
                                        "14h75",
                                        "13pm",
                                        "demain demain",
                                        "in days",
                                        "dans 0 jours",
                                        "2126-01-01",
                                        "12345",
                                        "à 9h à 10h",
                                        "9",
                                        "aujourd’hui",
                                        "fin"};
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Paris");
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        gint64 moment = 0;
        if (when_read(texts[i], local(NOW, zone), zone, &moment))
            g_error("\"%s\" is understood", texts[i]);
    }
}

/* The same hour of the clock, though the days are of 23 and 25 hours. */
static void test_clocks_change(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("Europe/Paris");
    gint64 moment = 0;
    gint64 spring = local("2027-03-27T09:00:00", zone);
    g_assert_true(when_read("dans 1 jour", spring, zone, &moment));
    g_assert_cmpint(moment - spring, ==, 23 * 3600);
    gint64 autumn = local("2027-10-30T09:00:00", zone);
    g_assert_true(when_read("demain 9h", autumn, zone, &moment));
    g_assert_cmpint(moment - autumn, ==, 25 * 3600);
    g_assert_true(when_read("28/3/2027 2h30", spring, zone, &moment));
    g_assert_cmpint(moment, >, spring);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/when/understood", test_understood);
    g_test_add_func("/when/not-understood", test_not_understood);
    g_test_add_func("/when/clocks-change", test_clocks_change);
    return g_test_run();
}
