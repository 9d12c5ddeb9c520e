/* Waits between tries: they grow, they are jittered, and they end after five days. */
#include "notifier/backoff.h"

#define HOUR 3600
#define DAY (24 * HOUR)

static void test_waits_grow(void)
{
    static const struct {
        gint64 tries;
        gint64 wait;
    } table[] = {{1, 60},       {2, 120},       {3, 240},        {8, 7680},
                 {9, 4 * HOUR}, {10, 4 * HOUR}, {1000, 4 * HOUR}};
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        gint64 next = 0;
        g_assert_true(backoff_next(1000, 1000, table[i].tries, 0.5, &next));
        g_assert_cmpint(next - 1000, ==, table[i].wait);
    }
}

static void test_jitter_spreads(void)
{
    gint64 low = 0, high = 0;
    g_assert_true(backoff_next(0, 0, 4, 0.0, &low));
    g_assert_true(backoff_next(0, 0, 4, 1.0, &high));
    g_assert_cmpint(low, ==, 360);
    g_assert_cmpint(high, ==, 600);
}

/* A server that is never there: what one mail goes through. */
static void test_gives_up_after_five_days(void)
{
    gint64 now = 0, next = 0, tries = 1;
    while (backoff_next(0, now, tries, 0.5, &next)) {
        g_assert_cmpint(next, >, now);
        g_assert_cmpint(next, <=, 5 * DAY);
        now = next;
        tries++;
    }
    g_assert_cmpint(now, ==, 5 * DAY);
    g_assert_cmpint(tries, >, 30);
    g_assert_cmpint(tries, <, 45);
}

/* The notifier was off for a week: one temporary refusal must not kill the mail. */
static void test_old_mail_gets_its_tries(void)
{
    gint64 next = 0;
    g_assert_true(backoff_next(0, 7 * DAY, 1, 0.5, &next));
    g_assert_cmpint(next, ==, 7 * DAY + 60);
    g_assert_true(backoff_next(0, 7 * DAY + 60, 2, 0.5, &next));
    g_assert_cmpint(next, ==, 7 * DAY + 180);
    g_assert_false(backoff_next(0, 7 * DAY + 180, 3, 0.5, &next));
}

static void test_pauses(void)
{
    g_assert_cmpint(backoff_pause(1, 0.5), ==, 10);
    g_assert_cmpint(backoff_pause(2, 0.5), ==, 20);
    g_assert_cmpint(backoff_pause(6, 0.5), ==, 300);
    g_assert_cmpint(backoff_pause(1000, 1.0), ==, 375);
    g_assert_cmpint(backoff_pause(1, 0.0), >=, 5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/backoff/waits-grow", test_waits_grow);
    g_test_add_func("/backoff/jitter-spreads", test_jitter_spreads);
    g_test_add_func("/backoff/gives-up-after-five-days", test_gives_up_after_five_days);
    g_test_add_func("/backoff/old-mail-gets-its-tries", test_old_mail_gets_its_tries);
    g_test_add_func("/backoff/pauses", test_pauses);
    return g_test_run();
}
