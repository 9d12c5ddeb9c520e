/* Tickets, assignees, links, participations and events. */
#include "tests/unit/store/fixture.h"

static void test_round_trip(Fixture *f, gconstpointer unused)
{
    gint64 id = fixture_ticket(f->store, f->queue, f->customer, 100);
    g_autoptr(Ticket) ticket = NULL;
    MUST(tickets_by_number(f->store, "SUP", 1, &ticket, &error));
    g_assert_cmpint(ticket->id, ==, id);
    g_assert_cmpint(ticket->queue, ==, f->queue);
    g_assert_cmpint(ticket->number, ==, 1);
    g_assert_cmpstr(ticket->prefix, ==, "SUP");
    g_assert_cmpstr(ticket->address, ==, "support@example.org");
    g_assert_cmpstr(ticket->queue_name, ==, "support");
    g_assert_cmpstr(ticket->token, ==, "7kq2m9xw");
    g_assert_cmpstr(ticket->title, ==, "Imprimante");
    g_assert_cmpstr(ticket->status, ==, "new");
    g_assert_cmpstr(ticket->type, ==, "");
    g_assert_cmpstr(ticket->language, ==, "fr");
    g_assert_cmpint(ticket->priority, ==, 1);
    g_assert_cmpint(ticket->requester, ==, f->customer);
    g_assert_cmpint(ticket->created, ==, 100);
    g_assert_cmpint(ticket->updated, ==, 100);

    g_free(ticket->title);
    g_free(ticket->status);
    g_free(ticket->type);
    ticket->title = g_strdup("Imprimante 2");
    ticket->status = g_strdup("open");
    ticket->type = g_strdup("incident");
    ticket->priority = 3;
    ticket->updated = 200;
    MUST(tickets_update(f->store, ticket, &error));
    g_autoptr(Ticket) same = NULL;
    MUST(tickets_by_id(f->store, id, &same, &error));
    g_assert_cmpstr(same->title, ==, "Imprimante 2");
    g_assert_cmpstr(same->status, ==, "open");
    g_assert_cmpstr(same->type, ==, "incident");
    g_assert_cmpint(same->priority, ==, 3);
    g_assert_cmpint(same->created, ==, 100);
    g_assert_cmpint(same->updated, ==, 200);
}

static void test_none(Fixture *f, gconstpointer unused)
{
    fixture_ticket(f->store, f->queue, f->customer, 100);
    Ticket *ticket = (Ticket *)f;
    MUST(tickets_by_id(f->store, 99, &ticket, &error));
    g_assert_null(ticket);
    MUST(tickets_by_number(f->store, "SUP", 2, &ticket, &error));
    g_assert_null(ticket);
    MUST(tickets_by_number(f->store, "SAL", 1, &ticket, &error));
    g_assert_null(ticket);
}

static void set_status(Store *store, gint64 id, const char *status, gint64 updated)
{
    g_autoptr(Ticket) ticket = NULL;
    MUST(tickets_by_id(store, id, &ticket, &error));
    g_free(ticket->status);
    ticket->status = g_strdup(status);
    ticket->updated = updated;
    MUST(tickets_update(store, ticket, &error));
}

static bool note_id(const Ticket *ticket, void *user, GError **error)
{
    g_string_append_printf(user, "%" G_GINT64_FORMAT " ", ticket->id);
    return true;
}

static bool refuse(const Ticket *ticket, void *user, GError **error)
{
    g_set_error_literal(error, WICKET_ERROR, ERROR_REJECTED, "enough");
    return false;
}

static void test_each(Fixture *f, gconstpointer unused)
{
    /* 1 to 4 of support, 5 of sales; latest first: 2 5 4 3 1 */
    for (int i = 1; i <= 4; i++)
        fixture_ticket(f->store, f->queue, i == 4 ? f->agent : f->customer, i);
    fixture_ticket(f->store, f->sales, f->customer, 5);
    set_status(f->store, 2, "closed", 10);
    set_status(f->store, 3, "open", 3);
    MUST(tickets_assign(f->store, 1, f->agent, &error));
    MUST(tickets_assign(f->store, 2, f->agent, &error));
    const struct {
        TicketFilter filter;
        const char *expected;
    } cases[] = {
        {{.limit = 0}, "2 5 4 3 1 "},
        {{.limit = 2}, "2 5 "},
        {{.open_only = true}, "5 4 3 1 "},
        {{.open_only = true, .limit = 1}, "5 "},
        {{.status = "closed"}, "2 "},
        {{.status = "new", .queue = "support"}, "4 1 "},
        {{.queue = "sales"}, "5 "},
        {{.queue = "nosuch"}, ""},
        {{.assignee = f->agent}, "2 1 "},
        {{.assignee = f->agent, .open_only = true}, "1 "},
        {{.requester = f->customer}, "2 5 3 1 "},
        {{.requester = f->customer, .assignee = f->agent, .limit = 1}, "2 "},
        {{.requester = f->agent, .queue = "sales"}, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) ids = g_string_new("");
        MUST(tickets_each(f->store, &cases[i].filter, note_id, ids, &error));
        g_assert_cmpstr(ids->str, ==, cases[i].expected);
    }
    FAILS(tickets_each(f->store, &cases[0].filter, refuse, NULL, &error), ERROR_REJECTED);
}

static void test_links(Fixture *f, gconstpointer unused)
{
    for (int i = 0; i < 3; i++)
        fixture_ticket(f->store, f->queue, f->customer, 1);
    MUST(tickets_link(f->store, 3, 1, &error));
    MUST(tickets_link(f->store, 3, 1, &error));
    MUST(tickets_link(f->store, 3, 2, &error));
    g_autoptr(GArray) of_one = NULL;
    g_autoptr(GArray) of_three = NULL;
    MUST(tickets_linked(f->store, 1, &of_one, &error));
    MUST(tickets_linked(f->store, 3, &of_three, &error));
    g_assert_cmpuint(of_one->len, ==, 1);
    g_assert_cmpint(g_array_index(of_one, gint64, 0), ==, 3);
    g_assert_cmpuint(of_three->len, ==, 2);
    g_assert_cmpint(g_array_index(of_three, gint64, 1), ==, 2);
    FAILS(tickets_link(f->store, 1, 99, &error), ERROR_CORRUPT);
}

static void test_assignees(Fixture *f, gconstpointer unused)
{
    gint64 id = fixture_ticket(f->store, f->queue, f->customer, 1);
    MUST(tickets_assign(f->store, id, f->agent, &error));
    MUST(tickets_assign(f->store, id, f->agent, &error));
    MUST(tickets_assign(f->store, id, f->customer, &error));
    g_autoptr(GArray) both = NULL;
    MUST(tickets_assignees(f->store, id, &both, &error));
    g_assert_cmpuint(both->len, ==, 2);
    g_assert_cmpint(g_array_index(both, gint64, 0), ==, f->customer);
    g_assert_cmpint(g_array_index(both, gint64, 1), ==, f->agent);
    MUST(tickets_unassign(f->store, id, f->customer, &error));
    MUST(tickets_unassign(f->store, id, f->customer, &error));
    g_autoptr(GArray) one = NULL;
    MUST(tickets_assignees(f->store, id, &one, &error));
    g_assert_cmpuint(one->len, ==, 1);
}

static void test_participations(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    Participation new = {.ticket = ticket,
                         .person = f->agent,
                         .visibility = VISIBILITY_INTERNAL,
                         .role = PART_STAFF,
                         .since = 12,
                         .subject = (char *)"[SUP-1-x] Imprimante"};
    MUST(participations_add(f->store, &new, &new.id, &error));
    MUST(participations_set_root(f->store, new.id, "root@example.org", &error));
    g_autoptr(Participation) part = NULL;
    MUST(participations_find(f->store, ticket, f->agent, VISIBILITY_INTERNAL, &part, &error));
    g_assert_cmpint(part->id, ==, new.id);
    g_assert_cmpint(part->ticket, ==, ticket);
    g_assert_cmpint(part->person, ==, f->agent);
    g_assert_cmpint(part->visibility, ==, VISIBILITY_INTERNAL);
    g_assert_cmpint(part->role, ==, PART_STAFF);
    g_assert_cmpint(part->since, ==, 12);
    g_assert_cmpstr(part->subject, ==, "[SUP-1-x] Imprimante");
    g_assert_cmpstr(part->root, ==, "root@example.org");
    Participation *none = part;
    MUST(participations_find(f->store, ticket, f->agent, VISIBILITY_PUBLIC, &none, &error));
    g_assert_null(none);
    MUST(participations_by_id(f->store, 99, &none, &error));
    g_assert_null(none);
    new.visibility = VISIBILITY_PUBLIC;
    MUST(participations_add(f->store, &new, &new.id, &error));
    FAILS(participations_add(f->store, &new, &new.id, &error), ERROR_CORRUPT);
    g_autoptr(GPtrArray) all = NULL;
    MUST(participations_of(f->store, ticket, &all, &error));
    g_assert_cmpuint(all->len, ==, 2);
    g_assert_cmpint(((Participation *)all->pdata[0])->id, ==, part->id);
}

static void test_events(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    Event by_agent = {.ticket = ticket,
                      .at = 5,
                      .actor = f->agent,
                      .what = (char *)"status",
                      .old = (char *)"new",
                      .new = (char *)"open"};
    Event by_itself = {.ticket = ticket, .at = 4, .what = (char *)"opened"};
    MUST(events_add(f->store, &by_agent, &by_agent.id, &error));
    MUST(events_add(f->store, &by_itself, NULL, &error));
    g_autoptr(GPtrArray) events = NULL;
    MUST(events_of(f->store, ticket, &events, &error));
    g_assert_cmpuint(events->len, ==, 2);
    const Event *first = events->pdata[0], *second = events->pdata[1];
    g_assert_cmpint(first->id, ==, by_agent.id);
    g_assert_cmpint(first->ticket, ==, ticket);
    g_assert_cmpint(first->at, ==, 5);
    g_assert_cmpint(first->actor, ==, f->agent);
    g_assert_cmpstr(first->actor_name, ==, "Ann");
    g_assert_cmpstr(first->what, ==, "status");
    g_assert_cmpstr(first->old, ==, "new");
    g_assert_cmpstr(first->new, ==, "open");
    g_assert_cmpint(second->actor, ==, 0);
    g_assert_cmpstr(second->actor_name, ==, "");
    g_autoptr(Event) same = NULL;
    MUST(events_by_id(f->store, by_agent.id, &same, &error));
    g_assert_cmpstr(same->what, ==, "status");
    Event *none = same;
    MUST(events_by_id(f->store, 99, &none, &error));
    g_assert_null(none);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/tickets/round-trip", test_round_trip);
    FIXTURE_TEST("/store/tickets/none", test_none);
    FIXTURE_TEST("/store/tickets/each", test_each);
    FIXTURE_TEST("/store/tickets/links", test_links);
    FIXTURE_TEST("/store/tickets/assignees", test_assignees);
    FIXTURE_TEST("/store/tickets/participations", test_participations);
    FIXTURE_TEST("/store/tickets/events", test_events);
    return g_test_run();
}
