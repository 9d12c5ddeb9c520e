/* Searching as somebody of the desk: whose tickets are found, in which order, what is shown. */
#include "tests/unit/desk/site.h"

#include "core/desk/finding.h"
#include "core/desk/held.h"
#include "core/desk/snippet.h"
#include "schema/search.h"

static void fill(Site *site)
{
    g_autoptr(GError) error = NULL;
    SearchState state = SEARCH_BUSY;
    while (state == SEARCH_BUSY)
        g_assert_true(search_step(site->desk->store, &state, &error));
}

static Finding *find(Site *site, const char *reader, const char *words)
{
    Finding *finding = NULL;
    g_autoptr(Person) person = NULL;
    g_autoptr(GError) error = NULL;
    if (reader)
        g_assert_true(people_by_address(site->desk->store, reader, &person, &error));
    finding_search(site->desk, person, words, &finding, &error);
    g_assert_no_error(error);
    return finding;
}

static char *ids(const Finding *finding)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < finding->found->len; i++) {
        const Found *found = finding->found->pdata[i];
        g_autofree char *id =
            found->ticket ? ticket_name(found->ticket) : g_strdup(found->title);
        g_string_append_printf(out, "%s%s", i ? " " : "", id);
    }
    return g_string_free(out, FALSE);
}

static void assert_found(Site *site, const char *reader, const char *words, const char *wanted)
{
    g_autoptr(Finding) finding = find(site, reader, words);
    g_autofree char *got = ids(finding);
    g_assert_cmpstr(got, ==, wanted);
}

static void send(Site *site, const char *from, const char *to, const char *subject,
                 const char *body)
{
    g_autoptr(Outcome) outcome = site_send(site, from, to, subject, "", body);
}

static void serve(Site *site, const char *address, const char *queue)
{
    const char *const queues[] = {queue, NULL};
    g_autoptr(GError) error = NULL;
    agent_add(site->desk, address, "Sam", ROLE_TECHNICIAN, false, queues, NULL, &error);
    g_assert_no_error(error);
}

/* --- whose ------------------------------------------------------------------------------- */

static void test_readers(void)
{
    g_autoptr(Site) site = site_new("");
    const char *const all[] = {NULL};
    g_autoptr(GError) error = NULL;
    g_assert_true(agent_add(site->desk, "boss@desk.example", "Boss", ROLE_ADMIN, false, all,
                            NULL, &error));
    serve(site, "sam@desk.example", "sales");
    send(site, JEAN, SUPPORT, "Imprimante", "Le toner est vide.");
    send(site, JEAN, SALES, "Toner", "Combien pour un toner ?");
    for (int filled = 0; filled < 2; filled++) {
        assert_found(site, NULL, "toner", "SAL-1 SUP-1");
        assert_found(site, "boss@desk.example", "toner", "SAL-1 SUP-1");
        assert_found(site, MARIE, "toner", "SAL-1 SUP-1"); /* serves none: all */
        assert_found(site, "sam@desk.example", "toner", "SAL-1");
        assert_found(site, "sam@desk.example", "vide", "");
        assert_found(site, "sam@desk.example", "SUP-1", "");
        assert_found(site, "sam@desk.example", JEAN, "SAL-1");
        fill(site);
    }
}

static void refuse(Site *site, const char *reader, const char *words)
{
    Finding *finding = NULL;
    g_autoptr(Person) person = NULL;
    g_autoptr(GError) error = NULL;
    if (reader)
        g_assert_true(people_by_address(site->desk->store, reader, &person, NULL));
    g_assert_false(finding_search(site->desk, person, words, &finding, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
    g_assert_null(finding);
}

static void test_refused(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *kilobytes = g_strnfill(10000, 'a');
    send(site, JEAN, SUPPORT, "Imprimante", "Le toner est vide.");
    refuse(site, JEAN, "toner"); /* a customer */
    refuse(site, NULL, "");
    refuse(site, NULL, " \n ");
    refuse(site, NULL, "\"* ( ) -");
    refuse(site, NULL, kilobytes);
    refuse(site, NULL, "a b c d e f g h i j k l m n o p q");
    assert_found(site, NULL, "a a a a a a a a a a a a a a a a a toner", "");
    assert_found(site, NULL, "toner toner", "SUP-1");
}

static void test_operators(void)
{
    static const char *const hostile[] = {
        "NEAR(",
        "NEAR(toner vide, 3)",
        "toner OR absent",
        "NOT absent",
        "toner NOT",
        "words : absent",
        "\"toner\" AND absent",
        "^absent",
        "absent\" OR \"toner",
        "absent*",
        "' OR 1=1 --",
        "{absent toner",
        "a\xff\xfe absent",
    };
    g_autoptr(Site) site = site_new("");
    send(site, JEAN, SUPPORT, "Imprimante", "Le toner est vide.");
    for (int filled = 0; filled < 2; filled++) {
        for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++)
            assert_found(site, NULL, hostile[i], "");
        assert_found(site, NULL, "(toner) + \"vide\"*", "SUP-1");
        fill(site);
    }
}

/* --- what -------------------------------------------------------------------------------- */

static void test_ways(void)
{
    g_autoptr(Site) site = site_new("");
    send(site, "Jean Dupont <" JEAN ">", SUPPORT, "Écran", "Il est noir. Voir SUP-2 ?");
    send(site, "ana@other.example", SUPPORT, "Souris", "Jean Dupont connaît.");
    for (int filled = 0; filled < 2; filled++) {
        assert_found(site, NULL, "sup-2", "SUP-2 SUP-1"); /* its id before all */
        assert_found(site, NULL, " SUP-1\n", "SUP-1");
        assert_found(site, NULL, "SUP-9", "");
        assert_found(site, NULL, "dupont jean", "SUP-2 SUP-1");
        assert_found(site, NULL, "dupont ecran", "SUP-1");
        assert_found(site, NULL, "Jean@Client.Example", "SUP-1");
        assert_found(site, NULL, "ana", "SUP-2");
        fill(site);
    }
}

/* Somebody who never wrote: a ticket opened for them. */
static void test_requester(void)
{
    g_autoptr(Site) site = site_new("");
    Person person = {
        .name = (char *)"Eve", .address = (char *)"eve@client.example", .language = (char *)""};
    Ticket ticket = {.token = (char *)"",
                     .title = (char *)"Pour elle",
                     .status = (char *)"open",
                     .type = (char *)"",
                     .language = (char *)"fr",
                     .created = 5};
    g_autoptr(Queue) queue = NULL;
    g_autoptr(GError) error = NULL;
    Store *store = site->desk->store;
    gint64 id;
    g_assert_true(queues_by_prefix(store, "SUP", &queue, &error));
    ticket.queue = queue->id;
    g_assert_true(store_begin(store, &error) &&
                  people_add(store, &person, &ticket.requester, &error) &&
                  queues_next_number(store, queue->id, &ticket.number, &error) &&
                  tickets_add(store, &ticket, &id, &error) && store_commit(store, &error));
    g_autoptr(Finding) finding = find(site, MARIE, "eve@client.example");
    g_assert_cmpuint(finding->found->len, ==, 1);
    const Found *found = finding->found->pdata[0];
    g_assert_cmpstr(found->title, ==, "Pour elle");
    g_assert_cmpint(found->message, ==, 0);
    g_assert_cmpint(found->at, ==, 5);
    g_assert_cmpstr(found->snippet, ==, "");
}

static void test_shown(void)
{
    g_autoptr(Site) site = site_new("");
    send(site, "Jean <" JEAN ">", SUPPORT, "Écran", "Il est\n\n  noir depuis\thier.");
    g_autoptr(Finding) finding = find(site, MARIE, "noir");
    g_assert_cmpuint(finding->found->len, ==, 1);
    g_assert_false(finding->full);
    g_assert_true(finding->beginnings);
    const Found *found = finding->found->pdata[0];
    g_assert_cmpstr(found->title, ==, "Écran");
    g_assert_cmpstr(found->author, ==, "Jean");
    g_assert_cmpstr(found->snippet, ==, "Il est noir depuis hier.");
    g_assert_cmpint(found->visibility, ==, VISIBILITY_PUBLIC);
    g_assert_cmpint(found->at, >, 0);
}

/* Many tickets, and many messages of one. */
static void test_full(void)
{
    g_autoptr(Site) site = site_new("");
    for (int i = 0; i < FINDING_TICKETS + 3; i++) {
        g_autofree char *from = g_strdup_printf("jean@client%d.example", i);
        send(site, from, SUPPORT, "Toner", "Le toner est vide.");
    }
    for (int filled = 0; filled < 2; filled++) {
        g_autoptr(Finding) finding = find(site, MARIE, "toner");
        g_assert_cmpuint(finding->found->len, ==, FINDING_TICKETS);
        g_assert_true(finding->full);
        const Found *first = finding->found->pdata[0];
        g_assert_cmpint(first->ticket->number, ==, FINDING_TICKETS + 3);
        fill(site);
    }
}

static void test_held(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *ticket = NULL;
    g_autoptr(GError) error = NULL;
    send(site, JEAN, SUPPORT, "Imprimante", "Le toner est vide.");
    g_autoptr(Outcome) outcome =
        site_send(site, "eve@evil.example", SUPPORT, "Re: [SUP-1-xxxxxxxx] Imprimante",
                  "Auto-Submitted: auto-generated\n", "Cadeau gratuit.");
    assert_verdict(outcome, VERDICT_HELD);
    for (int filled = 0; filled < 2; filled++) {
        g_autoptr(Finding) finding = find(site, MARIE, "gratuit");
        g_assert_cmpuint(finding->found->len, ==, 1);
        const Found *found = finding->found->pdata[0];
        g_assert_null(found->ticket);
        g_assert_cmpint(found->visibility, ==, VISIBILITY_HELD);
        fill(site);
    }
    g_assert_true(held_accept(site->desk, 2, 0, &ticket, &error));
    assert_found(site, MARIE, "gratuit", "SUP-2");
    fill(site);
    assert_found(site, MARIE, "gratuit", "SUP-2");
}

/* --- snippets ---------------------------------------------------------------------------- */

static void assert_snippet(Site *site, const char *text, const char *word, const char *wanted)
{
    g_autoptr(WordReader) reader = NULL;
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(words, (char *)"absent");
    g_ptr_array_add(words, (char *)word);
    g_assert_true(word_reader_open(site->desk->store, &reader, &error));
    g_autofree char *got = snippet_make(reader, text, words);
    g_assert_cmpstr(got, ==, wanted);
    g_assert_true(g_utf8_validate(got, -1, NULL));
    g_assert_cmpint(g_utf8_strlen(got, -1), <=, 164);
}

static void test_snippet(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *before = g_strnfill(40, 'x'), *after = g_strnfill(90, 'y');
    g_autofree char *text =
        g_strdup_printf("début %s %s Élément %s %s fin", before, before, after, after);
    g_autofree char *wanted = g_strdup_printf("… %s Élément %s …", before, after);
    g_autofree char *whole = g_strnfill(1000, 'z');
    g_autofree char *cut = g_strdup_printf("%.160s …", whole);
    g_autofree char *accents = g_strdup_printf("%s éééé", whole);
    assert_snippet(site, text, "element", wanted);
    assert_snippet(site, text, "elem", wanted);
    assert_snippet(site, "  Un,\r\n\tdeux  ", "deux", "Un, deux");
    assert_snippet(site, "Rien de tel", "autre", "Rien de tel");
    assert_snippet(site, "", "autre", "");
    assert_snippet(site, whole, "zzz", cut);
    assert_snippet(site, accents, "ee", "… éééé");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/finding/readers", test_readers);
    g_test_add_func("/finding/refused", test_refused);
    g_test_add_func("/finding/operators", test_operators);
    g_test_add_func("/finding/ways", test_ways);
    g_test_add_func("/finding/requester", test_requester);
    g_test_add_func("/finding/shown", test_shown);
    g_test_add_func("/finding/full", test_full);
    g_test_add_func("/finding/held", test_held);
    g_test_add_func("/finding/snippet", test_snippet);
    return g_test_run();
}
