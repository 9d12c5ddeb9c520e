/* The outbox: order, due times, retries, deaths, rendered pieces, brakes. */
#include "tests/unit/store/fixture.h"

#include "schema/ledger.h"
#include "schema/messages.h"
#include "schema/outbox.h"

static gint64 add(Fixture *f, const char *message_id, gint64 next)
{
    OutboxRow row = {.kind = (char *)"message",
                     .person = f->agent,
                     .address = (char *)"agent@example.org",
                     .message_id = (char *)message_id,
                     .created = 100,
                     .next = next};
    gint64 id = 0;
    MUST(outbox_add(f->store, &row, &id, &error));
    return id;
}

static void test_round_trip(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    Message message = {.queue = f->queue, .ticket = ticket};
    MUST(messages_add(f->store, &message, NULL, NULL, &message.id, &error));
    Participation part = {.ticket = ticket, .person = f->customer};
    MUST(participations_add(f->store, &part, &part.id, &error));
    Event event = {.ticket = ticket, .what = (char *)"status"};
    MUST(events_add(f->store, &event, &event.id, &error));
    Confirmation confirmation = {.person = f->customer, .message = message.id};
    MUST(confirmations_add(f->store, &confirmation, &confirmation.id, &error));
    OutboxRow new = {.kind = (char *)"acknowledgement",
                     .person = f->customer,
                     .address = (char *)"Customer@Example.com",
                     .ticket = ticket,
                     .participation = part.id,
                     .message = message.id,
                     .event = event.id,
                     .confirmation = confirmation.id,
                     .message_id = (char *)"a.b@example.org",
                     .unproven = true,
                     .brief = true,
                     .created = 100,
                     .next = 120};
    MUST(outbox_add(f->store, &new, &new.id, &error));
    g_autoptr(OutboxRow) row = NULL;
    MUST(outbox_by_message_id(f->store, "a.b@example.org", &row, &error));
    g_assert_cmpint(row->id, ==, new.id);
    g_assert_cmpstr(row->kind, ==, "acknowledgement");
    g_assert_cmpint(row->person, ==, f->customer);
    g_assert_cmpstr(row->address, ==, "Customer@Example.com");
    g_assert_cmpint(row->ticket, ==, ticket);
    g_assert_cmpint(row->participation, ==, part.id);
    g_assert_cmpint(row->message, ==, message.id);
    g_assert_cmpint(row->event, ==, event.id);
    g_assert_cmpint(row->confirmation, ==, confirmation.id);
    g_assert_cmpstr(row->message_id, ==, "a.b@example.org");
    g_assert_true(row->unproven && row->brief);
    g_assert_cmpint(row->created, ==, 100);
    g_assert_cmpstr(row->state, ==, "waiting");
    g_assert_cmpint(row->tries, ==, 0);
    g_assert_cmpint(row->next, ==, 120);
    g_assert_cmpint(row->done, ==, 0);
    g_assert_cmpstr(row->error, ==, "");
    g_assert_false(row->rendered);
    g_assert_cmpstr(row->ticket_name, ==, "SUP-1");
    g_assert_cmpstr(row->queue_address, ==, "support@example.org");
    FAILS(outbox_add(f->store, &new, &new.id, &error), ERROR_CORRUPT);
    OutboxRow *none = row;
    MUST(outbox_by_message_id(f->store, "other@example.org", &none, &error));
    g_assert_null(none);
    MUST(outbox_by_id(f->store, 99, &none, &error));
    g_assert_null(none);
}

static void assert_due(Fixture *f, gint64 now, gint64 expected, gint64 expected_next)
{
    g_autoptr(GPtrArray) rows = NULL;
    gint64 next = -1;
    MUST(outbox_due(f->store, now, 1, &rows, &next, &error));
    const OutboxRow *row = rows->len ? rows->pdata[0] : NULL;
    g_assert_cmpint(row ? row->id : 0, ==, expected);
    g_assert_cmpint(next, ==, expected_next);
}

static void test_due_together(Fixture *f, gconstpointer unused)
{
    gint64 ids[] = {add(f, "c", 300), add(f, "a", 100), add(f, "b", 100), add(f, "d", 400)};
    const gint64 expected[] = {ids[1], ids[2], ids[0]};
    for (gint64 max = 1; max <= 5; max++) {
        g_autoptr(GPtrArray) rows = NULL;
        gint64 next;
        MUST(outbox_due(f->store, 399, max, &rows, &next, &error));
        g_assert_cmpint(rows->len, ==, MIN(max, 3));
        for (guint i = 0; i < rows->len; i++)
            g_assert_cmpint(((OutboxRow *)rows->pdata[i])->id, ==, expected[i]);
        g_assert_cmpint(next, ==, 400);
    }
}

static void test_due(Fixture *f, gconstpointer unused)
{
    assert_due(f, 1000, 0, 0);
    gint64 late = add(f, "late", 300);
    gint64 first = add(f, "first", 100);
    gint64 second = add(f, "second", 100);
    assert_due(f, 99, 0, 100);
    assert_due(f, 100, first, 300);
    MUST(outbox_sent(f->store, first, 101, &error));
    assert_due(f, 100, second, 300);
    MUST(outbox_retry(f->store, second, 400, "451 later", &error));
    assert_due(f, 299, 0, 300);
    assert_due(f, 400, late, 0);
    MUST(outbox_dead(f->store, late, 401, "550 no", &error));
    assert_due(f, 400, second, 0);
    assert_due(f, 399, 0, 400);
}

static void test_outcomes(Fixture *f, gconstpointer unused)
{
    gint64 id = add(f, "a", 1), doomed = add(f, "b", 1);
    MUST(outbox_retry(f->store, id, 400, "451 later", &error));
    g_autoptr(OutboxRow) waiting = NULL;
    MUST(outbox_by_id(f->store, id, &waiting, &error));
    g_assert_cmpstr(waiting->state, ==, "waiting");
    g_assert_cmpint(waiting->tries, ==, 1);
    g_assert_cmpint(waiting->next, ==, 400);
    g_assert_cmpstr(waiting->error, ==, "451 later");
    g_assert_cmpstr(waiting->ticket_name, ==, "");
    g_assert_cmpstr(waiting->queue_address, ==, "");
    MUST(outbox_sent(f->store, id, 500, &error));
    g_autoptr(OutboxRow) sent = NULL;
    MUST(outbox_by_id(f->store, id, &sent, &error));
    g_assert_cmpstr(sent->state, ==, "sent");
    g_assert_cmpint(sent->tries, ==, 2);
    g_assert_cmpint(sent->done, ==, 500);
    g_assert_cmpstr(sent->error, ==, "");
    MUST(outbox_dead(f->store, doomed, 600, "550 no", &error));
    g_autoptr(OutboxRow) dead = NULL;
    MUST(outbox_by_id(f->store, doomed, &dead, &error));
    g_assert_cmpstr(dead->state, ==, "dead");
    g_assert_cmpint(dead->done, ==, 600);
    g_assert_cmpstr(dead->error, ==, "550 no");
}

static bool note_id(const OutboxRow *row, void *user, GError **error)
{
    g_array_append_val(user, row->id);
    return true;
}

static void test_each(Fixture *f, gconstpointer unused)
{
    for (int i = 0; i < 130; i++) {
        g_autofree char *message_id = g_strdup_printf("%d@x", i);
        add(f, message_id, 1000 - i);
    }
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    MUST(outbox_each(f->store, note_id, ids, &error));
    g_assert_cmpuint(ids->len, ==, 130);
    for (guint i = 1; i < ids->len; i++)
        g_assert_cmpint(g_array_index(ids, gint64, i), >, g_array_index(ids, gint64, i - 1));
}

static void test_pieces(Fixture *f, gconstpointer unused)
{
    gint64 id = add(f, "a", 1);
    MUST(outbox_add_piece(f->store, id, 0, (const guint8 *)"a\0b", 3, &error));
    MUST(outbox_add_piece(f->store, id, 1, (const guint8 *)"", 0, &error));
    FAILS(outbox_add_piece(f->store, id, 1, (const guint8 *)"x", 1, &error), ERROR_CORRUPT);
    MUST(outbox_rendered(f->store, id, &error));
    g_autoptr(OutboxRow) row = NULL;
    MUST(outbox_by_id(f->store, id, &row, &error));
    g_assert_true(row->rendered);
    g_autoptr(GBytes) first = NULL;
    g_autoptr(GBytes) second = NULL;
    MUST(outbox_piece(f->store, id, 0, &first, &error));
    MUST(outbox_piece(f->store, id, 1, &second, &error));
    g_assert_cmpmem(g_bytes_get_data(first, NULL), g_bytes_get_size(first), "a\0b", 3);
    g_assert_cmpuint(g_bytes_get_size(second), ==, 0);
    GBytes *none = first;
    MUST(outbox_piece(f->store, id, 2, &none, &error));
    g_assert_null(none);
}

static void test_brakes(Fixture *f, gconstpointer unused)
{
    OutboxRow row = {.kind = (char *)"acknowledgement",
                     .person = f->customer,
                     .address = (char *)"c@x",
                     .unproven = true};
    for (int i = 0; i < 3; i++) {
        g_autofree char *message_id = g_strdup_printf("%d@x", i);
        row.message_id = message_id;
        row.created = 100 + i;
        row.unproven = i != 2;
        MUST(outbox_add(f->store, &row, NULL, &error));
    }
    add(f, "other", 1);
    gint64 count;
    MUST(outbox_count_to(f->store, "c@x", "acknowledgement", 101, &count, &error));
    g_assert_cmpint(count, ==, 2);
    MUST(outbox_count_to(f->store, "c@x", "message", 0, &count, &error));
    g_assert_cmpint(count, ==, 0);
    MUST(outbox_count_unproven(f->store, 101, &count, &error));
    g_assert_cmpint(count, ==, 1);
    MUST(outbox_count_unproven(f->store, 0, &count, &error));
    g_assert_cmpint(count, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/outbox/round-trip", test_round_trip);
    FIXTURE_TEST("/store/outbox/due", test_due);
    FIXTURE_TEST("/store/outbox/due-together", test_due_together);
    FIXTURE_TEST("/store/outbox/outcomes", test_outcomes);
    FIXTURE_TEST("/store/outbox/each", test_each);
    FIXTURE_TEST("/store/outbox/pieces", test_pieces);
    FIXTURE_TEST("/store/outbox/brakes", test_brakes);
    return g_test_run();
}
