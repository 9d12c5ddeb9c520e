/* The search index: what is found, what follows changes, and steps that end. */
#include "tests/unit/store/fixture.h"

#include "schema/audit.h"
#include "schema/messages.h"
#include "schema/migrations.h"
#include "schema/search.h"
#include "schema/sqlite.h"

static gint64 add(Fixture *f, gint64 ticket, Visibility visibility, const char *reply)
{
    g_autoptr(GPtrArray) attachments = g_ptr_array_new();
    Message message = {
        .ticket = ticket,
        .queue = f->queue,
        .author_name = (char *)"Zoé Müller",
        .author_address = (char *)"zoe@client.test",
        .visibility = visibility,
        .subject = (char *)"Panne",
        .reply = (char *)reply,
        .attachments = attachments,
    };
    gint64 id = 0;
    MUST(messages_add(f->store, &message, NULL, NULL, &id, &error));
    return id;
}

/* The transaction the fixture began, or one begun since, ends. */
static void commit(Fixture *f)
{
    MUST(store_commit(f->store, &error));
}

static int fill(Fixture *f)
{
    SearchState state = SEARCH_BUSY;
    int steps = 0;
    for (; state == SEARCH_BUSY; steps++) {
        MUST(search_step(f->store, &state, &error));
        g_assert_cmpint(steps, <, 1000);
    }
    return steps;
}

static gint64 waiting(Fixture *f)
{
    gint64 n = -1;
    MUST(search_waiting(f->store, &n, &error));
    return n;
}

static bool take(const char *word, gsize length, gsize from, gsize to, void *user)
{
    g_ptr_array_add(user, g_strndup(word, length));
    return true;
}

/* "message/ticket …" of what is found for `person`. */
static char *find_for(Fixture *f, gint64 person, const char *text, guint max,
                      bool *ret_beginnings)
{
    g_autoptr(WordReader) reader = NULL;
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) hits = NULL;
    GString *out = g_string_new(NULL);
    MUST(word_reader_open(f->store, &reader, &error));
    words_each(reader, text, strlen(text), take, words);
    const SearchQuestion question = {words, person, max};
    MUST(search_find(f->store, reader, &question, &hits, ret_beginnings, &error));
    for (guint i = 0; i < hits->len; i++) {
        const SearchHit *hit = &g_array_index(hits, SearchHit, i);
        g_string_append_printf(out, "%s%d/%d", i ? " " : "", (int)hit->message,
                               (int)hit->ticket);
    }
    return g_string_free(out, FALSE);
}

static void assert_found_for(Fixture *f, gint64 person, const char *text, const char *wanted)
{
    bool beginnings = false;
    g_autofree char *got = find_for(f, person, text, 50, &beginnings);
    g_assert_cmpstr(got, ==, wanted);
    g_assert_true(beginnings);
}

static void assert_found(Fixture *f, const char *text, const char *wanted)
{
    assert_found_for(f, 0, text, wanted);
}

/* --- words ------------------------------------------------------------------------------- */

static void test_words(Fixture *f, gconstpointer unused)
{
    g_autoptr(WordReader) reader = NULL;
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    const char *text = "L’ÉTÉ: «déjà», 3e NEAR(\"x\") élan*; 中文 naïve";
    MUST(word_reader_open(f->store, &reader, &error));
    words_each(reader, text, strlen(text), take, words);
    g_ptr_array_add(words, NULL);
    g_autofree char *all = g_strjoinv(" ", (char **)words->pdata);
    g_assert_cmpstr(all, ==, "l ete deja 3e near x elan 中文 naive");
}

/* --- finding ----------------------------------------------------------------------------- */

static void check_questions(Fixture *f)
{
    assert_found(f, "imprimante", "3/2 1/1");
    assert_found(f, "IMPRIMANTES", "1/1");
    assert_found(f, "ete imprim", "1/1");
    assert_found(f, "été", "1/1");
    assert_found(f, "écran", "2/1");
    assert_found(f, "muller panne", "4/0 3/2 2/1");
    assert_found(f, "zoe@client.test toner", "4/0");
    assert_found(f, "secret", "");
    assert_found(f, "rien", "");
    assert_found(f, "queue", "");
}

static void set_title(Fixture *f, gint64 id, const char *title)
{
    g_autoptr(Ticket) ticket = NULL;
    MUST(tickets_by_id(f->store, id, &ticket, &error));
    g_free(ticket->title);
    ticket->title = g_strdup(title);
    MUST(tickets_update(f->store, ticket, &error));
}

static void test_find(Fixture *f, gconstpointer unused)
{
    gint64 one = fixture_ticket(f->store, f->queue, f->customer, 1);
    gint64 two = fixture_ticket(f->store, f->queue, f->customer, 2);
    set_title(f, one, "Question");
    set_title(f, two, "Autre chose");
    add(f, one, VISIBILITY_PUBLIC, "Les imprimantes, depuis l'été");
    add(f, one, VISIBILITY_INTERNAL, "Son écran");
    add(f, two, VISIBILITY_PUBLIC, "Une imprimante");
    add(f, 0, VISIBILITY_HELD, "Du toner");
    add(f, two, VISIBILITY_DROPPED, "Un secret");
    commit(f);
    g_assert_cmpint(waiting(f), ==, 5);
    check_questions(f);
    fill(f);
    g_assert_cmpint(waiting(f), ==, 0);
    check_questions(f);
}

static void test_title(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add(f, ticket, VISIBILITY_PUBLIC, "Bonjour");
    commit(f);
    fill(f);
    assert_found(f, "imprimante bonjour", "1/1");
}

static void test_queues(Fixture *f, gconstpointer unused)
{
    gint64 mine = fixture_ticket(f->store, f->sales, f->customer, 1);
    gint64 other = fixture_ticket(f->store, f->queue, f->customer, 1);
    MUST(people_join_queue(f->store, f->agent, f->sales, &error));
    add(f, mine, VISIBILITY_PUBLIC, "toner");
    add(f, other, VISIBILITY_PUBLIC, "toner");
    add(f, 0, VISIBILITY_HELD, "toner");
    commit(f);
    for (int filled = 0; filled < 2; filled++) {
        assert_found_for(f, f->agent, "toner", "1/1");
        assert_found(f, "toner", "3/0 2/2 1/1");
        fill(f);
    }
    /* The index is of the queues as they were; the right to see is as it is. */
    MUST(store_begin(f->store, &error));
    MUST(people_leave_all_queues(f->store, f->agent, &error));
    MUST(people_join_queue(f->store, f->agent, f->queue, &error));
    commit(f);
    assert_found_for(f, f->agent, "toner", "3/0 2/2");
}

static void test_most(Fixture *f, gconstpointer unused)
{
    bool beginnings;
    for (int i = 0; i < 8; i++)
        add(f, fixture_ticket(f->store, f->queue, f->customer, i), VISIBILITY_PUBLIC, "toner");
    add(f, 3, VISIBILITY_PUBLIC, "toner");
    commit(f);
    for (int filled = 0; filled < 2; filled++) {
        g_autofree char *got = find_for(f, 0, "toner", 3, &beginnings);
        g_assert_cmpstr(got, ==, "9/3 8/8 7/7");
        fill(f);
    }
    /* Part in the index, part not. */
    MUST(store_begin(f->store, &error));
    add(f, 1, VISIBILITY_PUBLIC, "toner");
    commit(f);
    g_autofree char *got = find_for(f, 0, "toner", 3, &beginnings);
    g_assert_cmpstr(got, ==, "10/1 9/3 8/8");
}

static void test_beginnings(Fixture *f, gconstpointer unused)
{
    g_autoptr(GString) text = g_string_new("con ");
    for (int i = 0; i < 300; i++)
        g_string_append_printf(text, "con%04d ", i);
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add(f, ticket, VISIBILITY_PUBLIC, text->str);
    commit(f);
    fill(f);
    bool beginnings = true;
    g_autofree char *many = find_for(f, 0, "con", 50, &beginnings);
    g_assert_cmpstr(many, ==, "1/1");
    g_assert_false(beginnings);
    assert_found(f, "con029", "1/1");
    assert_found(f, "con0299", "1/1");
}

/* --- changes ----------------------------------------------------------------------------- */

static void set_visibility(Fixture *f, gint64 id, gint64 ticket, Visibility visibility)
{
    g_autoptr(Message) message = NULL;
    MUST(store_begin(f->store, &error));
    MUST(messages_by_id(f->store, id, &message, &error));
    message->visibility = visibility;
    message->ticket = ticket;
    MUST(messages_update(f->store, message, &error));
    commit(f);
}

static void run(Fixture *f, const char *sql)
{
    MUST(store_begin(f->store, &error));
    g_assert_cmpint(sqlite3_exec(f->store->db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    commit(f);
}

static void test_changes(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add(f, 0, VISIBILITY_HELD, "toner");
    add(f, ticket, VISIBILITY_PUBLIC, "papier");
    commit(f);
    fill(f);
    static const struct {
        const char *sql, *text, *found;
    } changes[] = {
        {"UPDATE message SET visibility = 3 WHERE id = 1", "toner", ""},
        {"UPDATE message SET visibility = 0, ticket = 1 WHERE id = 1", "toner imprim", "1/1"},
        {"UPDATE message SET reply = 'encre' WHERE id = 1", "toner", ""},
        {"UPDATE message SET reply = 'jaune' WHERE id = 1", "encre", ""},
        {"SELECT 1", "jaune", "1/1"},
        {"UPDATE ticket SET title = 'Agrafeuse'", "imprimante", ""},
        {"UPDATE message SET reply = 'bleu' WHERE id = 2", "agraf papier", ""},
        {"SELECT 1", "agraf bleu", "2/1"},
        {"DELETE FROM message WHERE id = 2", "bleu", ""},
        {"SELECT 1", "agraf", "1/1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        run(f, changes[i].sql);
        assert_found(f, changes[i].text, changes[i].found);
        if (i % 3 == 0)
            fill(f);
        assert_found(f, changes[i].text, changes[i].found);
    }
    fill(f);
    assert_found(f, "agraf", "1/1");
    /* Nothing of what was is left in the index. */
    run(f, "INSERT INTO search (search) VALUES ('integrity-check')");
    g_auto(Query) words =
        query_start(f->store, "SELECT count(*) FROM search_word WHERE term IN ('toner', "
                              "'encre', 'papier', 'bleu', 'imprimante')");
    gint64 left = -1;
    MUST(query_int(&words, &left, &error));
    g_assert_cmpint(left, ==, 0);
}

static void test_trash(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add(f, ticket, VISIBILITY_PUBLIC, "toner");
    commit(f);
    for (int filled = 0; filled < 2; filled++) {
        run(f, "UPDATE ticket SET deleted = 5");
        assert_found(f, "toner", "");
        run(f, "UPDATE ticket SET deleted = 0");
        assert_found(f, "toner", "1/1");
        fill(f);
    }
}

/* Another queue takes a ticket over, and the reader's right with it. */
static void test_moved(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    MUST(people_join_queue(f->store, f->agent, f->sales, &error));
    add(f, ticket, VISIBILITY_PUBLIC, "toner");
    commit(f);
    fill(f);
    assert_found_for(f, f->agent, "toner", "");
    run(f, "UPDATE ticket SET served = (SELECT id FROM queue WHERE name = 'sales')");
    assert_found_for(f, f->agent, "toner", "1/1");
    fill(f);
    assert_found_for(f, f->agent, "toner", "1/1");
}

static void test_unchanged(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    gint64 held = add(f, ticket, VISIBILITY_HELD, "toner");
    commit(f);
    fill(f);
    set_visibility(f, held, ticket, VISIBILITY_PUBLIC);
    g_autoptr(Ticket) one = NULL;
    MUST(tickets_by_id(f->store, ticket, &one, &error));
    MUST(store_begin(f->store, &error));
    MUST(tickets_update(f->store, one, &error));
    commit(f);
    /* What is indexed is the same: a delivery that only changes this makes no work. */
    g_assert_cmpint(waiting(f), ==, 0);
    assert_found(f, "toner", "1/1");
}

/* --- steps ------------------------------------------------------------------------------- */

static gint64 segments(Fixture *f)
{
    g_auto(Query) query = query_start(f->store, "SELECT count(DISTINCT segid) FROM search_idx");
    gint64 n = -1;
    MUST(query_int(&query, &n, &error));
    return n;
}

static void test_steps(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    for (int i = 0; i < 450; i++)
        add(f, ticket, VISIBILITY_PUBLIC, "toner");
    commit(f);
    SearchState state = SEARCH_IDLE;
    MUST(search_step(f->store, &state, &error));
    g_assert_cmpint(state, ==, SEARCH_BUSY);
    g_assert_cmpint(waiting(f), >=, 250);
    g_assert_cmpint(waiting(f), <, 450);
    g_assert_cmpint(segments(f), ==, 1); /* not one a message */
    fill(f);
    g_assert_cmpint(waiting(f), ==, 0);
    MUST(search_step(f->store, &state, &error));
    g_assert_cmpint(state, ==, SEARCH_IDLE);
}

static void test_segments(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    commit(f);
    for (int i = 0; i < 60; i++) {
        MUST(store_begin(f->store, &error));
        add(f, ticket, VISIBILITY_PUBLIC, "toner");
        commit(f);
        fill(f);
    }
    /* A segment a step would make every search slower; they are merged. */
    g_assert_cmpint(segments(f), >, 0);
    g_assert_cmpint(segments(f), <, 12);
}

static void test_reset(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add(f, ticket, VISIBILITY_PUBLIC, "toner");
    commit(f);
    fill(f);
    MUST(search_reset(f->store, &error));
    g_assert_cmpint(waiting(f), ==, 1);
    assert_found(f, "toner", "1/1");
    fill(f);
    g_assert_cmpint(waiting(f), ==, 0);
    assert_found(f, "toner", "1/1");
}

/* --- a database from before there was search --------------------------------------------- */

/* The last migration that knew nothing of it. */
#define BEFORE 7

static void make_old(const char *dir)
{
    g_autofree char *path = fixture_path(dir, "mailwicket.db");
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    for (int i = 0; i < BEFORE; i++)
        g_assert_cmpint(sqlite3_exec(db, migrations[i].sql, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(
        sqlite3_exec(db,
                     "INSERT INTO queue (name, address, address_key, prefix, language) "
                     "VALUES ('a', 'a@b', 'a@b', 'A', 'fr');"
                     "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n "
                     "WHERE i < 700) INSERT INTO message (queue, author_name, author_address, "
                     "visibility, kind, subject, message_id, content_hash, created, reply, "
                     "signature, quoted) SELECT 1, '', '', 2, 'message', 'Vieux ' || i, '', "
                     "x'00', i, '', '', '' FROM n; PRAGMA user_version = 7",
                     NULL, NULL, NULL),
        ==, SQLITE_OK);
    sqlite3_close(db);
}

static void test_old(void)
{
    Fixture f = {.dir = fixture_dir()};
    make_old(f.dir);
    f.store = fixture_open(f.dir, STORE_CREATE);
    g_assert_cmpint(waiting(&f), ==, 700);
    assert_found(&f, "vieux 650", "650/0");
    assert_found(&f, "vieux 150", ""); /* too many wait to be read one by one */
    fill(&f);
    g_assert_cmpint(waiting(&f), ==, 0);
    assert_found(&f, "vieux 150", "150/0");
    fixture_tear_down(&f, NULL);
}

/* --- checking ---------------------------------------------------------------------------- */

static void note_finding(const AuditFinding *finding, void *user)
{
    if (strstr(finding->what, "search index") || strstr(finding->what, "its own words"))
        g_string_append_printf(user, "%d %s\n", (int)finding->id, finding->what);
}

static void show_nothing(const char *part, gint64 at, gint64 last, void *user) {}

static void assert_audit(Fixture *f, const char *wanted)
{
    g_autoptr(GString) out = g_string_new(NULL);
    Audit audit = {
        .store = f->store, .found = note_finding, .progress = show_nothing, .user = out};
    MUST(audit_rows(&audit, &error));
    g_assert_cmpstr(out->str, ==, wanted);
}

static void test_audit(Fixture *f, gconstpointer unused)
{
    gint64 ticket = fixture_ticket(f->store, f->queue, f->customer, 1);
    add(f, ticket, VISIBILITY_PUBLIC, "toner");
    add(f, ticket, VISIBILITY_DROPPED, "papier");
    add(f, ticket, VISIBILITY_PUBLIC, "agrafe");
    commit(f);
    assert_audit(f, "");
    fill(f);
    assert_audit(f, "");
    run(f, "UPDATE message SET visibility = 3 WHERE id = 1");
    assert_audit(f, "");
    run(f, "DELETE FROM search_pending");
    assert_audit(f, "1 is in the search index, and is dropped or gone\n");
    run(f, "UPDATE message SET visibility = 0 WHERE id = 1;"
           "UPDATE message SET visibility = 0 WHERE id = 2;"
           "UPDATE message SET reply = 'encre' WHERE id = 3; DELETE FROM search_pending");
    assert_audit(f, "2 is not in the search index\n3 is not found by its own words\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    FIXTURE_TEST("/search/words", test_words);
    FIXTURE_TEST("/search/find", test_find);
    FIXTURE_TEST("/search/title", test_title);
    FIXTURE_TEST("/search/queues", test_queues);
    FIXTURE_TEST("/search/most", test_most);
    FIXTURE_TEST("/search/beginnings", test_beginnings);
    FIXTURE_TEST("/search/changes", test_changes);
    FIXTURE_TEST("/search/trash", test_trash);
    FIXTURE_TEST("/search/moved", test_moved);
    FIXTURE_TEST("/search/unchanged", test_unchanged);
    FIXTURE_TEST("/search/steps", test_steps);
    FIXTURE_TEST("/search/segments", test_segments);
    FIXTURE_TEST("/search/reset", test_reset);
    FIXTURE_TEST("/search/audit", test_audit);
    g_test_add_func("/search/old", test_old);
    return g_test_run();
}
