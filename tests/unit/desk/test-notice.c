/* Outgoing mails as facts: who is written as whom, what each reader may read, what stays
 * constant, and what a list never gets. */
#include "core/desk/change.h"
#include "tests/unit/desk/site.h"

#define LIST "team@desk.example"

static Site *desk_with_ticket(void)
{
    Site *site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, "Jean Dupont <" JEAN ">", SUPPORT,
                                          "Imprimante en panne", "", "elle est rouge");
    assert_verdict(opened, VERDICT_TICKET);
    return site;
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

static void answer_as(Site *site, const char *who, const char *kind, const char *body)
{
    g_autofree char *secret = site_secret(site, who, kind);
    g_autoptr(Outcome) outcome = site_send(site, who, secret, "Re: x", "", body);
    assert_verdict(outcome, VERDICT_REPLY);
}

static void test_subject_and_thread_stay(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Notice) first = site_last(site, MARIE, "ticket");
    g_assert_null(first->mail.references);
    answer_as(site, JEAN, "acknowledgement", "toujours rouge");
    g_autoptr(Notice) second = site_last(site, MARIE, "message");
    g_autofree char *wanted = g_strconcat("Re: ", first->mail.subject, NULL);
    g_assert_cmpstr(second->mail.subject, ==, wanted);
    g_assert_cmpstr(second->mail.references, ==, first->mail.message_id);

    answer_as(site, MARIE, "ticket", "éteignez-la");
    g_autoptr(Notice) ack = site_last(site, JEAN, "acknowledgement");
    g_autoptr(Notice) customer = site_last(site, JEAN, "message");
    g_assert_cmpstr(customer->mail.references, ==, "mail1@client.example");
    g_assert_cmpstr(ack->mail.references, ==, "mail1@client.example");
}

static void test_customer_reads_no_quote_of_the_desk(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    answer_as(site, MARIE, "ticket", "Bonjour\n\nLe 2 juin, X a écrit :\n> secret de famille");
    g_autoptr(Notice) notice = site_last(site, JEAN, "message");
    g_autofree char *text = render(notice, "{{text}}|{{author_name}}|{{reply_goes_to}}");
    g_assert_null(strstr(text, "secret"));
    g_assert_nonnull(strstr(text, "|Marie Laurent|l’équipe Support Exemple"));
    g_assert_cmpstr(notice->mail.from_address, ==, SUPPORT);
    g_assert_cmpstr(notice->mail.from_name, ==, "Marie Laurent · Support Exemple");
    g_autoptr(TicketView) view = site_view(site, "SUP-1", JEAN);
    const MessageView *message = view->messages->pdata[1];
    g_assert_cmpstr(message->message->quoted, ==, "");
    g_autoptr(TicketView) staff = site_view(site, "SUP-1", PAUL);
    message = staff->messages->pdata[1];
    g_assert_nonnull(strstr(message->message->quoted, "secret de famille"));
}

static void test_staff_reads_who_will_read(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(Notice) notice = site_last(site, MARIE, "ticket");
    g_autofree char *text = render(notice, "{{reply_goes_to}} {{#staff}}staff{{/staff}}");
    g_assert_cmpstr(text, ==, "Jean Dupont staff");
}

static void test_list_gets_no_secret(void)
{
    g_autoptr(Site) site = site_new("");
    const char *const all[] = {NULL};
    g_assert_true(
        agent_add(site->desk, LIST, "Toute l'équipe", ROLE_TECHNICIAN, true, all, NULL, NULL));
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "elle est rouge");
    g_autoptr(Notice) notice = site_last(site, LIST, "ticket");
    g_assert_cmpstr(notice->mail.reply_to, ==, SUPPORT);
    g_autofree char *link = render(notice, "{{link}}");
    g_assert_cmpstr(link, ==, "");
}

static const char *const picture =
    "From: Jean <" JEAN ">\nSubject: photo\nMessage-ID: <p@client.example>\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nvoici\n--b\n"
    "Content-Type: text/plain; name=petit.txt\nContent-Disposition: attachment\n\npetit\n--b\n"
    "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=notif.eml\n\n"
    "From: a@b.example\nReply-To: %s\n\nnotre mail\n--b--\n";

static void test_attached_notification_stays_inside(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autofree char *stolen = site_secret(site, MARIE, "ticket");
    g_autofree char *mail = g_strdup_printf(picture, stolen);
    g_autoptr(Outcome) outcome = site_deliver(site, JEAN, secret, mail);
    assert_verdict(outcome, VERDICT_REPLY);
    g_autoptr(Notice) notice = site_last(site, MARIE, "message");
    g_assert_cmpuint(notice->mail.parts->len, ==, 1);
    const ComposePart *part = notice->mail.parts->pdata[0];
    g_assert_cmpstr(part->name, ==, "petit.txt");
    g_autoptr(TicketView) customer = site_view(site, "SUP-1", JEAN);
    const MessageView *message = customer->messages->pdata[1];
    g_assert_cmpuint(message->message->attachments->len, ==, 1);
    g_autoptr(TicketView) staff = site_view(site, "SUP-1", MARIE);
    message = staff->messages->pdata[1];
    g_assert_cmpuint(message->message->attachments->len, ==, 2);
}

/* Its reader must know why there is nothing to read. */
static void test_encrypted_mail_says_so(void)
{
    static const char body[] =
        "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\n"
        "Content-Type: application/octet-stream; name=encrypted.asc\n\nx\n--b--";
    g_autoptr(Site) site = site_new("");
    g_autofree char *mail = g_strdup_printf(
        "From: " JEAN "\nSubject: x\nMessage-ID: <e@client.example>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/encrypted; boundary=b\n\n%s\n",
        body);
    g_autoptr(Outcome) outcome = site_deliver(site, JEAN, SUPPORT, mail);
    assert_verdict(outcome, VERDICT_TICKET);
    g_autoptr(Notice) notice = site_last(site, MARIE, "ticket");
    g_autofree char *flag = render(notice, "{{#encrypted}}yes{{/encrypted}}");
    g_assert_cmpstr(flag, ==, "yes");
    g_assert_cmpuint(notice->mail.parts->len, ==, 2);
}

static void test_changes_are_told(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(GError) error = NULL;
    const TicketChange take = {.assign = PAUL, .priority = "haute"};
    change_ticket(site->desk, "sup-1", &take, &error);
    g_assert_no_error(error);
    g_assert_cmpint(site_mails(site, PAUL, "assigned"), ==, 1);
    const TicketChange done = {.status = "Résolu"};
    change_ticket(site->desk, "SUP-1", &done, &error);
    g_assert_no_error(error);
    g_assert_cmpint(site_mails(site, JEAN, "resolved"), ==, 1);
    change_ticket(site->desk, "SUP-1", &done, &error); /* already so: nobody hears */
    g_assert_no_error(error);
    g_assert_cmpint(site_mails(site, JEAN, "resolved"), ==, 1);

    /* With an assignee only they hear of the customer's next words. */
    int before = site_mails(site, MARIE, NULL);
    answer_as(site, JEAN, "acknowledgement", "merci");
    g_assert_cmpint(site_mails(site, PAUL, "message"), ==, 1);
    g_assert_cmpint(site_mails(site, MARIE, NULL), ==, before);

    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->events->len, >=, 5);
    g_autoptr(TicketView) customer = site_view(site, "SUP-1", JEAN);
    for (guint i = 0; i < customer->events->len; i++) {
        const Event *event = customer->events->pdata[i];
        g_assert_cmpstr(event->what, !=, "message");
    }
}

static void test_bad_changes(void)
{
    static const struct {
        const char *ticket;
        TicketChange change;
        const char *says;
    } cases[] = {
        {"SUP-1", {.status = "fini"}, "\"fini\" is no status: new, open"},
        {"SUP-1", {.priority = "9"}, "\"9\" is no priority"},
        {"SUP-1", {.assign = JEAN}, "is not on the desk"},
        {"SUP-1", {.assign = "personne"}, "is not on the desk"},
        {"SUP-99", {.status = "open"}, "there is no ticket SUP-99"},
        {"42", {.status = "open"}, "is not a ticket id"},
        {"SUP-", {.status = "open"}, "is not a ticket id"},
    };
    g_autoptr(Site) site = desk_with_ticket();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(change_ticket(site->desk, cases[i].ticket, &cases[i].change, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
        g_assert_nonnull(strstr(error->message, cases[i].says));
    }
}

static void test_bad_queues(void)
{
    static const struct {
        const char *name, *address, *prefix, *says;
    } cases[] = {
        {"a b", "x@desk.example", "XX", "no queue name"},
        {"x", "x desk.example", "XX", "not a mail address"},
        {"x", "x+y@desk.example", "XX", "holds a +"},
        {"x", "a-very-long-name-for-a-desk-indeed@desk.example", "XX", "too long"},
        {"x", "x@desk.example", "X", "no prefix"},
        {"x", "x@desk.example", "1X", "no prefix"},
        {"support", "x@desk.example", "XX", "support"},
        {"x", SUPPORT, "XX", "support@desk.example"},
        {"x", "x@desk.example", "SUP", "SUP"},
    };
    g_autoptr(Site) site = site_new("");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(queue_create(site->desk, cases[i].name, cases[i].prefix,
                                    &(QueueFields){.address = cases[i].address}, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
        g_assert_nonnull(strstr(error->message, cases[i].says));
    }
}

/* --- what rows have in common ------------------------------------------------------------ */

static bool collect_id(const OutboxRow *row, void *user, GError **error)
{
    g_array_append_val(user, row->id);
    return true;
}

static bool collect_bytes(const guint8 *bytes, gsize length, void *user, GError **error)
{
    g_byte_array_append(user, bytes, (guint)length);
    return true;
}

/* The whole mail, with the facts for its text. */
static GBytes *mail_of(Site *site, gint64 id, NoticeTopic **topic)
{
    g_autoptr(OutboxRow) row = NULL;
    g_autoptr(Notice) notice = NULL;
    g_autoptr(GError) error = NULL;
    g_autoptr(GByteArray) mail = g_byte_array_new();
    g_assert_true(outbox_by_id(site->desk->store, id, &row, NULL));
    notice_prepare(site->desk, row, topic, &notice, &error);
    g_assert_no_error(error);
    g_autofree char *text = render(notice, "{{ticket_id}} {{status}} {{author_name}} {{text}} "
                                           "{{requester_name}} {{reply_goes_to}} {{link}} "
                                           "{{reader_name}} {{#staff}}staff{{/staff}}");
    notice->mail.text = text;
    compose_mail(&notice->mail, collect_bytes, mail, &error);
    g_assert_no_error(error);
    return g_byte_array_free_to_bytes(g_steal_pointer(&mail));
}

/* A mail with a file of so many bytes. */
static void send_file(Site *site, gsize bytes)
{
    g_autofree char *file = g_strnfill(bytes, 'f');
    for (gsize i = 70; i < bytes; i += 71)
        file[i] = '\n';
    g_autofree char *mail = g_strdup_printf(
        "From: Jean <" JEAN ">\nSubject: fichier\nMessage-ID: <%" G_GSIZE_FORMAT
        "@client.example>\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        "voici\n--b\nContent-Type: text/x-log; name=a.log\nContent-Disposition: attachment\n"
        "\n%s\n--b--\n",
        bytes, file);
    g_autoptr(Outcome) outcome = site_deliver(site, JEAN, SUPPORT, mail);
    assert_verdict(outcome, VERDICT_TICKET);
}

/* Read once for all, or for each: the same mails. */
static void test_topic(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    send_file(site, 1000);
    send_file(site, 2 << 20);
    answer_as(site, MARIE, "ticket", "merci");
    const TicketChange done = {.status = "resolved"};
    change_ticket(site->desk, "SUP-1", &done, NULL);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_assert_true(outbox_each(site->desk->store, collect_id, ids, NULL));
    g_assert_cmpuint(ids->len, >=, 10);
    g_autoptr(NoticeTopic) shared = NULL;
    gsize largest = 0;
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(NoticeTopic) own = NULL;
        gint64 id = g_array_index(ids, gint64, i);
        g_autoptr(GBytes) one = mail_of(site, id, &own);
        g_autoptr(GBytes) other = mail_of(site, id, &shared);
        g_assert_true(g_bytes_equal(one, other));
        largest = MAX(largest, g_bytes_get_size(one));
    }
    g_assert_cmpuint(largest, >, 2 << 20); /* of a file that is too large to be kept */
}

static void test_topic_of_nothing(void)
{
    g_autoptr(Site) site = desk_with_ticket();
    g_autoptr(NoticeTopic) topic = NULL;
    g_autoptr(OutboxRow) row = NULL;
    Notice *notice = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(outbox_by_id(site->desk->store, 1, &row, NULL));
    g_autoptr(GBytes) before = mail_of(site, 1, &topic);
    row->ticket = 99;
    g_assert_false(notice_prepare(site->desk, row, &topic, &notice, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CORRUPT);
    g_autoptr(GBytes) after = mail_of(site, 1, &topic);
    g_assert_true(g_bytes_equal(before, after));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notice/constant", test_subject_and_thread_stay);
    g_test_add_func("/notice/quotes", test_customer_reads_no_quote_of_the_desk);
    g_test_add_func("/notice/who-will-read", test_staff_reads_who_will_read);
    g_test_add_func("/notice/list", test_list_gets_no_secret);
    g_test_add_func("/notice/attached-notification", test_attached_notification_stays_inside);
    g_test_add_func("/notice/encrypted", test_encrypted_mail_says_so);
    g_test_add_func("/notice/changes", test_changes_are_told);
    g_test_add_func("/notice/bad-changes", test_bad_changes);
    g_test_add_func("/notice/bad-queues", test_bad_queues);
    g_test_add_func("/notice/topic", test_topic);
    g_test_add_func("/notice/topic-of-nothing", test_topic_of_nothing);
    return g_test_run();
}
