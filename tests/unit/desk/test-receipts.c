/* Receipts: only a technician's own, for a mail we wrote to them, makes a new ticket seen; and
 * they are asked for only where the site says so. */
#include "tests/unit/desk/site.h"

#include "core/desk/receipts.h"

/* The row of the last mail of `kind` to `address`. */
static OutboxRow *last_row(Site *site, const char *address, const char *kind)
{
    SiteSearch search = {address, kind, NULL, 0};
    OutboxRow *row = NULL;
    g_assert_true(outbox_each(site->desk->store, site_match, &search, NULL));
    g_assert_nonnull(search.found);
    g_assert_true(outbox_by_id(site->desk->store, search.found->id, &row, NULL));
    g_clear_pointer(&search.found, outbox_row_free);
    return row;
}

static void replace(char **slot, const char *text)
{
    g_free(*slot);
    *slot = g_strdup(text);
}

/* Takes a receipt as the desk does after the parser understood it. */
static void receive(Site *site, const char *from, const char *to, const char *original,
                    const char *disposition)
{
    Desk *desk = site->desk;
    g_autoptr(GError) error = NULL;
    g_autoptr(Mail) mail = mail_new();
    g_autoptr(Scan) scan = NULL;
    g_autoptr(Route) route = NULL;
    g_autoptr(Authority) authority = NULL;
    g_autoptr(Notify) notify = notify_new(desk);
    g_autofree char *raw = site_mail(site, from, to, "Lu", "", "Lu.");
    g_autofree char *file = NULL;
    int fd = g_file_open_tmp("wicket-mail-XXXXXX", &file, NULL);
    const ScanCaps caps = scan_caps(site->config);
    MailAddress *sender = mail_address_new("", from);
    Outcome outcome = {.queue = g_strdup(""), .ticket = g_strdup(""), .reason = g_strdup("")};

    g_unlink(file);
    g_assert_cmpint(write(fd, raw, strlen(raw)), ==, (gssize)strlen(raw));
    scan_mail(fd, strlen(raw), &caps, &scan, &error);
    g_assert_no_error(error);
    g_ptr_array_add(mail->from, sender);
    replace(&mail->original_message_id, original);
    replace(&mail->disposition, disposition);
    mail->from_fields = 1;
    mail->kind = MAIL_RECEIPT;

    const Envelope envelope = {
        .sender = "", .recipient = to, .queue_id = "TEST", .fd = fd, .size = strlen(raw)};
    g_assert_true(store_begin(desk->store, &error));
    g_assert_true(route_mail(desk, to, scan, mail, &route, &error));
    g_assert_true(authority_judge(desk, "", mail, route, &authority, &error));
    Delivery delivery = {.desk = desk,
                         .envelope = &envelope,
                         .scan = scan,
                         .mail = mail,
                         .route = route,
                         .authority = authority,
                         .notify = notify,
                         .now = 1,
                         .outcome = &outcome};
    receipts_take(&delivery, &error);
    g_assert_no_error(error);
    g_assert_true(desk_commit(desk, &error));
    assert_verdict(&outcome, VERDICT_RECEIPT);
    g_free(outcome.queue);
    g_free(outcome.ticket);
    g_free(outcome.reason);
    close(fd);
}

static void assert_status(Site *site, const char *status)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", MARIE);
    g_assert_cmpstr(view->ticket->status, ==, status);
}

/* A site with one new ticket of Jean's, of which Marie was told. */
static Site *site_with_ticket(void)
{
    Site *site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    assert_verdict(opened, VERDICT_TICKET);
    return site;
}

static void test_technician_has_seen(void)
{
    g_autoptr(Site) site = site_with_ticket();
    g_autoptr(OutboxRow) row = last_row(site, MARIE, "ticket");
    int before = site_mails(site, NULL, NULL);
    receive(site, MARIE, SUPPORT, row->message_id, "displayed");
    assert_status(site, "seen");
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, before);

    g_autoptr(TicketView) view = site_view(site, "SUP-1", MARIE);
    const Event *event = view->events->pdata[view->events->len - 1];
    g_assert_cmpstr(event->what, ==, "status");
    g_assert_cmpstr(event->new, ==, "seen");
    g_assert_cmpstr(event->actor_name, ==, "Marie Laurent");
}

static void test_by_secret_addresses(void)
{
    g_autoptr(Site) by_verp = site_with_ticket();
    g_autoptr(OutboxRow) row = last_row(by_verp, MARIE, "ticket");
    g_autofree char *verp = NULL;
    g_assert_true(notice_envelope_sender(by_verp->desk, row, &verp, NULL));
    receive(by_verp, MARIE, verp, "", "displayed");
    assert_status(by_verp, "seen");

    g_autoptr(Site) by_reply = site_with_ticket();
    g_autofree char *secret = site_secret(by_reply, MARIE, "ticket");
    receive(by_reply, MARIE, secret, "", "displayed");
    assert_status(by_reply, "seen");
}

static void test_what_changes_nothing(void)
{
    g_autoptr(Site) site = site_with_ticket();
    g_autoptr(OutboxRow) hers = last_row(site, MARIE, "ticket");
    g_autoptr(OutboxRow) his = last_row(site, JEAN, "acknowledgement");
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    const struct {
        const char *from, *to, *original, *disposition;
    } receipts[] = {
        {JEAN, SUPPORT, his->message_id, "displayed"},         /* a requester's */
        {JEAN, SUPPORT, hers->message_id, "displayed"},        /* for another's mail */
        {PAUL, SUPPORT, hers->message_id, "displayed"},        /* passed on to a colleague */
        {PAUL, secret, "", "displayed"},                       /* his, to her address */
        {MARIE, SUPPORT, hers->message_id, "deleted"},         /* unread */
        {MARIE, SUPPORT, hers->message_id, ""},                /* nobody knows */
        {MARIE, SUPPORT, "", "displayed"},                     /* for no mail of ours */
        {MARIE, SUPPORT, "guessed@desk.example", "displayed"}, /* made up */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(receipts); i++) {
        receive(site, receipts[i].from, receipts[i].to, receipts[i].original,
                receipts[i].disposition);
        assert_status(site, "new");
    }
}

static void test_never_back_from_another_status(void)
{
    g_autoptr(Site) site = site_with_ticket();
    g_autoptr(OutboxRow) row = last_row(site, MARIE, "ticket");
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) answer = site_send(site, MARIE, secret, "Re: Panne", "", "je regarde");
    assert_verdict(answer, VERDICT_REPLY);
    assert_status(site, "open");
    receive(site, MARIE, SUPPORT, row->message_id, "displayed");
    assert_status(site, "open");
}

static const char *header_of(const Notice *notice, const char *name)
{
    for (guint i = 0; i < notice->mail.headers->len; i++) {
        const ComposeHeader *header = notice->mail.headers->pdata[i];
        if (strcmp(header->name, name) == 0)
            return header->value;
    }
    return NULL;
}

static void test_asked_only_where_wanted(void)
{
    static const char ask[] = "Disposition-Notification-To",
                      mark[] = "X-Auto-Response-Suppress";
    static const char all[] = "DR, RN, NRN, OOF, AutoReply";
    g_autoptr(Site) quiet = site_with_ticket();
    g_autoptr(Notice) unasked = site_last(quiet, MARIE, "ticket");
    g_assert_null(header_of(unasked, ask));
    g_assert_cmpstr(header_of(unasked, mark), ==, all);

    g_autoptr(Site) site = site_new("ask_receipts = yes\n");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autoptr(OutboxRow) row = last_row(site, MARIE, "ticket");
    g_autofree char *verp = NULL;
    g_assert_true(notice_envelope_sender(site->desk, row, &verp, NULL));
    g_autoptr(Notice) asked = site_last(site, MARIE, "ticket");
    g_assert_cmpstr(header_of(asked, ask), ==, verp);
    g_assert_cmpstr(header_of(asked, mark), ==, "DR, NRN, OOF, AutoReply");
    g_autoptr(Notice) customer = site_last(site, JEAN, "acknowledgement");
    g_assert_null(header_of(customer, ask));
    g_assert_cmpstr(header_of(customer, mark), ==, all);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/receipts/seen", test_technician_has_seen);
    g_test_add_func("/receipts/secret-addresses", test_by_secret_addresses);
    g_test_add_func("/receipts/nothing", test_what_changes_nothing);
    g_test_add_func("/receipts/only-from-new", test_never_back_from_another_status);
    g_test_add_func("/receipts/asked", test_asked_only_where_wanted);
    return g_test_run();
}
