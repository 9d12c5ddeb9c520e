/* Every statement the store knows finds its rows by an index, but for the few that are meant to
 * read a whole table. Looks into the private header: nothing outside could see this. */
#include "tests/unit/store/fixture.h"

#include "schema/ledger.h"
#include "schema/links.h"
#include "schema/messages.h"
#include "schema/outbox.h"
#include "schema/runs.h"
#include "schema/search.h"
#include "schema/sqlite.h"

#include <fcntl.h>

/* Small tables, partial indexes that hold what is asked for, and the list of all tickets. */
static const char *const allowed[] = {
    "SCAN queue USING INDEX sqlite_autoindex_queue_1",
    "SCAN p USING INDEX person_on_desk",
    "SCAN m USING INDEX message_held",
    "SCAN t USING INDEX ticket_open",
    "SCAN t USING INDEX ticket_pressing", /* a list stands in its order */
    "SCAN t USING COVERING INDEX ticket_pressing",
    "SCAN t USING INDEX ticket_deleted",
    "SCAN sqlite_sequence",
    "SCAN t",
    "SCAN authserv_seen",
    "SCAN (subquery-1)", /* counts at most OUTBOX_COUNT_MAX rows that an index found */
    "SCAN 2 CONSTANT ROWS",
    "SCAN CONSTANT ROW",
    "SCAN search_state", /* one row */
    "SCAN p",            /* of search_pending: what changed and waits for the index */
    "SCAN search_pending",
    "SCAN s VIRTUAL TABLE INDEX 192:M1", /* latest first, by the index's own order */
    "SCAN search_word VIRTUAL TABLE INDEX 6:",
    NULL,
};

static const guint8 hash[32] = {1, 2, 3};

static bool each_ticket(const Ticket *ticket, void *user, GError **error)
{
    return true;
}

static bool each_ledger(const LedgerRow *row, void *user, GError **error)
{
    return true;
}

static bool each_outbox(const OutboxRow *row, void *user, GError **error)
{
    return true;
}

static void use_tickets(Fixture *f, gint64 ticket)
{
    g_autoptr(Ticket) one = NULL;
    g_autoptr(Ticket) two = NULL;
    g_autoptr(GArray) linked = NULL;
    g_autoptr(GArray) assignees = NULL;
    MUST(tickets_by_id(f->store, ticket, &one, &error));
    MUST(tickets_by_number(f->store, "SUP", 1, &two, &error));
    MUST(tickets_update(f->store, one, &error));
    MUST(tickets_link(f->store, ticket, ticket, &error));
    MUST(tickets_linked(f->store, ticket, &linked, &error));
    MUST(tickets_assign(f->store, ticket, f->agent, &error));
    MUST(tickets_assignees(f->store, ticket, &assignees, &error));
    MUST(tickets_unassign(f->store, ticket, f->agent, &error));
    const TicketFilter filters[] = {{.limit = 1},
                                    {.status = "new", .queue = "support"},
                                    {.open_only = true},
                                    {.requester = 1},
                                    {.assignee = 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(filters); i++)
        MUST(tickets_each(f->store, &filters[i], each_ticket, NULL, &error));
}

static void use_parts(Fixture *f, gint64 ticket)
{
    Participation part = {.ticket = ticket, .person = f->customer, .subject = (char *)"s"};
    g_autoptr(Participation) one = NULL;
    g_autoptr(Participation) two = NULL;
    g_autoptr(GPtrArray) all = NULL;
    MUST(participations_add(f->store, &part, &part.id, &error));
    MUST(participations_by_id(f->store, part.id, &one, &error));
    MUST(participations_find(f->store, ticket, f->customer, 0, &two, &error));
    MUST(participations_of(f->store, ticket, &all, &error));
    MUST(participations_set_root(f->store, part.id, "root", &error));
    Event event = {.ticket = ticket, .what = (char *)"status"};
    g_autoptr(Event) third = NULL;
    g_autoptr(GPtrArray) events = NULL;
    MUST(events_add(f->store, &event, &event.id, &error));
    MUST(events_by_id(f->store, event.id, &third, &error));
    MUST(events_of(f->store, ticket, &events, &error));
}

static gint64 add_message(Fixture *f, gint64 ticket)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autoptr(GPtrArray) attachments = g_ptr_array_new();
    Attachment attachment = {.n = 1};
    g_ptr_array_add(words, (char *)"word");
    g_ptr_array_add(attachments, &attachment);
    Message message = {.ticket = ticket, .queue = f->queue, .attachments = attachments};
    gint64 id = 0;
    MUST(messages_add(f->store, &message, words, words, &id, &error));
    return id;
}

static void use_messages(Fixture *f, gint64 message)
{
    g_autoptr(Message) by_id = NULL;
    g_autoptr(Message) by_content = NULL;
    g_autoptr(Message) by_ids = NULL;
    g_autoptr(Message) answering = NULL;
    g_autoptr(GPtrArray) of = NULL;
    g_autoptr(GPtrArray) held = NULL;
    g_autoptr(GArray) elsewhere = NULL;
    g_autoptr(GPtrArray) ids = g_ptr_array_new();
    g_ptr_array_add(ids, (char *)"word");
    bool is;
    gint64 count;
    MUST(messages_by_id(f->store, message, &by_id, &error));
    MUST(messages_update(f->store, by_id, &error));
    MUST(messages_of(f->store, 1, &of, &error));
    MUST(messages_held(f->store, &held, &error));
    MUST(messages_by_content(f->store, hash, f->queue, -1, &by_content, &error));
    MUST(messages_tickets_elsewhere(f->store, hash, f->queue, &elsewhere, &error));
    MUST(messages_by_message_ids(f->store, f->queue, ids, &by_ids, &error));
    MUST(messages_answering(f->store, f->queue, "word", &answering, &error));
    MUST(messages_is_addressee(f->store, message, "word", &is, &error));
    MUST(messages_opened_since(f->store, f->customer, 0, &count, &error));
}

static void use_raw(Fixture *f)
{
    g_autofree char *path = fixture_path(f->dir, "mail");
    g_assert_true(g_file_set_contents(path, "mail", 4, NULL));
    int fd = g_open(path, O_RDONLY);
    gint64 raw;
    guint64 size;
    gsize got;
    guint8 byte;
    MUST(raw_add(f->store, fd, 4, hash, &raw, &error));
    MUST(raw_read(f->store, raw, 0, &byte, 1, &got, &error));
    MUST(raw_size(f->store, raw, &size, &error));
    g_close(fd, NULL);
}

static void use_ledger(Fixture *f, gint64 message)
{
    LedgerRow row = {.verdict = "ticket"};
    g_autoptr(LedgerRow) found = NULL;
    MUST(ledger_add(f->store, &row, NULL, &error));
    MUST(ledger_by_key(f->store, hash, &found, &error));
    MUST(ledger_each(f->store, each_ledger, NULL, &error));
    Confirmation confirmation = {.person = f->agent, .message = message};
    g_autofree Confirmation *same = NULL;
    MUST(confirmations_add(f->store, &confirmation, &confirmation.id, &error));
    MUST(confirmations_by_id(f->store, confirmation.id, &same, &error));
    MUST(confirmations_use(f->store, confirmation.id, 1, &error));
    gint64 last;
    g_autofree char *other = NULL;
    MUST(authserv_saw(f->store, "mx", 1, &error));
    MUST(authserv_last(f->store, "mx", &last, &other, &error));
}

static void use_outbox(Fixture *f)
{
    OutboxRow row = {.kind = (char *)"message", .person = f->agent, .address = (char *)"a@b"};
    g_autoptr(OutboxRow) by_id = NULL;
    g_autoptr(OutboxRow) by_message_id = NULL;
    g_autoptr(GPtrArray) due = NULL;
    g_autoptr(GBytes) piece = NULL;
    gint64 number;
    MUST(outbox_add(f->store, &row, &row.id, &error));
    MUST(outbox_by_id(f->store, row.id, &by_id, &error));
    MUST(outbox_by_message_id(f->store, "x", &by_message_id, &error));
    MUST(outbox_each(f->store, each_outbox, NULL, &error));
    MUST(outbox_due(f->store, 1, 10, &due, &number, &error));
    MUST(outbox_sent(f->store, row.id, 1, &error));
    MUST(outbox_retry(f->store, row.id, 1, "", &error));
    MUST(outbox_dead(f->store, row.id, 1, "", &error));
    MUST(outbox_add_piece(f->store, row.id, 0, hash, 1, &error));
    MUST(outbox_rendered(f->store, row.id, &error));
    MUST(outbox_piece(f->store, row.id, 0, &piece, &error));
    MUST(outbox_count_to(f->store, "a@b", "message", 0, &number, &error));
    MUST(outbox_count_unproven(f->store, 0, &number, &error));
}

static void use_people(Fixture *f)
{
    g_autoptr(Person) person = NULL;
    g_autoptr(Person) same = NULL;
    g_autoptr(GPtrArray) agents = NULL;
    g_autoptr(GPtrArray) members = NULL;
    g_autoptr(GPtrArray) names = NULL;
    MUST(people_by_id(f->store, f->agent, &person, &error));
    MUST(people_by_address(f->store, "agent@example.org", &same, &error));
    MUST(people_agents(f->store, &agents, &error));
    MUST(people_of_queue(f->store, f->queue, &members, &error));
    MUST(people_queues(f->store, f->agent, &names, &error));
    MUST(people_update(f->store, person, &error));
    MUST(people_raise_epoch(f->store, f->agent, &error));
    MUST(people_pause(f->store, "x", 1, "", &error));
    MUST(people_join_queue(f->store, f->agent, f->queue, &error));
    MUST(people_leave_queue(f->store, f->agent, f->queue, &error));
    MUST(people_leave_all_queues(f->store, f->agent, &error));
}

static void use_queues(Fixture *f)
{
    g_autoptr(Queue) by_id = NULL;
    g_autoptr(Queue) by_name = NULL;
    g_autoptr(Queue) by_prefix = NULL;
    g_autoptr(Queue) by_address = NULL;
    g_autoptr(GPtrArray) all = NULL;
    MUST(queues_by_id(f->store, f->queue, &by_id, &error));
    MUST(queues_by_name(f->store, "support", &by_name, &error));
    MUST(queues_by_prefix(f->store, "SUP", &by_prefix, &error));
    MUST(queues_by_address(f->store, "x", &by_address, &error));
    MUST(queues_list(f->store, &all, &error));
    MUST(queues_update(f->store, by_id, &error));
}

static void use_links(Fixture *f, gint64 ticket)
{
    gint64 found_ticket, found_person;
    MUST(links_add(f->store, hash, ticket, f->customer, 1, 0, &error));
    MUST(links_find(f->store, hash, 1, &found_ticket, &found_person, &error));
}

static void use_lists(Fixture *f, gint64 ticket)
{
    const Listed lists[] = {LISTED_OPEN, LISTED_MINE, LISTED_NEW, LISTED_LATE, LISTED_DELETED};
    g_autoptr(GArray) waited = NULL;
    g_autoptr(GPtrArray) tags = NULL;
    gint64 all = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GArray) ids = NULL;
        const ListedFilter filter = {lists[i], f->agent, f->queue, 1, 10};
        MUST(tickets_listed(f->store, &filter, &ids, &all, &error));
    }
    MUST(tickets_waited(f->store, 1, 10, &waited, &error));
    MUST(tickets_tag(f->store, ticket, "a", &error));
    MUST(tickets_tags(f->store, ticket, &tags, &error));
    MUST(tickets_untag(f->store, ticket, "a", &error));
    MUST(tickets_relate(f->store, ticket, ticket, "depends", "needed", &error));
}

static void use_runs(Fixture *f, gint64 ticket, gint64 message)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new();
    Run run = {.person = f->agent, .queue = f->queue, .ticket = ticket, .lines = lines};
    g_autoptr(Run) one = NULL;
    g_autoptr(Run) last = NULL;
    g_autoptr(Message) by_id = NULL;
    g_autoptr(Message) before = NULL;
    g_autoptr(Message) by = NULL;
    bool is;
    gint64 count;
    MUST(runs_add(f->store, &run, &run.id, &error));
    MUST(runs_by_id(f->store, run.id, &one, &error));
    MUST(runs_last(f->store, f->agent, ticket, 0, &last, &error));
    MUST(runs_has_content(f->store, hash, ticket, &is, &error));
    MUST(runs_count(f->store, f->agent, 0, &count, &error));
    MUST(runs_undone(f->store, run.id, 1, &error));
    MUST(messages_by_id(f->store, message, &by_id, &error));
    MUST(messages_before(f->store, by_id, &before, &error));
    MUST(messages_newer(f->store, ticket, 1, 0, f->agent, &is, &error));
    MUST(messages_last_by(f->store, ticket, f->agent, &by, &error));
    MUST(messages_next_id(f->store, &count, &error));
    MUST(messages_move(f->store, ticket, 0, ticket, &error));
    MUST(messages_move(f->store, 0, message, ticket, &error));
}

static void use_search(Fixture *f)
{
    g_autoptr(WordReader) reader = NULL;
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autoptr(GArray) hits = NULL;
    bool beginnings;
    SearchState state = SEARCH_BUSY;
    g_ptr_array_add(words, (char *)"word");
    const SearchQuestion question = {words, f->agent, 1};
    MUST(store_commit(f->store, &error));
    while (state == SEARCH_BUSY)
        MUST(search_step(f->store, &state, &error));
    MUST(word_reader_open(f->store, &reader, &error));
    MUST(search_find(f->store, reader, &question, &hits, &beginnings, &error));
}

static void check_plan(Store *store, const char *sql)
{
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    sqlite3_stmt *plan = NULL;
    g_assert_cmpint(sqlite3_prepare_v2(store->db, explain, -1, &plan, NULL), ==, SQLITE_OK);
    while (sqlite3_step(plan) == SQLITE_ROW) {
        const char *detail = (const char *)sqlite3_column_text(plan, 3);
        if (g_str_has_prefix(detail, "SCAN") && !g_strv_contains(allowed, detail))
            g_test_fail_printf("%s: %s", detail, sql);
    }
    sqlite3_finalize(plan);
}

static void test_plans(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    gint64 message = add_message(f, ticket);
    use_queues(f);
    use_people(f);
    use_tickets(f, ticket);
    use_parts(f, ticket);
    use_messages(f, message);
    use_raw(f);
    use_ledger(f, message);
    use_outbox(f);
    use_links(f, ticket);
    use_lists(f, ticket);
    use_runs(f, ticket, message);
    use_search(f);
    GHashTableIter iter;
    gpointer sql;
    g_hash_table_iter_init(&iter, f->store->statements);
    while (g_hash_table_iter_next(&iter, &sql, NULL))
        check_plan(f->store, sql);
    g_assert_cmpuint(g_hash_table_size(f->store->statements), >, 80);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/store/plans", test_plans);
    return g_test_run();
}
