/* What waits and what has passed, told from the latest rows. */
#include "tests/unit/store/fixture.h"

#include "schema/depths.h"
#include "schema/ledger.h"
#include "schema/messages.h"
#include "schema/outbox.h"

#define NOW ((gint64)1800000000)
#define HOUR ((gint64)3600)

static void add_ledger(Fixture *f, const char *verdict, gint64 at)
{
    LedgerRow row = {.verdict = verdict, .at = at};
    /* Only these may share a key. */
    bool shares = strcmp(verdict, "refused") == 0;
    static gint64 key;
    if (!shares)
        memcpy(row.key, &(gint64){++key}, sizeof key);
    MUST(ledger_add(f->store, &row, NULL, &error));
}

static void add_outgoing(Fixture *f, const char *state, gint64 at)
{
    static int serial;
    g_autofree char *message_id = g_strdup_printf("%d@example.org", ++serial);
    OutboxRow row = {.kind = (char *)"message",
                     .person = f->agent,
                     .address = (char *)"a@b",
                     .message_id = message_id,
                     .created = at,
                     .next = at};
    MUST(outbox_add(f->store, &row, &row.id, &error));
    if (strcmp(state, "sent") == 0)
        MUST(outbox_sent(f->store, row.id, at, &error));
    if (strcmp(state, "dead") == 0)
        MUST(outbox_dead(f->store, row.id, at, "why", &error));
}

static void add_event(Fixture *f, gint64 ticket, const char *what, gint64 at)
{
    Event event = {.ticket = ticket, .what = (char *)what, .at = at};
    MUST(events_add(f->store, &event, &event.id, &error));
}

static Depths depths(Fixture *f)
{
    Depths got;
    MUST(depths_read(f->store, NOW, &got, &error));
    return got;
}

static void test_empty(Fixture *f, gconstpointer unused)
{
    const Depths none = {0};
    Depths got = depths(f);
    g_assert_cmpmem(&got, sizeof got, &none, sizeof none);
}

static void test_waiting(Fixture *f, gconstpointer unused)
{
    add_outgoing(f, "waiting", NOW - 2 * HOUR);
    add_outgoing(f, "waiting", NOW);
    add_outgoing(f, "waiting", NOW + 1);
    add_outgoing(f, "dead", NOW - 3 * HOUR);
    Depths got = depths(f);
    g_assert_cmpint(got.waiting, ==, 3);
    g_assert_cmpint(got.due, ==, 2);
    g_assert_cmpint(got.since, ==, NOW - 2 * HOUR);
    g_assert_cmpint(got.last_out, ==, 0);
}

/* Only mails that wait until later: nothing is due, and there is no since. */
static void test_later(Fixture *f, gconstpointer unused)
{
    add_outgoing(f, "waiting", NOW + HOUR);
    Depths got = depths(f);
    g_assert_cmpint(got.waiting, ==, 1);
    g_assert_cmpint(got.due, ==, 0);
    g_assert_cmpint(got.since, ==, 0);
}

static void test_held(Fixture *f, gconstpointer unused)
{
    for (Visibility visibility = VISIBILITY_PUBLIC; visibility <= VISIBILITY_DROPPED;
         visibility++) {
        Message message = {.queue = f->queue, .visibility = visibility};
        MUST(messages_add(f->store, &message, NULL, NULL, &message.id, &error));
    }
    g_assert_cmpint(depths(f).held, ==, 1);
}

static void test_ledger(Fixture *f, gconstpointer unused)
{
    add_ledger(f, "unparsed", NOW - 24 * HOUR);
    add_ledger(f, "unparsed", NOW - 24 * HOUR + 1);
    add_ledger(f, "ticket", NOW - HOUR);
    add_ledger(f, "refused", NOW - 2);
    Depths got = depths(f);
    g_assert_cmpint(got.deliveries, ==, 3);
    g_assert_cmpint(got.unparsed, ==, 1);
    g_assert_cmpint(got.last_in, ==, NOW - 2);
}

/* Rows of a clock that was wrong for a moment neither end the day nor are its last. */
static void test_wrong_clock(Fixture *f, gconstpointer unused)
{
    add_ledger(f, "ticket", NOW + 1000 * HOUR);
    for (int i = 0; i < 10; i++)
        add_ledger(f, "ticket", NOW - 5 * HOUR);
    for (int i = 0; i < 50; i++)
        add_ledger(f, "ticket", 3600);
    add_ledger(f, "ticket", NOW - 7);
    Depths got = depths(f);
    g_assert_cmpint(got.deliveries, ==, 12);
    g_assert_cmpint(got.last_in, ==, NOW - 7);
}

/* A desk's past costs nothing. */
static void test_past(Fixture *f, gconstpointer unused)
{
    add_ledger(f, "ticket", NOW - HOUR);
    for (int i = 0; i < 200; i++)
        add_ledger(f, "refused", NOW - 48 * HOUR);
    add_ledger(f, "ticket", NOW - HOUR);
    g_assert_cmpint(depths(f).deliveries, ==, 1);
}

static void test_dead(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add_event(f, ticket, "delivery-failed", NOW - 25 * HOUR);
    add_event(f, ticket, "delivery-failed", NOW - 23 * HOUR);
    add_event(f, ticket, "status", NOW - HOUR);
    add_event(f, ticket, "delivery-failed", NOW);
    /* Withdrawn, not given up. */
    add_outgoing(f, "dead", NOW);
    g_assert_cmpint(depths(f).dead, ==, 2);
}

static void test_sent(Fixture *f, gconstpointer unused)
{
    add_outgoing(f, "sent", NOW - 4 * HOUR);
    add_outgoing(f, "sent", NOW - 5 * HOUR);
    g_assert_cmpint(depths(f).last_out, ==, NOW - 4 * HOUR);
    for (int i = 0; i < 1100; i++)
        add_outgoing(f, "waiting", NOW);
    g_assert_cmpint(depths(f).last_out, ==, NOW - 4 * HOUR);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/depths/empty", test_empty);
    FIXTURE_TEST("/depths/waiting", test_waiting);
    FIXTURE_TEST("/depths/later", test_later);
    FIXTURE_TEST("/depths/held", test_held);
    FIXTURE_TEST("/depths/ledger", test_ledger);
    FIXTURE_TEST("/depths/wrong-clock", test_wrong_clock);
    FIXTURE_TEST("/depths/past", test_past);
    FIXTURE_TEST("/depths/dead", test_dead);
    FIXTURE_TEST("/depths/sent", test_sent);
    return g_test_run();
}
