/* Page links open for their reader until they expire or the person's epoch moves on. */
#include "tests/unit/store/fixture.h"

#include "schema/links.h"

static const guint8 hash[32] = {1, 2, 3, 0, 5};

static bool opens(Fixture *f, const guint8 *which, gint64 now)
{
    g_autoptr(GError) error = NULL;
    gint64 ticket = 0, person = 0;
    bool found = links_find(f->store, which, now, &ticket, &person, &error);
    g_assert_no_error(error);
    if (found) {
        g_assert_cmpint(ticket, ==, 1);
        g_assert_cmpint(person, ==, f->customer);
    }
    return found;
}

static void test_find(Fixture *f, gconstpointer unused)
{
    static const guint8 other[32] = {1, 2, 3, 0, 6};
    fixture_ticket(f->store, f->queue, f->customer, 1);
    MUST(links_add(f->store, hash, 1, f->customer, 1, 0, &error));
    MUST(links_add(f->store, hash, 1, f->customer, 1, 0, &error));
    g_assert_true(opens(f, hash, 1));
    g_assert_true(opens(f, hash, G_MAXINT64));
    g_assert_false(opens(f, other, 1));
}

static void test_expiry(Fixture *f, gconstpointer unused)
{
    fixture_ticket(f->store, f->queue, f->customer, 1);
    MUST(links_add(f->store, hash, 1, f->customer, 1, 100, &error));
    g_assert_true(opens(f, hash, 99));
    g_assert_false(opens(f, hash, 100));
    MUST(links_add(f->store, hash, 1, f->customer, 1, 200, &error));
    g_assert_true(opens(f, hash, 100));
    g_assert_false(opens(f, hash, 200));
    MUST(links_add(f->store, hash, 1, f->customer, 1, 0, &error));
    g_assert_true(opens(f, hash, 200));
}

static void test_epoch(Fixture *f, gconstpointer unused)
{
    fixture_ticket(f->store, f->queue, f->customer, 1);
    MUST(links_add(f->store, hash, 1, f->customer, 1, 0, &error));
    MUST(people_raise_epoch(f->store, f->agent, &error));
    g_assert_true(opens(f, hash, 1));
    MUST(people_raise_epoch(f->store, f->customer, &error));
    g_assert_false(opens(f, hash, 1));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/links/find", test_find);
    FIXTURE_TEST("/store/links/expiry", test_expiry);
    FIXTURE_TEST("/store/links/epoch", test_epoch);
    return g_test_run();
}
