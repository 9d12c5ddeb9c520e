/* The ledger, confirmations and servers seen. */
#include "tests/unit/store/fixture.h"

#include "schema/ledger.h"
#include "schema/messages.h"

static LedgerRow row_of(guint8 key, const char *verdict)
{
    LedgerRow row = {.at = 10,
                     .sender = (char *)"",
                     .recipient = (char *)"support@example.org",
                     .queue_id = (char *)"4Xyz",
                     .size = 1234,
                     .message_id = (char *)"m@x",
                     .verdict = verdict,
                     .reason = (char *)"why",
                     .proofs = (char *)"secret domain"};
    memset(row.key, key, sizeof row.key);
    return row;
}

static gint64 message_in(Fixture *f, gint64 ticket)
{
    Message message = {.queue = f->queue, .ticket = ticket};
    gint64 id = 0;
    MUST(messages_add(f->store, &message, NULL, NULL, &id, &error));
    return id;
}

static void test_round_trip(Fixture *f, gconstpointer unused)
{
    LedgerRow new = row_of(1, "ticket");
    new.ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    new.message = message_in(f, new.ticket);
    new.person = f->customer;
    MUST(ledger_add(f->store, &new, &new.id, &error));
    g_autoptr(LedgerRow) row = NULL;
    MUST(ledger_by_key(f->store, new.key, &row, &error));
    g_assert_cmpint(row->id, ==, new.id);
    g_assert_cmpint(row->at, ==, 10);
    g_assert_cmpstr(row->sender, ==, "");
    g_assert_cmpstr(row->recipient, ==, "support@example.org");
    g_assert_cmpstr(row->queue_id, ==, "4Xyz");
    g_assert_cmpint(row->size, ==, 1234);
    g_assert_cmpstr(row->message_id, ==, "m@x");
    g_assert_cmpmem(row->key, 32, new.key, 32);
    g_assert_cmpstr(row->verdict, ==, "ticket");
    g_assert_cmpstr(row->reason, ==, "why");
    g_assert_cmpstr(row->proofs, ==, "secret domain");
    g_assert_cmpint(row->person, ==, f->customer);
    g_assert_cmpint(row->ticket, ==, new.ticket);
    g_assert_cmpint(row->message, ==, new.message);
    g_assert_cmpint(row->raw, ==, 0);
    g_assert_cmpstr(row->ticket_name, ==, "SUP-1");
}

/* One delivery takes effect once; that it came again, or was refused before, is noted freely.
 */
static void test_keys(Fixture *f, gconstpointer unused)
{
    LedgerRow refused = row_of(1, "refused"), held = row_of(1, "held"),
              duplicate = row_of(1, "duplicate"), other = row_of(2, "held");
    LedgerRow *found = &refused;
    MUST(ledger_add(f->store, &refused, NULL, &error));
    MUST(ledger_add(f->store, &refused, NULL, &error));
    MUST(ledger_by_key(f->store, refused.key, &found, &error));
    g_assert_null(found);
    MUST(ledger_add(f->store, &held, &held.id, &error));
    MUST(ledger_add(f->store, &duplicate, NULL, &error));
    MUST(ledger_add(f->store, &duplicate, NULL, &error));
    MUST(ledger_add(f->store, &other, NULL, &error));
    FAILS(ledger_add(f->store, &held, NULL, &error), ERROR_CORRUPT);
    g_autoptr(LedgerRow) effective = NULL;
    MUST(ledger_by_key(f->store, refused.key, &effective, &error));
    g_assert_cmpint(effective->id, ==, held.id);
    g_assert_cmpint(effective->person, ==, 0);
    g_assert_cmpint(effective->ticket, ==, 0);
    g_assert_cmpstr(effective->ticket_name, ==, "");
}

typedef struct {
    gint64 count, last, stop_at;
} Walk;

static bool walk(const LedgerRow *row, void *user, GError **error)
{
    Walk *state = user;
    g_assert_cmpint(row->id, >, state->last);
    state->last = row->id;
    state->count++;
    if (state->count != state->stop_at)
        return true;
    g_set_error_literal(error, WICKET_ERROR, ERROR_REJECTED, "enough");
    return false;
}

static void test_each(Fixture *f, gconstpointer unused)
{
    LedgerRow row = row_of(1, "duplicate");
    Walk none = {0}, all = {0}, some = {.stop_at = 150};
    MUST(ledger_each(f->store, walk, &none, &error));
    g_assert_cmpint(none.count, ==, 0);
    for (int i = 0; i < 250; i++)
        MUST(ledger_add(f->store, &row, NULL, &error));
    MUST(ledger_each(f->store, walk, &all, &error));
    g_assert_cmpint(all.count, ==, 250);
    FAILS(ledger_each(f->store, walk, &some, &error), ERROR_REJECTED);
    g_assert_cmpint(some.count, ==, 150);
}

static void test_confirmations(Fixture *f, gconstpointer unused)
{
    Confirmation new = {.person = f->agent, .message = message_in(f, 0), .expires = 500};
    MUST(confirmations_add(f->store, &new, &new.id, &error));
    MUST(confirmations_use(f->store, new.id, 400, &error));
    g_autofree Confirmation *same = NULL;
    MUST(confirmations_by_id(f->store, new.id, &same, &error));
    g_assert_cmpint(same->id, ==, new.id);
    g_assert_cmpint(same->person, ==, f->agent);
    g_assert_cmpint(same->message, ==, new.message);
    g_assert_cmpint(same->expires, ==, 500);
    g_assert_cmpint(same->used, ==, 400);
    Confirmation *none = same;
    MUST(confirmations_by_id(f->store, 99, &none, &error));
    g_assert_null(none);
}

static void test_authserv(Fixture *f, gconstpointer unused)
{
    gint64 last = 1;
    char *other = (char *)"x";
    MUST(authserv_last(f->store, "mx.example.org", &last, &other, &error));
    g_assert_cmpint(last, ==, 0);
    g_assert_null(other);
    MUST(authserv_saw(f->store, "mx.example.org", 10, &error));
    MUST(authserv_saw(f->store, "mx.example.org", 30, &error));
    MUST(authserv_saw(f->store, "mx.example.org", 20, &error));
    MUST(authserv_saw(f->store, "old.example.net", 5, &error));
    MUST(authserv_saw(f->store, "spam.example.net", 7, &error));
    g_autofree char *latest = NULL;
    MUST(authserv_last(f->store, "mx.example.org", &last, &latest, &error));
    g_assert_cmpint(last, ==, 30);
    g_assert_cmpstr(latest, ==, "spam.example.net");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/ledger/round-trip", test_round_trip);
    FIXTURE_TEST("/store/ledger/keys", test_keys);
    FIXTURE_TEST("/store/ledger/each", test_each);
    FIXTURE_TEST("/store/ledger/confirmations", test_confirmations);
    FIXTURE_TEST("/store/ledger/authserv", test_authserv);
    return g_test_run();
}
