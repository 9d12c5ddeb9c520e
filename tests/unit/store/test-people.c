/* People, their addresses and their queues. */
#include "tests/unit/store/fixture.h"

static Person *by_address(Store *store, const char *key)
{
    Person *person = NULL;
    MUST(people_by_address(store, key, &person, &error));
    return person;
}

static void test_round_trip(Fixture *f, gconstpointer unused)
{
    Person new = {.name = (char *)"Équipe",
                  .address = (char *)"Team@Example.org",
                  .role = ROLE_ADMIN,
                  .is_list = true,
                  .language = (char *)"en"};
    gint64 id;
    MUST(people_add(f->store, &new, &id, &error));
    g_autoptr(Person) person = by_address(f->store, "team@example.org");
    g_assert_cmpint(person->id, ==, id);
    g_assert_cmpstr(person->name, ==, "Équipe");
    g_assert_cmpstr(person->address, ==, "Team@Example.org");
    g_assert_cmpint(person->role, ==, ROLE_ADMIN);
    g_assert_true(person->is_list);
    g_assert_cmpstr(person->language, ==, "en");
    g_assert_cmpint(person->epoch, ==, 1);
    g_assert_cmpint(person->paused, ==, 0);
    g_assert_cmpstr(person->why_paused, ==, "");
    g_autoptr(Person) nobody = by_address(f->store, "Team@Example.org");
    g_assert_null(nobody);
    MUST(people_by_id(f->store, 99, &nobody, &error));
    g_assert_null(nobody);
}

static void test_update_and_epoch(Fixture *f, gconstpointer unused)
{
    g_autoptr(Person) person = by_address(f->store, "agent@example.org");
    g_free(person->name);
    person->name = g_strdup("Anna");
    person->role = ROLE_TECHNICIAN;
    MUST(people_update(f->store, person, &error));
    MUST(people_raise_epoch(f->store, f->agent, &error));
    g_autoptr(Person) same = NULL;
    MUST(people_by_id(f->store, f->agent, &same, &error));
    g_assert_cmpstr(same->name, ==, "Anna");
    g_assert_cmpint(same->role, ==, ROLE_TECHNICIAN);
    g_assert_cmpint(same->epoch, ==, 2);
    g_autoptr(Person) other = by_address(f->store, "customer@example.com");
    g_assert_cmpint(other->epoch, ==, 1);
}

static void test_aliases(Fixture *f, gconstpointer unused)
{
    MUST(people_add_alias(f->store, f->agent, "Ann@Home.example", &error));
    MUST(people_add_alias(f->store, f->agent, "ann@home.example", &error));
    g_autoptr(Person) person = by_address(f->store, "ann@home.example");
    g_assert_cmpint(person->id, ==, f->agent);
    g_assert_cmpstr(person->address, ==, "agent@example.org");
    FAILS(people_add_alias(f->store, f->customer, "ANN@home.example", &error), ERROR_REJECTED);
    FAILS(people_add_alias(f->store, f->customer, "a@b@c", &error), ERROR_REJECTED);
    Person twin = {.name = (char *)"", .address = (char *)"ann@home.example"};
    gint64 id = 7;
    FAILS(people_add(f->store, &twin, &id, &error), ERROR_REJECTED);
    g_assert_cmpint(id, ==, 7);
}

/* Pausing one address leaves the others of the same person alone. */
static void test_pause(Fixture *f, gconstpointer unused)
{
    MUST(people_add_alias(f->store, f->agent, "ann@home.example", &error));
    MUST(people_pause(f->store, "ann@home.example", 50, "5.1.1", &error));
    g_autoptr(Person) before = by_address(f->store, "ann@home.example");
    g_assert_cmpint(before->paused, ==, 0);
    MUST(people_pause(f->store, "agent@example.org", 60, "5.1.1 gone", &error));
    g_autoptr(Person) paused = by_address(f->store, "ann@home.example");
    g_assert_cmpint(paused->paused, ==, 60);
    g_assert_cmpstr(paused->why_paused, ==, "5.1.1 gone");
    MUST(people_resume(f->store, "agent@example.org", &error));
    g_autoptr(Person) after = by_address(f->store, "agent@example.org");
    g_assert_cmpint(after->paused, ==, 0);
    g_assert_cmpstr(after->why_paused, ==, "");
    MUST(people_pause(f->store, "nobody@example.org", 60, "", &error));
}

static char *names_of(GPtrArray *people)
{
    g_autoptr(GString) names = g_string_new("");
    for (guint i = 0; i < people->len; i++)
        g_string_append_printf(names, "%s ", ((Person *)people->pdata[i])->name);
    return g_strdup(names->str);
}

static void test_agents_and_queues(Fixture *f, gconstpointer unused)
{
    Person bob = {.name = (char *)"Bob",
                  .address = (char *)"bob@example.org",
                  .role = ROLE_TECHNICIAN,
                  .language = (char *)""};
    Person al = {.name = (char *)"Al",
                 .address = (char *)"al@example.org",
                 .role = ROLE_ADMIN,
                 .language = (char *)""};
    MUST(people_add(f->store, &bob, &bob.id, &error));
    MUST(people_add(f->store, &al, &al.id, &error));
    g_autoptr(GPtrArray) agents = NULL;
    MUST(people_agents(f->store, &agents, &error));
    g_autofree char *names = names_of(agents);
    g_assert_cmpstr(names, ==, "Al Bob ");

    MUST(people_join_queue(f->store, bob.id, f->queue, &error));
    MUST(people_join_queue(f->store, bob.id, f->queue, &error));
    MUST(people_join_queue(f->store, bob.id, f->sales, &error));
    MUST(people_join_queue(f->store, al.id, f->queue, &error));
    g_autoptr(GPtrArray) members = NULL;
    MUST(people_of_queue(f->store, f->queue, &members, &error));
    g_autofree char *member_names = names_of(members);
    g_assert_cmpstr(member_names, ==, "Al Bob ");
    g_autoptr(GPtrArray) queues = NULL;
    MUST(people_queues(f->store, bob.id, &queues, &error));
    g_assert_cmpuint(queues->len, ==, 2);
    g_assert_cmpstr(queues->pdata[0], ==, "sales");
    g_assert_cmpstr(queues->pdata[1], ==, "support");

    MUST(people_leave_queue(f->store, al.id, f->queue, &error));
    g_autoptr(GPtrArray) left = NULL;
    MUST(people_of_queue(f->store, f->queue, &left, &error));
    g_assert_cmpuint(left->len, ==, 1);
    MUST(people_leave_all_queues(f->store, bob.id, &error));
    g_autoptr(GPtrArray) none = NULL;
    MUST(people_queues(f->store, bob.id, &none, &error));
    g_assert_cmpuint(none->len, ==, 0);
    FAILS(people_join_queue(f->store, bob.id, 99, &error), ERROR_CORRUPT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/people/round-trip", test_round_trip);
    FIXTURE_TEST("/store/people/update-and-epoch", test_update_and_epoch);
    FIXTURE_TEST("/store/people/aliases", test_aliases);
    FIXTURE_TEST("/store/people/pause", test_pause);
    FIXTURE_TEST("/store/people/agents-and-queues", test_agents_and_queues);
    return g_test_run();
}
