/* Deliveries that open tickets, and those that must not: what lands in ticket, ledger, outbox.
 */
#include "tests/unit/desk/site.h"

#include "core/desk/undelivered.h"

#define PROVEN                                                                                 \
    "Authentication-Results: mx.example; dmarc=pass header.from=client.example\n"              \
    "Received: from x (x [192.0.2.1]) by mx.example; Mon, 2 Jun 2025 10:00:00 +0200\n"

static void test_opens(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) outcome =
        site_send(site, "Jean Dupont <" JEAN ">", "support+bug@desk.example",
                  "Imprimante en panne", "X-Priority: 1\n", "Bonjour,\nelle est rouge.");
    assert_verdict(outcome, VERDICT_TICKET);
    g_assert_cmpstr(outcome->ticket, ==, "SUP-1");
    g_assert_cmpstr(outcome->person, ==, JEAN);

    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpstr(view->ticket->title, ==, "Imprimante en panne");
    g_assert_cmpstr(view->ticket->status, ==, "new");
    g_assert_cmpstr(view->ticket->type, ==, "bug");
    g_assert_cmpint(view->ticket->priority, ==, PRIORITY_HIGH);
    g_assert_cmpstr(view->requester->name, ==, "Jean Dupont");
    g_assert_cmpuint(view->messages->len, ==, 1);
    const MessageView *message = view->messages->pdata[0];
    g_assert_cmpstr(message->message->reply, ==, "Bonjour,\nelle est rouge.\n");

    g_assert_cmpint(site_mails(site, JEAN, "acknowledgement"), ==, 1);
    g_assert_cmpint(site_mails(site, MARIE, "ticket"), ==, 1);
    g_assert_cmpint(site_mails(site, PAUL, "ticket"), ==, 1);
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, 3);
}

static void test_unproven_acknowledgement_is_brief(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) outcome =
        site_send(site, "Evil Words <" JEAN ">", SUPPORT, "Buy now", "", "cheap pills");
    g_autoptr(Notice) notice = site_last(site, JEAN, "acknowledgement");
    g_assert_true(g_str_has_suffix(notice->mail.subject, "] Votre demande"));
    g_assert_true(g_str_has_prefix(notice->mail.subject, "[SUP-1-"));
    g_assert_cmpstr(notice->mail.to_name, ==, "");
}

static void test_proven_acknowledgement_names_the_ticket(void)
{
    g_autoptr(Site) site = site_new("authserv_id = mx.example");
    g_autoptr(Outcome) outcome = site_send(site, JEAN, SUPPORT, "Imprimante", PROVEN, "rouge");
    g_assert_cmpuint(outcome->proofs->len, ==, 1);
    g_autoptr(Notice) notice = site_last(site, JEAN, "acknowledgement");
    g_assert_true(g_str_has_suffix(notice->mail.subject, "] Imprimante"));
    g_assert_cmpstr(notice->mail.in_reply_to, ==, "mail1@client.example");
}

static void test_acknowledgements_are_sparing(void)
{
    g_autoptr(Site) site = site_new("");
    for (int i = 0; i < 8; i++) {
        g_autoptr(Outcome) outcome = site_send(site, JEAN, SUPPORT, "Encore", "", "rouge");
        assert_verdict(outcome, VERDICT_TICKET);
    }
    g_assert_cmpint(site_mails(site, JEAN, "acknowledgement"), ==, 5);
    g_assert_cmpint(site_mails(site, MARIE, "ticket"), ==, 8);
}

static void test_redelivery(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *mail = site_mail(site, JEAN, SUPPORT, "Une fois", "", "rouge");
    g_autofree char *traced = g_strconcat(
        "Return-Path: <jean@client.example>\nReceived: from a by b; Mon, 2 Jun 2025\n", mail,
        NULL);
    g_autoptr(Outcome) first = site_deliver(site, JEAN, SUPPORT, mail);
    g_autoptr(Outcome) again = site_deliver(site, JEAN, SUPPORT, traced);
    assert_verdict(first, VERDICT_TICKET);
    assert_verdict(again, VERDICT_DUPLICATE);
    g_assert_cmpstr(again->ticket, ==, "SUP-1");
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, 3);
}

static void test_same_id_other_content(void)
{
    g_autoptr(Site) site = site_new("");
    const char *head = "From: " JEAN "\nMessage-ID: <same@client.example>\nSubject: x\n\n";
    g_autofree char *one = g_strconcat(head, "un\n", NULL),
                    *two = g_strconcat(head, "deux\n", NULL);
    g_autoptr(Outcome) first = site_deliver(site, JEAN, SUPPORT, one);
    g_autoptr(Outcome) second = site_deliver(site, JEAN, SUPPORT, two);
    assert_verdict(first, VERDICT_TICKET);
    assert_verdict(second, VERDICT_TICKET);
    g_assert_cmpstr(second->ticket, ==, "SUP-2");
}

static void test_two_queues(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *mail =
        site_mail(site, JEAN, SUPPORT ", " SALES, "Devis et panne", "", "bonjour");
    g_autoptr(Outcome) one = site_deliver(site, JEAN, SUPPORT, mail);
    g_autoptr(Outcome) two = site_deliver(site, JEAN, SALES, mail);
    g_autoptr(Outcome) three = site_deliver(site, JEAN, "support+bug@desk.example", mail);
    assert_verdict(one, VERDICT_TICKET);
    assert_verdict(two, VERDICT_TICKET);
    g_assert_cmpstr(two->ticket, ==, "SAL-1");
    assert_verdict(three, VERDICT_DUPLICATE);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->linked->len, ==, 1);
}

static void test_refused(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) outcome =
        site_send(site, JEAN, "nobody@desk.example", "Perdu", "", "bonjour");
    assert_verdict(outcome, VERDICT_REFUSED);
    g_assert_cmpint(outcome->refusal, ==, REFUSAL_UNKNOWN_RECIPIENT);
    g_assert_cmpint(outcome->ledger, >, 0);
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, 0);
}

static void test_machines_are_held(void)
{
    static const char *const headers[] = {
        "Auto-Submitted: auto-replied\n", "Auto-Submitted: auto-generated\n",
        "Precedence: bulk\n", "List-Id: <news.client.example>\n",
        "X-Auto-Response-Suppress: All\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_autoptr(Site) site = site_new("");
        g_autoptr(Outcome) outcome =
            site_send(site, JEAN, SUPPORT, "Absent", headers[i], "de retour lundi");
        assert_verdict(outcome, VERDICT_HELD);
        g_assert_cmpint(site_mails(site, NULL, NULL), ==, 0);
    }
}

static void test_null_sender_is_a_machine(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *mail = site_mail(site, JEAN, SUPPORT, "Absent", "", "de retour lundi");
    g_autoptr(Outcome) outcome = site_deliver(site, "", SUPPORT, mail);
    assert_verdict(outcome, VERDICT_HELD);
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, 0);
}

static void test_nobody_to_answer_is_held(void)
{
    static const char *const froms[] = {"", "From: a@x.example, b@x.example\n",
                                        "From: a@x.example\nFrom: b@x.example\n",
                                        "From: undisclosed:;\n", "From: \"not an address\"\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(froms); i++) {
        g_autoptr(Site) site = site_new("");
        g_autofree char *mail = g_strconcat(
            froms[i], "Subject: qui ?\nMessage-ID: <q@x.example>\n\nbonjour\n", NULL);
        g_autoptr(Outcome) outcome = site_deliver(site, "a@x.example", SUPPORT, mail);
        assert_verdict(outcome, VERDICT_HELD);
        g_assert_cmpint(site_mails(site, NULL, NULL), ==, 0);
    }
}

static void test_empty_mail_is_kept(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) outcome = site_deliver(site, JEAN, SUPPORT, "");
    assert_verdict(outcome, VERDICT_HELD);
}

static void test_loop(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autoptr(Notice) notice = site_last(site, MARIE, "ticket");
    g_autofree char *back =
        g_strdup_printf("From: %s\nMessage-ID: <%s>\nSubject: %s\n\nx\n", MARIE,
                        notice->mail.message_id, notice->mail.subject);
    int before = site_mails(site, NULL, NULL);
    g_autoptr(Outcome) loop = site_deliver(site, MARIE, SUPPORT, back);
    assert_verdict(loop, VERDICT_LOOP);
    g_autoptr(Outcome) marked =
        site_send(site, JEAN, SUPPORT, "Panne", "X-Loop: mailwicket@desk.example\n", "bonjour");
    assert_verdict(marked, VERDICT_LOOP);
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, before);
}

static char *bounce_mail(const char *message_id, const char *status)
{
    return g_strdup_printf(
        "From: MAILER-DAEMON@mx.example\nSubject: Undelivered\nAuto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; "
        "boundary=b\n\n--b\nContent-Type: text/plain\n\nsorry\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        "Final-Recipient: rfc822; " JEAN "\nAction: failed\nStatus: %s\n\n--b\n"
        "Content-Type: text/rfc822-headers\n\nMessage-ID: <%s>\n\n--b--\n",
        status, message_id);
}

static void test_bounce_pauses_only_by_secret_address(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) answer =
        site_send(site, MARIE, secret, "Re: Panne", "", "avez-vous essayé de l'éteindre ?");
    assert_verdict(answer, VERDICT_REPLY);

    SiteSearch search = {JEAN, "message", NULL, 0};
    g_autoptr(OutboxRow) row = NULL;
    g_autofree char *verp = NULL;
    g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
    g_assert_true(outbox_by_id(site->desk->store, search.found->id, &row, NULL));
    g_clear_pointer(&search.found, outbox_row_free);
    g_assert_true(notice_envelope_sender(site->desk, row, &verp, NULL));

    g_autofree char *by_id = bounce_mail(row->message_id, "5.1.1");
    g_autoptr(Outcome) weak = site_deliver(site, "", SUPPORT, by_id);
    assert_verdict(weak, VERDICT_BOUNCE);
    g_assert_cmpstr(weak->ticket, ==, "SUP-1");
    g_autoptr(Person) jean = NULL;
    g_assert_true(people_by_address(site->desk->store, JEAN, &jean, NULL));
    g_assert_cmpint(jean->paused, ==, 0);

    g_autoptr(Outcome) strong = site_deliver(site, "", verp, by_id);
    assert_verdict(strong, VERDICT_BOUNCE);
    g_clear_pointer(&jean, person_free);
    g_assert_true(people_by_address(site->desk->store, JEAN, &jean, NULL));
    g_assert_cmpint(jean->paused, >, 0);
}

/* Delivers to the secret address of Marie's answer what a server says of it, `times` over. */
static Site *site_after_report(const char *action, const char *status, int times)
{
    Site *site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) answer = site_send(site, MARIE, secret, "Re: Panne", "", "essayez");
    SiteSearch search = {JEAN, "message", NULL, 0};
    g_autoptr(OutboxRow) row = NULL;
    g_autofree char *verp = NULL;
    g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
    g_assert_true(outbox_by_id(site->desk->store, search.found->id, &row, NULL));
    g_clear_pointer(&search.found, outbox_row_free);
    g_assert_true(notice_envelope_sender(site->desk, row, &verp, NULL));
    for (int i = 0; i < times; i++) {
        g_autofree char *report = bounce_mail(row->message_id, status);
        g_autoptr(GString) text = g_string_new(report);
        g_autofree char *wanted = g_strconcat("Action: ", action, NULL);
        g_string_replace(text, "Action: failed", wanted, 0);
        g_string_append_printf(text, "<!-- %d -->", i);
        g_autoptr(Outcome) outcome = site_deliver(site, "", verp, text->str);
        g_assert_cmpstr(outcome->ticket, ==, "SUP-1");
    }
    return site;
}

static int count_events(Site *site, const char *what, const char *reader)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", reader);
    int count = 0;
    for (guint i = 0; i < view->events->len; i++) {
        const Event *event = view->events->pdata[i];
        count += strcmp(event->what, what) == 0;
    }
    return count;
}

static void test_failing_address_is_told(void)
{
    g_autoptr(Site) site = site_after_report("failed", "5.1.1", 1);
    g_assert_cmpint(count_events(site, "bounce", MARIE), ==, 1);
    g_assert_cmpint(count_events(site, "paused", MARIE), ==, 1);
    g_assert_cmpint(count_events(site, "paused", JEAN), ==, 0);
    g_assert_cmpint(site_mails(site, MARIE, "undelivered"), ==, 1);
    g_assert_cmpint(site_mails(site, PAUL, "undelivered"), ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, "undelivered"), ==, 0);

    /* nothing more is written to it, and the ticket says so */
    g_autofree char *secret = site_secret(site, MARIE, "undelivered");
    int before = site_mails(site, JEAN, NULL);
    g_autofree char *public = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) more = site_send(site, MARIE, public, "Re: Panne", "", "alors ?");
    assert_verdict(more, VERDICT_REPLY);
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, before);
    g_assert_cmpint(count_events(site, "not-sent", MARIE), ==, 1);

    /* an answer to what the team was told stays within the team */
    g_autoptr(Outcome) note = site_send(site, PAUL, secret, "Re: Panne", "", "je l'appelle");
    g_assert_cmpint(note->verdict, !=, VERDICT_REPLY);
}

static void test_failing_address_is_told_once(void)
{
    g_autoptr(Site) site = site_after_report("failed", "5.1.1", 3);
    g_assert_cmpint(count_events(site, "bounce", MARIE), ==, 3);
    g_assert_cmpint(site_mails(site, MARIE, "undelivered"), ==, 1);
    g_assert_cmpint(count_events(site, "paused", MARIE), ==, 1);
}

/* Even on another ticket: the address is one. */
static void test_address_comes_and_goes(void)
{
    g_autoptr(Site) site = site_after_report("failed", "5.1.1", 1);
    g_autoptr(OutboxRow) row = NULL;
    g_autofree char *verp = NULL;
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Encore", "", "me revoilà");
    g_assert_cmpstr(opened->ticket, ==, "SUP-2");
    SiteSearch search = {JEAN, "acknowledgement", NULL, 0};
    g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
    g_assert_true(outbox_by_id(site->desk->store, search.found->id, &row, NULL));
    g_clear_pointer(&search.found, outbox_row_free);
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) answer = site_send(site, MARIE, secret, "Re: Encore", "", "oui ?");
    assert_verdict(answer, VERDICT_REPLY);
    search = (SiteSearch){JEAN, "message", NULL, 0};
    g_clear_pointer(&row, outbox_row_free);
    g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
    g_assert_true(outbox_by_id(site->desk->store, search.found->id, &row, NULL));
    g_clear_pointer(&search.found, outbox_row_free);
    g_assert_true(notice_envelope_sender(site->desk, row, &verp, NULL));
    g_autofree char *report = bounce_mail(row->message_id, "5.1.1");
    g_autoptr(Outcome) failed = site_deliver(site, "", verp, report);
    g_assert_cmpstr(failed->ticket, ==, "SUP-2");
    g_autoptr(GPtrArray) paused = NULL;
    g_assert_true(people_paused(site->desk->store, &paused, NULL));
    g_assert_cmpuint(paused->len, ==, 1);
    g_assert_cmpint(site_mails(site, MARIE, "undelivered"), ==, 1);
}

static void test_resumed_address(void)
{
    g_autoptr(Site) site = site_after_report("failed", "5.1.1", 1);
    g_autoptr(GPtrArray) paused = NULL, none = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_true(people_paused(site->desk->store, &paused, NULL));
    g_assert_cmpuint(paused->len, ==, 1);
    const PausedAddress *one = paused->pdata[0];
    g_assert_cmpstr(one->address, ==, JEAN);
    g_assert_cmpstr(one->why, ==, "5.1.1");
    g_assert_true(undelivered_resume(site->desk, JEAN, NULL));
    g_assert_true(people_paused(site->desk->store, &none, NULL));
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_false(undelivered_resume(site->desk, JEAN, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

static void test_delay_pauses_nothing(void)
{
    g_autoptr(Site) site = site_after_report("delayed", "4.4.1", 1);
    g_autoptr(GPtrArray) paused = NULL;
    g_assert_true(people_paused(site->desk->store, &paused, NULL));
    g_assert_cmpuint(paused->len, ==, 0);
    g_assert_cmpint(count_events(site, "delayed", MARIE), ==, 1);
    g_assert_cmpint(site_mails(site, NULL, "undelivered"), ==, 0);
}

static void test_unparsed_still_routes(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *many = g_strnfill(60000, 'a');
    for (gsize i = 1; i < 60000; i += 2)
        many[i] = ':';
    g_autofree char *to = g_strconcat("To: ", many, "\n", NULL);
    g_autoptr(Outcome) outcome = site_send(site, JEAN, SUPPORT, "Bombe", to, "bonjour");
    assert_verdict(outcome, VERDICT_UNPARSED);
    g_assert_cmpstr(outcome->ticket, ==, "SUP-1");
    g_autoptr(TicketView) staff = site_view(site, "SUP-1", MARIE);
    const MessageView *message = staff->messages->pdata[0];
    g_assert_cmpuint(message->message->attachments->len, ==, 1);
    g_autoptr(TicketView) customer = site_view(site, "SUP-1", JEAN);
    message = customer->messages->pdata[0];
    g_assert_cmpuint(message->message->attachments->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/deliver/opens", test_opens);
    g_test_add_func("/deliver/brief-acknowledgement", test_unproven_acknowledgement_is_brief);
    g_test_add_func("/deliver/proven-acknowledgement",
                    test_proven_acknowledgement_names_the_ticket);
    g_test_add_func("/deliver/sparing", test_acknowledgements_are_sparing);
    g_test_add_func("/deliver/redelivery", test_redelivery);
    g_test_add_func("/deliver/same-id-other-content", test_same_id_other_content);
    g_test_add_func("/deliver/two-queues", test_two_queues);
    g_test_add_func("/deliver/refused", test_refused);
    g_test_add_func("/deliver/machines", test_machines_are_held);
    g_test_add_func("/deliver/null-sender", test_null_sender_is_a_machine);
    g_test_add_func("/deliver/nobody-to-answer", test_nobody_to_answer_is_held);
    g_test_add_func("/deliver/empty", test_empty_mail_is_kept);
    g_test_add_func("/deliver/loop", test_loop);
    g_test_add_func("/deliver/bounce", test_bounce_pauses_only_by_secret_address);
    g_test_add_func("/deliver/failing-told", test_failing_address_is_told);
    g_test_add_func("/deliver/failing-told-once", test_failing_address_is_told_once);
    g_test_add_func("/deliver/failing-comes-and-goes", test_address_comes_and_goes);
    g_test_add_func("/deliver/failing-resumed", test_resumed_address);
    g_test_add_func("/deliver/delay", test_delay_pauses_nothing);
    g_test_add_func("/deliver/unparsed", test_unparsed_still_routes);
    return g_test_run();
}
