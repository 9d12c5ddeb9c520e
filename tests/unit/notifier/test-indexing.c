/* When the search index is filled: not at once for one message, at once for many, and not
 * again and again where it fails. */
#include "notifier/indexing.h"

#include "tests/unit/desk/site.h"

#include "schema/search.h"

static gint64 waiting(Site *site)
{
    gint64 n = -1;
    g_assert_true(search_waiting(site->desk->store, &n, NULL));
    return n;
}

static int turn(Indexing *indexing, Site *site)
{
    int wait = -2;
    g_autoptr(GError) error = NULL;
    indexing_turn(indexing, site->desk->store, false, &wait, &error);
    g_assert_no_error(error);
    return wait;
}

static void send(Site *site)
{
    g_autoptr(Outcome) outcome = site_send(site, JEAN, SUPPORT, "Toner", "", "Vide.");
}

static void add_many(Site *site, int n)
{
    Message message = {.queue = 1, .visibility = VISIBILITY_HELD, .reply = (char *)"toner"};
    gint64 id;
    g_assert_true(store_begin(site->desk->store, NULL));
    for (int i = 0; i < n; i++)
        g_assert_true(messages_add(site->desk->store, &message, NULL, NULL, &id, NULL));
    g_assert_true(store_commit(site->desk->store, NULL));
}

static void test_one(void)
{
    g_autoptr(Site) site = site_new("");
    Indexing indexing = {0};
    g_assert_cmpint(turn(&indexing, site), ==, -1);
    send(site);
    int wait = turn(&indexing, site);
    g_assert_cmpint(wait, >, 500);
    g_assert_cmpint(wait, <=, 1000);
    send(site);
    g_assert_cmpint(turn(&indexing, site), <=, wait);
    g_assert_cmpint(waiting(site), ==, 2);
    indexing.due = 1; /* the second is over */
    while (turn(&indexing, site) >= 0)
        g_usleep(10000);
    g_assert_cmpint(waiting(site), ==, 0);
}

static void test_many(void)
{
    g_autoptr(Site) site = site_new("");
    Indexing indexing = {0};
    add_many(site, 1000);
    int turns = 0, wait = 0;
    for (; (wait = turn(&indexing, site)) >= 0; turns++) {
        g_assert_cmpint(wait, <=, 1000);
        g_usleep((gulong)wait * 1000);
    }
    g_assert_cmpint(turns, >=, 5); /* short steps */
    g_assert_cmpint(waiting(site), ==, 0);
}

static void test_busy(void)
{
    g_autoptr(Site) site = site_new("");
    Indexing indexing = {0};
    int wait = -1;
    add_many(site, 1000);
    for (int i = 0; i < 20; i++) {
        g_assert_true(indexing_turn(&indexing, site->desk->store, true, &wait, NULL));
        g_usleep(20000);
    }
    /* One step at most, for others want the time. */
    g_assert_cmpint(waiting(site), >=, 600);
    g_assert_cmpint(turn(&indexing, site), <, 200);
}

static void test_failing(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Store) reader = NULL;
    g_autoptr(GError) error = NULL;
    Indexing indexing = {0};
    int wait = -1;
    add_many(site, 1000);
    g_assert_true(store_open(site->config->site.data_dir, STORE_READ_WRITE, &reader, NULL));
    /* Somebody has damaged the database: the list of what changed has lost a column. */
    g_autofree char *path =
        g_build_filename(site->config->site.data_dir, "mailwicket.db", NULL);
    g_autofree char *command = g_strdup_printf(
        "sqlite3 %s 'DROP TABLE search_pending; CREATE TABLE search_pending (message INTEGER)'",
        path);
    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, NULL, NULL));
    indexing.due = 1;
    g_assert_false(indexing_turn(&indexing, reader, false, &wait, &error));
    g_assert_true(indexing.resting);
    g_clear_error(&error);
    g_assert_true(indexing_turn(&indexing, reader, false, &wait, &error));
    g_assert_cmpint(wait, >, 50000);
}

static void test_for(void)
{
    g_autoptr(Site) site = site_new("");
    add_many(site, 500);
    g_assert_true(indexing_for(site->desk->store, 0, NULL));
    g_assert_cmpint(waiting(site), ==, 500);
    g_assert_true(indexing_for(site->desk->store, 60 * G_USEC_PER_SEC, NULL));
    g_assert_cmpint(waiting(site), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/indexing/one", test_one);
    g_test_add_func("/indexing/many", test_many);
    g_test_add_func("/indexing/busy", test_busy);
    g_test_add_func("/indexing/failing", test_failing);
    g_test_add_func("/indexing/for", test_for);
    return g_test_run();
}
