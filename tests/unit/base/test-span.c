/* How long things took. */
#include "core/base/span.h"

static void test_labels(void)
{
    static const struct {
        gint64 seconds;
        const char *fr, *en;
    } cases[] = {
        {G_MININT64, "moins d’une minute", "less than a minute"},
        {59, "moins d’une minute", "less than a minute"},
        {60, "1\u00A0min", "1\u00A0min"},
        {3599, "59\u00A0min", "59\u00A0min"},
        {3600, "1\u00A0h", "1\u00A0h"},
        {3600 + 5 * 60 + 59, "1\u00A0h 05\u00A0min", "1\u00A0h 05\u00A0min"},
        {86399, "23\u00A0h 59\u00A0min", "23\u00A0h 59\u00A0min"},
        {86400, "1\u00A0jour", "1\u00A0day"},
        {2 * 86400 + 4 * 3600 + 1800, "2\u00A0jours 4\u00A0h", "2\u00A0days 4\u00A0h"},
        {31 * 86400 + 7200, "31\u00A0jours", "31\u00A0days"},
        {G_MAXINT64, "106751991167300\u00A0jours", "106751991167300\u00A0days"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *fr = span_label(cases[i].seconds, "fr");
        g_autofree char *en = span_label(cases[i].seconds, "en");
        g_assert_cmpstr(fr, ==, cases[i].fr);
        g_assert_cmpstr(en, ==, cases[i].en);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/span/labels", test_labels);
    return g_test_run();
}
