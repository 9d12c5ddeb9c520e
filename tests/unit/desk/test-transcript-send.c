/* Who is sent a transcript, when, and in which mail. */
#include "core/desk/change.h"
#include "core/desk/notice_templates.h"
#include "core/desk/transcript_send.h"
#include "schema/runs.h"
#include "tests/unit/desk/site.h"

#define ARCHIVE "archive@desk.example"
#define LUC "luc@client.example"

static void set_queue(Site *site, const char *archive, const char *transcript)
{
    g_autoptr(GError) error = NULL;
    queue_change(site->desk, "support",
                 &(QueueFields){.archive = archive, .transcript = transcript}, &error);
    g_assert_no_error(error);
}

static Site *desk_with_ticket(void)
{
    Site *site = site_new("");
    g_autoptr(Outcome) opened =
        site_send(site, "Jean Dupont <" JEAN ">", SUPPORT, "Panne", "", "elle est rouge");
    assert_verdict(opened, VERDICT_TICKET);
    return site;
}

static void set_status(Site *site, const char *status)
{
    const TicketChange change = {.status = status};
    g_autoptr(GError) error = NULL;
    change_ticket(site->desk, "SUP-1", &change, &error);
    g_assert_no_error(error);
}

static char *render(const Notice *notice, const char *source)
{
    g_autoptr(Template) template = NULL;
    g_autoptr(GError) error = NULL;
    template_compile("test", source, TEMPLATE_TEXT, notice_template_names, NULL, NULL,
                     &template, &error);
    g_assert_no_error(error);
    return template_render(template, notice->data);
}

/* The last mail to `address`, with its file in place. */
static Notice *whole(Site *site, const char *address)
{
    g_autoptr(Templates) templates = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *html = NULL;
    Notice *notice = site_last(site, address, "transcript");
    notice_templates_load(site->config, builtin_templates, &templates, &error);
    g_assert_no_error(error);
    if (!notice->transcript)
        return notice;
    templates_render_html(templates, notice->language, TRANSCRIPT_TEMPLATE,
                          notice->transcript->data, &html, &error);
    g_assert_no_error(error);
    notice_attach_transcript(site->desk, notice, html);
    g_assert_null(notice->transcript);
    return notice;
}

/* What its first attachment says. */
static char *file_of(const Notice *notice)
{
    const ComposePart *part = notice->mail.parts->pdata[0];
    gsize length;
    g_assert_cmpstr(part->type, ==, "text/html");
    g_assert_cmpstr(part->charset, ==, "utf-8");
    g_autofree char *lines =
        g_strndup(g_bytes_get_data(part->base64, NULL), g_bytes_get_size(part->base64));
    g_autofree guchar *bytes = g_base64_decode(lines, &length);
    return g_strndup((const char *)bytes, length);
}

/* --- at closing -------------------------------------------------------------------------- */

static void test_unless_wanted(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    set_status(site, "closed");
    g_assert_cmpint(site_mails(site, NULL, "transcript"), ==, 0);
    g_assert_cmpint(site_mails(site, JEAN, "resolved"), ==, 1);
}

static void test_archive(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    set_queue(site, ARCHIVE, NULL);
    set_status(site, "resolved");
    g_assert_cmpint(site_mails(site, ARCHIVE, NULL), ==, 0);
    set_status(site, "closed");
    g_assert_cmpint(site_mails(site, ARCHIVE, "transcript"), ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, "transcript"), ==, 0);
    set_status(site, "closed"); /* already so */
    g_assert_cmpint(site_mails(site, ARCHIVE, NULL), ==, 1);

    g_autoptr(Notice) notice = whole(site, ARCHIVE);
    g_autofree char *facts = render(
        notice, "{{link}}|{{reply_goes_to}}|{{desk_address}}|{{#buttons}}button{{/buttons}}|"
                "{{#archive}}archive{{/archive}}|{{transcript}}");
    g_assert_cmpstr(facts, ==, "||||archive|SUP-1.html");
    g_assert_cmpstr(notice->mail.reply_to, ==, SUPPORT);
    g_assert_cmpstr(notice->template, ==, "transcript-mail");
}

/* It hears of nothing else, and nobody hears of it. */
static void test_archive_takes_no_part(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    set_queue(site, ARCHIVE, "no");
    set_status(site, "closed");
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) answer = site_send(site, MARIE, secret, "Re: x", "", "encore un mot");
    assert_verdict(answer, VERDICT_REPLY);
    set_status(site, "open");
    g_assert_cmpint(site_mails(site, ARCHIVE, NULL), ==, 1);

    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->watchers->len, ==, 0);
    g_autoptr(Outcome) asked = site_send(site, JEAN, SUPPORT, "Re: [x]", "", "autre");
    g_autoptr(Notice) told = site_last(site, JEAN, "message");
    g_autofree char *secret_of_jean = g_strdup(told->mail.reply_to);
    g_autoptr(Outcome) reply = site_send(site, JEAN, secret_of_jean, "Re: x", "", "merci");
    g_autoptr(Notice) staff = site_last(site, MARIE, "message");
    g_autofree char *reads = render(staff, "{{reply_goes_to}}");
    g_assert_cmpstr(reads, ==, "Jean Dupont");

    g_autofree char *link = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(change_mint_link(site->desk, "SUP-1", ARCHIVE, &link, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

/* Storing the mail makes a page for its reader, but none for an archive. */
static void test_archive_has_no_page(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    set_queue(site, ARCHIVE, "yes");
    set_status(site, "closed");
    static const char *const readers[] = {ARCHIVE, JEAN};
    for (gsize i = 0; i < G_N_ELEMENTS(readers); i++) {
        SiteSearch search = {readers[i], "transcript", NULL, 0};
        g_autoptr(OutboxRow) row = NULL;
        g_autoptr(Person) person = NULL;
        g_autoptr(TicketView) view = NULL;
        g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
        g_assert_true(outbox_by_id(site->desk->store, search.found->id, &row, NULL));
        outbox_row_free(search.found);
        g_assert_true(store_begin(site->desk->store, NULL));
        g_assert_true(notice_mint_link(site->desk, row, NULL));
        g_assert_true(store_commit(site->desk->store, NULL));
        g_assert_true(people_by_id(site->desk->store, row->person, &person, NULL));
        g_autofree char *page =
            token_page(site->desk->ring, row->ticket, person->id, person->epoch);
        g_assert_true(view_open_page(site->desk->store, page, &view, NULL));
        g_assert_true((view != NULL) == (i == 1));
    }
}

static void test_archive_sees_all(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    set_queue(site, ARCHIVE, "yes");
    g_autofree char *stolen = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) held =
        site_send(site, "eve@evil.example", stolen, "Re: x", "", "paroles retenues");
    assert_verdict(held, VERDICT_HELD);
    set_status(site, "closed");
    g_autoptr(Notice) archive = whole(site, ARCHIVE);
    g_autoptr(Notice) customer = whole(site, JEAN);
    g_autofree char *all = file_of(archive), *some = file_of(customer);
    g_assert_nonnull(strstr(all, "paroles retenues"));
    g_assert_null(strstr(some, "paroles retenues"));
    g_assert_nonnull(strstr(some, "elle est rouge"));
}

/* One mail says both, and an answer to it is public. */
static void test_requester(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    set_queue(site, NULL, "yes");
    set_status(site, "closed");
    g_assert_cmpint(site_mails(site, JEAN, "transcript"), ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, "status"), ==, 0);
    g_autoptr(Notice) notice = whole(site, JEAN);
    g_autofree char *facts = render(
        notice, "{{old_status}} → {{new_status}}|{{#link}}link{{/link}}|{{reply_goes_to}}");
    g_assert_cmpstr(facts, ==, "nouveau → fermé|link|l’équipe Support Exemple");
    g_autoptr(Outcome) reply =
        site_send(site, JEAN, notice->mail.reply_to, "Re: x", "", "merci");
    assert_verdict(reply, VERDICT_REPLY);
}

/* The queue that closes it keeps it. */
static void test_moved(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Queue) sales = NULL;
    set_queue(site, "other@desk.example", "yes");
    g_assert_true(queue_change(site->desk, "sales", &(QueueFields){.archive = ARCHIVE}, NULL));
    g_assert_true(store_begin(site->desk->store, NULL));
    g_assert_true(ticket_find(site->desk, "SUP-1", &ticket, NULL));
    g_assert_true(queue_find(site->desk, "sales", &sales, NULL));
    g_assert_true(ticket_move(site->desk, ticket, sales, 0, NULL));
    g_assert_true(store_commit(site->desk->store, NULL));
    set_status(site, "closed");
    g_assert_cmpint(site_mails(site, ARCHIVE, "transcript"), ==, 1);
    g_assert_cmpint(site_mails(site, NULL, "transcript"), ==, 1);
}

/* Who wrote in before and is an archive now is asked by a mail of their own as before. */
static void test_archive_of_a_customer(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Outcome) other = site_send(site, LUC, SUPPORT, "Autre panne", "", "x");
    set_queue(site, LUC, NULL);
    set_status(site, "closed");
    g_autoptr(Notice) copy = site_last(site, LUC, "transcript");
    g_assert_cmpstr(copy->mail.reply_to, ==, SUPPORT);
    g_autofree char *secret = site_secret(site, LUC, "acknowledgement");
    g_assert_cmpstr(secret, !=, SUPPORT);
    g_autoptr(Outcome) reply = site_send(site, LUC, secret, "Re: x", "", "encore");
    assert_verdict(reply, VERDICT_REPLY);
    TicketView *view = NULL;
    g_autoptr(Person) luc = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(people_by_address(site->desk->store, LUC, &luc, NULL));
    g_assert_false(view_load(site->desk->store, 1, luc->id, &view, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

/* --- when asked -------------------------------------------------------------------------- */

static Person *person_of(Site *site, const char *address)
{
    Person *person = NULL;
    g_assert_true(people_by_address(site->desk->store, address, &person, NULL));
    g_assert_nonnull(person);
    return person;
}

/* Something else happens in the same breath, before or after. */
static void send_with_message(Site *site, bool before, NoticeKind kind)
{
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Person) jean = person_of(site, JEAN);
    g_autoptr(Notify) notify = notify_new(site->desk);
    Store *store = site->desk->store;
    g_assert_true(store_begin(store, NULL));
    g_assert_true(ticket_find(site->desk, "SUP-1", &ticket, NULL));
    if (before)
        g_assert_true(notify_person(notify, ticket, jean, PART_REQUESTER, kind, 1, 0, 0, NULL));
    g_assert_true(transcript_send(site->desk, ticket, jean, notify, NULL));
    if (!before)
        g_assert_true(notify_person(notify, ticket, jean, PART_REQUESTER, kind, 1, 0, 0, NULL));
    g_assert_true(notify_flush(notify, NULL));
    g_assert_true(store_commit(store, NULL));
}

static void test_with_a_message(void)
{
    for (int before = 0; before < 2; before++) {
        g_autoptr(Site) site = desk_with_ticket();
        send_with_message(site, before, NOTICE_MESSAGE);
        g_assert_cmpint(site_mails(site, JEAN, "transcript"), ==, 1);
        g_assert_cmpint(site_mails(site, JEAN, "message"), ==, 0);
        g_autoptr(Notice) notice = whole(site, JEAN);
        g_autofree char *text = render(notice, "{{author_name}}: {{text}}");
        g_assert_cmpstr(text, ==, "Jean Dupont: elle est rouge");
    }
}

static gint64 add_run(Site *site, gint64 person)
{
    gint64 id = 0;
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)run_line_free);
    RunLine *line = run_line_new("!transcription", "transcript");
    line->good = true;
    g_ptr_array_add(lines, line);
    const Run run = {
        .person = person,
        .queue = 1,
        .ticket = 1,
        .language = (char *)"fr",
        .subject = (char *)"x",
        .message_id = (char *)"m@desk.example",
        .done = true,
        .text = (char *)"",
        .lines = lines,
    };
    g_assert_true(runs_add(site->desk->store, &run, &id, NULL));
    return id;
}

/* Whoever asks for it by command is told in the same mail what came of the command. */
static void test_with_an_answer(void)
{
    for (int before = 0; before < 2; before++) {
        g_autoptr(Site) site = desk_with_ticket();
        g_autoptr(Ticket) ticket = NULL;
        g_autoptr(Person) paul = person_of(site, PAUL);
        g_autoptr(Notify) notify = notify_new(site->desk);
        g_assert_true(store_begin(site->desk->store, NULL));
        g_assert_true(ticket_find(site->desk, "SUP-1", &ticket, NULL));
        notify_set_actor(notify, paul->id, false);
        gint64 run = add_run(site, paul->id);
        if (before)
            g_assert_true(notify_answer(notify, ticket, paul, false, run, NULL));
        g_assert_true(transcript_send(site->desk, ticket, paul, notify, NULL));
        if (!before)
            g_assert_true(notify_answer(notify, ticket, paul, false, run, NULL));
        g_assert_true(notify_flush(notify, NULL) && store_commit(site->desk->store, NULL));
        g_assert_cmpint(site_mails(site, PAUL, "answer"), ==, 0);
        g_autoptr(Notice) notice = whole(site, PAUL);
        g_autofree char *told =
            render(notice, "{{transcript}} {{#commands}}{{written}}{{/commands}}");
        g_assert_cmpstr(told, ==, "SUP-1.html !transcription");
    }
}

/* A question must be asked, whatever else there is. */
static void test_with_a_question(void)
{
    for (int before = 0; before < 2; before++) {
        g_autoptr(Site) site = desk_with_ticket();
        send_with_message(site, before, NOTICE_CONFIRM);
        g_assert_cmpint(site_mails(site, JEAN, "transcript"), ==, 0);
        g_assert_cmpint(site_mails(site, JEAN, "confirm"), ==, 1);
    }
}

/* To somebody of the desk it shows notes, so an answer to it is one. */
static void test_technician(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Person) paul = person_of(site, PAUL);
    g_autoptr(Notify) notify = notify_new(site->desk);
    g_assert_true(store_begin(site->desk->store, NULL));
    g_assert_true(ticket_find(site->desk, "SUP-1", &ticket, NULL));
    notify_set_actor(notify, paul->id, false); /* they asked for it themselves */
    g_assert_true(transcript_send(site->desk, ticket, paul, notify, NULL));
    g_assert_true(notify_flush(notify, NULL) && store_commit(site->desk->store, NULL));
    g_autoptr(Notice) notice = whole(site, PAUL);
    g_autofree char *goes_to = render(notice, "{{reply_goes_to}}");
    g_assert_cmpstr(goes_to, ==, "l’équipe seulement");
    g_autoptr(Outcome) reply =
        site_send(site, PAUL, notice->mail.reply_to, "Re: x", "", "à revoir");
    assert_verdict(reply, VERDICT_NOTE);
}

static void test_stranger(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Outcome) other = site_send(site, LUC, SUPPORT, "Autre panne", "", "x");
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Person) luc = person_of(site, LUC);
    g_autoptr(Notify) notify = notify_new(site->desk);
    g_autoptr(GError) error = NULL;
    g_assert_true(ticket_find(site->desk, "SUP-1", &ticket, NULL));
    g_assert_false(transcript_send(site->desk, ticket, luc, notify, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

/* --- size, settings ---------------------------------------------------------------------- */

static void test_too_long(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    set_queue(site, ARCHIVE, "yes");
    set_status(site, "closed");
    g_autoptr(Notice) fits = whole(site, JEAN);
    g_autofree char *html = file_of(fits);
    /* Judged too long at once, and found so when it is there. */
    const gint64 limits[] = {1000, (gint64)strlen(html) - 1};
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        site->config->limits.outgoing_attachment_bytes = limits[i];
        g_autoptr(Notice) notice = whole(site, JEAN);
        g_assert_cmpuint(notice->mail.parts->len, ==, 0);
        g_autofree char *facts =
            render(notice, "{{^transcript}}{{#link}}link{{/link}}{{/transcript}}");
        g_assert_cmpstr(facts, ==, "link");
    }
}

static void test_settings(void)
{
    static const struct {
        const char *archive, *transcript, *says;
    } bad[] = {
        {"no address", NULL, "\"no address\" is not a mail address"},
        {SUPPORT, NULL, "the desk's own address"},
        {"sales+x@desk.example", NULL, "the desk's own address"},
        {NULL, "maybe", "transcript cannot be \"maybe\": yes or no"},
    };
    static const struct {
        const char *archive, *transcript, *archive_is;
        bool transcript_is;
    } good[] = {
        {ARCHIVE, "yes", ARCHIVE, true}, {NULL, "no", ARCHIVE, false},
        {"none", NULL, "", false},       {ARCHIVE, NULL, ARCHIVE, false},
        {"", "yes", "", true},
    };
    g_autoptr(Site) site = site_new("");
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        const QueueFields fields = {.archive = bad[i].archive, .transcript = bad[i].transcript};
        g_assert_false(queue_change(site->desk, "support", &fields, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
        g_assert_nonnull(strstr(error->message, bad[i].says));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autoptr(Queue) queue = NULL;
        set_queue(site, good[i].archive, good[i].transcript);
        g_assert_true(queue_find(site->desk, "support", &queue, NULL));
        g_assert_cmpstr(queue->archive, ==, good[i].archive_is);
        g_assert_true(queue->transcript == good[i].transcript_is);
    }
    g_autoptr(GError) error = NULL;
    const QueueFields own = {.address = "new@desk.example", .archive = "new@desk.example"};
    g_assert_false(queue_create(site->desk, "new", "NEW", &own, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transcript-send/unless-wanted", test_unless_wanted);
    g_test_add_func("/transcript-send/archive", test_archive);
    g_test_add_func("/transcript-send/archive-no-part", test_archive_takes_no_part);
    g_test_add_func("/transcript-send/archive-no-page", test_archive_has_no_page);
    g_test_add_func("/transcript-send/archive-sees-all", test_archive_sees_all);
    g_test_add_func("/transcript-send/requester", test_requester);
    g_test_add_func("/transcript-send/archive-of-a-customer", test_archive_of_a_customer);
    g_test_add_func("/transcript-send/with-a-message", test_with_a_message);
    g_test_add_func("/transcript-send/with-an-answer", test_with_an_answer);
    g_test_add_func("/transcript-send/moved", test_moved);
    g_test_add_func("/transcript-send/with-a-question", test_with_a_question);
    g_test_add_func("/transcript-send/technician", test_technician);
    g_test_add_func("/transcript-send/stranger", test_stranger);
    g_test_add_func("/transcript-send/too-long", test_too_long);
    g_test_add_func("/transcript-send/settings", test_settings);
    return g_test_run();
}
