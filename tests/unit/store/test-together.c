/* Many writes in one transaction: what fails is undone alone, and what takes the transaction
 * along costs the others nothing either. */
#include "tests/unit/store/fixture.h"

#include "schema/outbox.h"
#include "schema/together.h"

#include <signal.h>
#include <sys/resource.h>

#define WRITES 5

typedef struct {
    Fixture *fixture;
    int refused;  /* this one fails after it has written something; -1: none */
    int ends;     /* this one ends the transaction, as a full disk may; -1: none */
    bool no_disk; /* nothing can be written from the last one on */
    int calls;
} Plan;

static void fill_disk(bool full)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = full ? 1 : limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static bool write_row(guint i, void *user, GError **error)
{
    Plan *plan = user;
    g_autofree char *message_id = g_strdup_printf("%u@x", i);
    OutboxRow row = {.kind = (char *)"message",
                     .person = plan->fixture->agent,
                     .address = (char *)"agent@example.org",
                     .message_id = message_id};
    plan->calls++;
    if (!outbox_add(plan->fixture->store, &row, NULL, error))
        return false;
    if (plan->no_disk && i == WRITES - 1)
        fill_disk(true);
    if ((int)i == plan->ends)
        store_rollback(plan->fixture->store);
    if ((int)i != plan->refused && (int)i != plan->ends)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_CORRUPT, "number %u is bad", i);
    return false;
}

static bool is_there(Fixture *f, guint i)
{
    g_autofree char *message_id = g_strdup_printf("%u@x", i);
    g_autoptr(OutboxRow) row = NULL;
    MUST(outbox_by_message_id(f->store, message_id, &row, &error));
    return row != NULL;
}

/* Every one is there or has an error, never both; only `failed` has one. */
static void run(Fixture *f, Plan plan, int failed, int calls)
{
    GError *errors[WRITES] = {NULL};
    plan.fixture = f;
    MUST(store_commit(f->store, &error));
    store_together(f->store, WRITES, write_row, &plan, errors);
    for (guint i = 0; i < WRITES; i++) {
        g_assert_true((errors[i] == NULL) == ((int)i != failed));
        g_assert_true(is_there(f, i) == (errors[i] == NULL));
        g_clear_error(&errors[i]);
    }
    g_assert_cmpint(plan.calls, ==, calls);
    MUST(store_begin(f->store, &error)); /* the lock is free again */
}

static void test_all(Fixture *f, gconstpointer unused)
{
    run(f, (Plan){.refused = -1, .ends = -1}, -1, WRITES);
}

static void test_one_fails(Fixture *f, gconstpointer unused)
{
    run(f, (Plan){.refused = 2, .ends = -1}, 2, WRITES);
}

static void test_transaction_lost(Fixture *f, gconstpointer unused)
{
    run(f, (Plan){.refused = -1, .ends = 2}, 2, 3 + WRITES);
}

static void test_commit_fails(Fixture *f, gconstpointer unused)
{
    GError *errors[WRITES] = {NULL};
    Plan plan = {.fixture = f, .refused = -1, .ends = -1, .no_disk = true};
    MUST(store_commit(f->store, &error));
    store_together(f->store, WRITES, write_row, &plan, errors);
    fill_disk(false);
    for (guint i = 0; i < WRITES; i++) {
        g_assert_error(errors[i], WICKET_ERROR, ERROR_TRANSIENT);
        g_clear_error(&errors[i]);
        g_assert_false(is_there(f, i));
    }
}

static void test_none(Fixture *f, gconstpointer unused)
{
    MUST(store_commit(f->store, &error));
    store_together(f->store, 0, write_row, NULL, NULL);
}

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/together/all", test_all);
    FIXTURE_TEST("/store/together/one-fails", test_one_fails);
    FIXTURE_TEST("/store/together/transaction-lost", test_transaction_lost);
    FIXTURE_TEST("/store/together/commit-fails", test_commit_fails);
    FIXTURE_TEST("/store/together/none", test_none);
    return g_test_run();
}
