/* Queues: finding, refusing what is taken, numbering. */
#include "tests/unit/store/fixture.h"

static void test_finders(Fixture *f, gconstpointer unused)
{
    g_autoptr(Queue) by_id = NULL;
    g_autoptr(Queue) by_name = NULL;
    g_autoptr(Queue) by_prefix = NULL;
    g_autoptr(Queue) by_address = NULL;
    g_autoptr(Queue) nobody = NULL;
    MUST(queues_by_id(f->store, f->queue, &by_id, &error));
    MUST(queues_by_name(f->store, "support", &by_name, &error));
    MUST(queues_by_prefix(f->store, "SUP", &by_prefix, &error));
    MUST(queues_by_address(f->store, "support@example.org", &by_address, &error));
    g_assert_cmpint(by_id->id, ==, f->queue);
    g_assert_cmpint(by_name->id, ==, f->queue);
    g_assert_cmpint(by_prefix->id, ==, f->queue);
    g_assert_cmpint(by_address->id, ==, f->queue);
    g_assert_cmpstr(by_id->name, ==, "support");
    g_assert_cmpstr(by_id->address, ==, "support@example.org");
    g_assert_cmpstr(by_id->prefix, ==, "SUP");
    g_assert_cmpstr(by_id->language, ==, "fr");
    g_assert_false(by_id->removed);
    MUST(queues_by_name(f->store, "nobody", &nobody, &error));
    g_assert_null(nobody);
    MUST(queues_by_id(f->store, 99, &nobody, &error));
    g_assert_null(nobody);
    MUST(queues_by_prefix(f->store, "sup", &nobody, &error));
    g_assert_null(nobody);
}

static void test_list_and_update(Fixture *f, gconstpointer unused)
{
    g_autoptr(Queue) queue = NULL;
    MUST(queues_by_id(f->store, f->queue, &queue, &error));
    g_free(queue->address);
    queue->address = g_strdup("Help@Example.ORG");
    queue->removed = true;
    g_assert_cmpstr(queue->archive, ==, "");
    g_assert_false(queue->transcript);
    g_free(queue->archive);
    queue->archive = g_strdup("archive@example.org");
    queue->transcript = true;
    MUST(queues_update(f->store, queue, &error));
    g_autoptr(Queue) same = NULL;
    MUST(queues_by_address(f->store, "help@example.org", &same, &error));
    g_assert_cmpstr(same->address, ==, "Help@Example.ORG");
    g_assert_true(same->removed);
    g_assert_cmpstr(same->archive, ==, "archive@example.org");
    g_assert_true(same->transcript);
    g_autoptr(GPtrArray) all = NULL;
    MUST(queues_list(f->store, &all, &error));
    g_assert_cmpuint(all->len, ==, 2);
    g_assert_cmpstr(((Queue *)all->pdata[0])->name, ==, "sales");
    g_assert_cmpstr(((Queue *)all->pdata[1])->name, ==, "support");
}

static void test_taken(Fixture *f, gconstpointer unused)
{
    static const struct {
        const char *name, *address, *prefix, *says;
    } cases[] = {
        {"support", "x@example.org", "XXX", "name support"},
        {"xxx", "SUPPORT@example.org", "XXX", "address SUPPORT@example.org"},
        {"xxx", "x@example.org", "SUP", "prefix SUP"},
        {"xxx", "not an address", "XXX", "not an address"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Queue queue = {.name = (char *)cases[i].name,
                       .address = (char *)cases[i].address,
                       .prefix = (char *)cases[i].prefix,
                       .language = (char *)"en"};
        g_autoptr(GError) error = NULL;
        gint64 id;
        g_assert_false(queues_add(f->store, &queue, &id, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
        g_assert_nonnull(strstr(error->message, cases[i].says));
    }
    g_autoptr(Queue) sales = NULL;
    MUST(queues_by_id(f->store, f->sales, &sales, &error));
    g_free(sales->name);
    sales->name = g_strdup("support");
    FAILS(queues_update(f->store, sales, &error), ERROR_REJECTED);
}

static void test_numbers(Fixture *f, gconstpointer unused)
{
    for (gint64 expected = 1; expected <= 3; expected++) {
        gint64 number;
        MUST(queues_next_number(f->store, f->queue, &number, &error));
        g_assert_cmpint(number, ==, expected);
    }
    gint64 number;
    MUST(queues_next_number(f->store, f->sales, &number, &error));
    g_assert_cmpint(number, ==, 1);
    FAILS(queues_next_number(f->store, 99, &number, &error), ERROR_CORRUPT);
    /* A number that was not committed is given again. */
    MUST(store_commit(f->store, &error));
    MUST(store_begin(f->store, &error));
    MUST(queues_next_number(f->store, f->queue, &number, &error));
    g_assert_cmpint(number, ==, 4);
    store_rollback(f->store);
    MUST(store_begin(f->store, &error));
    MUST(queues_next_number(f->store, f->queue, &number, &error));
    g_assert_cmpint(number, ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/queues/finders", test_finders);
    FIXTURE_TEST("/store/queues/list-and-update", test_list_and_update);
    FIXTURE_TEST("/store/queues/taken", test_taken);
    FIXTURE_TEST("/store/queues/numbers", test_numbers);
    return g_test_run();
}
