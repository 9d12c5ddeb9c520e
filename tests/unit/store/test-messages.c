/* Messages: what was written is read back, and each finder finds what its contract says. */
#include "tests/unit/store/fixture.h"

#include "schema/messages.h"

#include <string.h>

static GPtrArray *words(const char *first, ...)
{
    GPtrArray *list = g_ptr_array_new();
    va_list args;
    va_start(args, first);
    for (const char *word = first; word; word = va_arg(args, const char *))
        g_ptr_array_add(list, (char *)word);
    va_end(args);
    return list;
}

/* A message with this Message-ID and content; `references` NULL or one id. */
static gint64 add(Fixture *f, gint64 queue, gint64 ticket, const char *message_id,
                  guint8 content, const char *reference)
{
    Message message = {.ticket = ticket,
                       .queue = queue,
                       .author = f->customer,
                       .message_id = (char *)message_id,
                       .created = 10};
    memset(message.content_hash, content, sizeof message.content_hash);
    g_autoptr(GPtrArray) references = words(reference, NULL);
    gint64 id = 0;
    MUST(messages_add(f->store, &message, references, NULL, &id, &error));
    return id;
}

static Attachment *attachment(int n)
{
    Attachment *one = g_new0(Attachment, 1);
    one->n = n;
    one->name = g_strdup("écran.png");
    one->type = g_strdup("image/png");
    one->charset = g_strdup("");
    one->content_id = g_strdup("img@x");
    one->is_inline = true;
    one->size = 5;
    one->sha256 = g_strdup("abcd");
    one->place.outer = (Extent){1000, G_MAXINT64, TRANSFER_BASE64};
    if (n == 2) {
        one->place.inner = (Extent){7, 0, TRANSFER_UUENCODE};
        one->place.is_nested = true;
    }
    one->staff_only = true;
    return one;
}

static void test_round_trip(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    g_autoptr(GPtrArray) attachments =
        g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
    g_ptr_array_add(attachments, attachment(2));
    g_ptr_array_add(attachments, attachment(1));
    Message new = {.ticket = ticket,
                   .queue = f->queue,
                   .author = f->customer,
                   .author_name = (char *)"Zoé",
                   .author_address = (char *)"zoe@example.com",
                   .visibility = VISIBILITY_HELD,
                   .intent = VISIBILITY_INTERNAL,
                   .kind = (char *)"message",
                   .subject = (char *)"Sujet",
                   .message_id = (char *)"m1@example.com",
                   .content_hash = {1, 2, 3},
                   .created = 77,
                   .reply = (char *)"Bonjour\n",
                   .signature = (char *)"-- \nZ",
                   .quoted = (char *)"> oui",
                   .quotes_us = true,
                   .held_reason = (char *)"stranger",
                   .unparsed = (char *)"too deep",
                   .attachments = attachments};
    gint64 id;
    MUST(messages_add(f->store, &new, NULL, NULL, &id, &error));
    g_autoptr(Message) message = NULL;
    MUST(messages_by_id(f->store, id, &message, &error));
    g_assert_cmpint(message->id, ==, id);
    g_assert_cmpint(message->ticket, ==, ticket);
    g_assert_cmpint(message->queue, ==, f->queue);
    g_assert_cmpint(message->raw, ==, 0);
    g_assert_cmpint(message->author, ==, f->customer);
    g_assert_cmpstr(message->author_name, ==, "Zoé");
    g_assert_cmpstr(message->author_address, ==, "zoe@example.com");
    g_assert_cmpint(message->visibility, ==, VISIBILITY_HELD);
    g_assert_cmpint(message->intent, ==, VISIBILITY_INTERNAL);
    g_assert_cmpstr(message->kind, ==, "message");
    g_assert_cmpstr(message->subject, ==, "Sujet");
    g_assert_cmpstr(message->message_id, ==, "m1@example.com");
    g_assert_cmpmem(message->content_hash, 32, new.content_hash, 32);
    g_assert_cmpint(message->created, ==, 77);
    g_assert_cmpstr(message->reply, ==, "Bonjour\n");
    g_assert_cmpstr(message->signature, ==, "-- \nZ");
    g_assert_cmpstr(message->quoted, ==, "> oui");
    g_assert_true(message->quotes_us);
    g_assert_cmpstr(message->held_reason, ==, "stranger");
    g_assert_cmpstr(message->unparsed, ==, "too deep");
    g_assert_cmpuint(message->attachments->len, ==, 2);
    const Attachment *one = message->attachments->pdata[0];
    g_assert_cmpint(one->n, ==, 1);
    g_assert_cmpstr(one->name, ==, "écran.png");
    g_assert_cmpstr(one->type, ==, "image/png");
    g_assert_cmpstr(one->charset, ==, "");
    g_assert_cmpstr(one->content_id, ==, "img@x");
    g_assert_true(one->is_inline);
    g_assert_cmpuint(one->size, ==, 5);
    g_assert_cmpstr(one->sha256, ==, "abcd");
    g_assert_cmpuint(one->place.outer.offset, ==, 1000);
    g_assert_cmpuint(one->place.outer.length, ==, G_MAXINT64);
    g_assert_cmpint(one->place.outer.encoding, ==, TRANSFER_BASE64);
    g_assert_false(one->place.is_nested);
    g_assert_true(one->staff_only);
    const Attachment *two = message->attachments->pdata[1];
    g_assert_true(two->place.is_nested);
    g_assert_cmpuint(two->place.inner.offset, ==, 7);
    g_assert_cmpint(two->place.inner.encoding, ==, TRANSFER_UUENCODE);
}

static void test_held_then_accepted(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    Message stranger = {.queue = f->queue,
                        .visibility = VISIBILITY_HELD,
                        .held_reason = (char *)"why",
                        .message_id = (char *)"m@x"};
    gint64 id;
    MUST(messages_add(f->store, &stranger, NULL, NULL, &id, &error));
    g_autoptr(GPtrArray) held = NULL;
    MUST(messages_held(f->store, &held, &error));
    g_assert_cmpuint(held->len, ==, 1);
    Message *message = held->pdata[0];
    g_assert_cmpint(message->ticket, ==, 0);
    g_assert_cmpint(message->author, ==, 0);
    g_assert_cmpstr(message->author_name, ==, "");
    g_assert_cmpuint(message->attachments->len, ==, 0);

    message->ticket = ticket;
    message->author = f->customer;
    message->visibility = VISIBILITY_PUBLIC;
    g_free(message->held_reason);
    message->held_reason = g_strdup("");
    MUST(messages_update(f->store, message, &error));
    g_autoptr(GPtrArray) none = NULL;
    MUST(messages_held(f->store, &none, &error));
    g_assert_cmpuint(none->len, ==, 0);
    g_autoptr(GPtrArray) of = NULL;
    MUST(messages_of(f->store, ticket, &of, &error));
    g_assert_cmpuint(of->len, ==, 1);
    const Message *accepted = of->pdata[0];
    g_assert_cmpint(accepted->id, ==, id);
    g_assert_cmpint(accepted->author, ==, f->customer);
    g_assert_cmpint(accepted->visibility, ==, VISIBILITY_PUBLIC);
    g_assert_cmpstr(accepted->held_reason, ==, "");
}

static void assert_content(Fixture *f, guint8 content, gint64 queue, gint64 ticket,
                           gint64 expected)
{
    guint8 hash[32];
    memset(hash, content, sizeof hash);
    g_autoptr(Message) message = NULL;
    MUST(messages_by_content(f->store, hash, queue, ticket, &message, &error));
    g_assert_cmpint(message ? message->id : 0, ==, expected);
}

static void test_by_content(Fixture *f, gconstpointer unused)
{
    gint64 first = fixture_ticket(f->store, f->queue, f->customer, 1);
    gint64 second = fixture_ticket(f->store, f->queue, f->customer, 1);
    gint64 other = fixture_ticket(f->store, f->sales, f->customer, 1);
    gint64 in_first = add(f, f->queue, first, "a", 1, NULL);
    gint64 outside = add(f, f->queue, 0, "a", 1, NULL);
    gint64 in_other = add(f, f->sales, other, "a", 1, NULL);
    assert_content(f, 1, f->queue, first, in_first);
    assert_content(f, 1, f->queue, second, 0);
    assert_content(f, 1, f->queue, 0, outside);
    assert_content(f, 1, f->sales, 0, 0);
    assert_content(f, 1, f->queue, -1, in_first);
    assert_content(f, 1, f->sales, -1, in_other);
    assert_content(f, 2, f->queue, -1, 0);
}

static void test_elsewhere(Fixture *f, gconstpointer unused)
{
    gint64 here = fixture_ticket(f->store, f->queue, f->customer, 1);
    gint64 there = fixture_ticket(f->store, f->sales, f->customer, 1);
    add(f, f->queue, here, "a", 1, NULL);
    add(f, f->sales, there, "a", 1, NULL);
    add(f, f->sales, there, "a", 1, NULL);
    add(f, f->sales, 0, "a", 1, NULL);
    guint8 hash[32];
    memset(hash, 1, sizeof hash);
    g_autoptr(GArray) tickets = NULL;
    MUST(messages_tickets_elsewhere(f->store, hash, f->queue, &tickets, &error));
    g_assert_cmpuint(tickets->len, ==, 1);
    g_assert_cmpint(g_array_index(tickets, gint64, 0), ==, there);
}

static void test_by_message_ids(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    gint64 other = fixture_ticket(f->store, f->sales, f->customer, 1);
    add(f, f->queue, ticket, "a", 1, NULL);
    gint64 latest = add(f, f->queue, ticket, "b", 2, NULL);
    gint64 in_other = add(f, f->sales, other, "a", 1, NULL);
    add(f, f->queue, 0, "c", 3, NULL);
    add(f, f->queue, ticket, "", 4, NULL);
    const struct {
        gint64 queue;
        const char *first, *second;
        gint64 expected;
    } cases[] = {
        {f->queue, "b", "a", latest},   {f->queue, "a", "b", latest},
        {f->sales, "b", "a", in_other}, {f->queue, "c", "", 0},
        {f->queue, "x", "y", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) ids = words(cases[i].first, cases[i].second, NULL);
        g_autoptr(Message) message = NULL;
        MUST(messages_by_message_ids(f->store, cases[i].queue, ids, &message, &error));
        g_assert_cmpint(message ? message->id : 0, ==, cases[i].expected);
    }
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    Message *nothing = (Message *)f;
    MUST(messages_by_message_ids(f->store, f->queue, none, &nothing, &error));
    g_assert_null(nothing);
}

static void test_answering(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add(f, f->queue, 0, "outside", 1, "parent");
    gint64 earliest = add(f, f->queue, ticket, "reply1", 2, "parent");
    add(f, f->queue, ticket, "reply2", 3, "parent");
    add(f, f->queue, ticket, "reply3", 3, "");
    g_autoptr(Message) message = NULL;
    MUST(messages_answering(f->store, f->queue, "parent", &message, &error));
    g_assert_cmpint(message->id, ==, earliest);
    Message *none = message;
    MUST(messages_answering(f->store, f->sales, "parent", &none, &error));
    g_assert_null(none);
    none = message;
    MUST(messages_answering(f->store, f->queue, "", &none, &error));
    g_assert_null(none);
}

static void test_addressees(Fixture *f, gconstpointer unused)
{
    Message message = {.queue = f->queue};
    g_autoptr(GPtrArray) keys = words("a@x", "b@x", "a@x", NULL);
    gint64 id;
    MUST(messages_add(f->store, &message, keys, keys, &id, &error));
    bool is = false;
    MUST(messages_is_addressee(f->store, id, "b@x", &is, &error));
    g_assert_true(is);
    MUST(messages_is_addressee(f->store, id, "c@x", &is, &error));
    g_assert_false(is);
    MUST(messages_is_addressee(f->store, id + 1, "a@x", &is, &error));
    g_assert_false(is);
}

static void test_opened_since(Fixture *f, gconstpointer unused)
{
    gint64 old = fixture_ticket(f->store, f->queue, f->customer, 99);
    gint64 new = fixture_ticket(f->store, f->queue, f->customer, 100);
    fixture_ticket(f->store, f->queue, f->customer, 101); /* without a message of theirs */
    gint64 others = fixture_ticket(f->store, f->queue, f->agent, 102);
    add(f, f->queue, old, "a", 1, NULL);
    add(f, f->queue, new, "b", 2, NULL);
    add(f, f->queue, new, "c", 3, NULL);
    add(f, f->queue, others, "d", 4, NULL);
    gint64 count;
    MUST(messages_opened_since(f->store, f->customer, 100, &count, &error));
    g_assert_cmpint(count, ==, 1);
    MUST(messages_opened_since(f->store, f->customer, 0, &count, &error));
    g_assert_cmpint(count, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/messages/round-trip", test_round_trip);
    FIXTURE_TEST("/store/messages/held-then-accepted", test_held_then_accepted);
    FIXTURE_TEST("/store/messages/by-content", test_by_content);
    FIXTURE_TEST("/store/messages/elsewhere", test_elsewhere);
    FIXTURE_TEST("/store/messages/by-message-ids", test_by_message_ids);
    FIXTURE_TEST("/store/messages/answering", test_answering);
    FIXTURE_TEST("/store/messages/addressees", test_addressees);
    FIXTURE_TEST("/store/messages/opened-since", test_opened_since);
    return g_test_run();
}
