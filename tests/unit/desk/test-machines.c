/* Where machines may open tickets, and where not even then. */
#include "core/base/address.h"
#include "core/desk/change.h"
#include "tests/unit/desk/site.h"

#define NAGIOS "nagios@client.example"
#define ALERT "Auto-Submitted: auto-generated\n"
#define LIST "List-Id: <news.client.example>\n"

static Site *site_for_machines(void)
{
    Site *site = site_new("");
    g_autoptr(GError) error = NULL;
    queue_change(site->desk, "support", &(QueueFields){.machines = "ticket"}, &error);
    g_assert_no_error(error);
    return site;
}

static void test_alert_opens_a_ticket(void)
{
    g_autoptr(Site) site = site_for_machines();
    g_autoptr(Outcome) alert =
        site_send(site, "Nagios <" NAGIOS ">", SUPPORT, "DOWN: db1", ALERT, "db1 is down");
    assert_verdict(alert, VERDICT_TICKET);
    g_assert_cmpstr(alert->ticket, ==, "SUP-1");
    g_assert_cmpint(site_mails(site, NAGIOS, NULL), ==, 0);
    g_assert_cmpint(site_mails(site, MARIE, "ticket"), ==, 1);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", MARIE);
    const MessageView *message = view->messages->pdata[0];
    g_assert_cmpstr(message->author, ==, "Nagios");
    g_assert_cmpstr(message->message->reply, ==, "db1 is down\n");
    g_autoptr(Outcome) news = site_send(site, NAGIOS, SUPPORT, "News", LIST, "news");
    assert_verdict(news, VERDICT_TICKET);
}

static void test_other_queues_hold(void)
{
    g_autoptr(Site) site = site_for_machines();
    g_autoptr(Outcome) alert = site_send(site, NAGIOS, SALES, "DOWN: db1", ALERT, "down");
    assert_verdict(alert, VERDICT_HELD);
}

/* Two machines must not begin to talk. */
static void test_answers_to_us_open_nothing(void)
{
    g_autoptr(Site) site = site_for_machines();
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autoptr(Notice) notice = site_last(site, JEAN, "acknowledgement");
    g_autofree char *absence = g_strdup_printf(
        "Auto-Submitted: auto-replied\nIn-Reply-To: <%s>\n", notice->mail.message_id);
    g_autoptr(Outcome) answer = site_send(site, JEAN, SUPPORT, "Absent", absence, "en congé");
    assert_verdict(answer, VERDICT_AUTO_REPLY);
    g_autoptr(Outcome) secret =
        site_send(site, JEAN, notice->mail.reply_to, "Absent", ALERT, "en congé");
    assert_verdict(secret, VERDICT_AUTO_REPLY);
    g_autoptr(Outcome) back =
        site_send(site, JEAN, SUPPORT, "x", "X-Loop: mailwicket@desk.example\n" ALERT, "y");
    assert_verdict(back, VERDICT_LOOP);
    g_assert_cmpint(site_mails(site, MARIE, "ticket"), ==, 1);
}

/* An absence notice without any thread, from whom we wrote to: the others would be told of it,
 * and theirs told to the first. */
static void test_agents_absence_opens_nothing(void)
{
    g_autoptr(Site) site = site_for_machines();
    g_autoptr(Outcome) absent = site_send(site, MARIE, SUPPORT, "Absence",
                                          "Auto-Submitted: auto-replied\n", "en congé");
    assert_verdict(absent, VERDICT_HELD);
    g_assert_cmpint(site_mails(site, PAUL, NULL), ==, 0);
}

/* A person's mail, and the copy of it that a list sends. */
static void test_list_copy_opens_no_second(void)
{
    g_autoptr(Site) site = site_for_machines();
    g_autofree char *own = site_mail(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autofree char *copy = g_strconcat(LIST, own, NULL);
    g_autoptr(Outcome) opened = site_deliver(site, JEAN, SUPPORT, own);
    assert_verdict(opened, VERDICT_TICKET);
    g_autoptr(Outcome) second = site_deliver(site, "list@client.example", SUPPORT, copy);
    g_assert_cmpint(second->verdict, !=, VERDICT_TICKET);
    g_assert_cmpint(site_mails(site, MARIE, "ticket"), ==, 1);
}

/* Nobody there asked how it goes on. */
static void test_sender_is_not_told_of_the_end(void)
{
    g_autoptr(Site) site = site_for_machines();
    g_autoptr(Outcome) alert = site_send(site, NAGIOS, SUPPORT, "DOWN", ALERT, "down");
    g_autoptr(Outcome) asked = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autoptr(GError) error = NULL;
    for (int i = 1; i <= 2; i++) {
        g_autofree char *name = g_strdup_printf("SUP-%d", i);
        change_ticket(site->desk, name, &(TicketChange){.status = "resolved"}, &error);
        g_assert_no_error(error);
    }
    g_assert_cmpint(site_mails(site, NAGIOS, NULL), ==, 0);
    g_assert_cmpint(site_mails(site, JEAN, "resolved"), ==, 1);
}

static void test_storm_is_held(void)
{
    g_autoptr(Site) site = site_for_machines();
    for (int i = 0; i < site->config->limits.tickets_per_hour; i++) {
        g_autoptr(Outcome) alert = site_send(site, NAGIOS, SUPPORT, "DOWN", ALERT, "down");
        assert_verdict(alert, VERDICT_TICKET);
    }
    g_autoptr(Outcome) more = site_send(site, NAGIOS, SUPPORT, "DOWN", ALERT, "down");
    assert_verdict(more, VERDICT_HELD);
}

/* Nobody asked for it, so nobody can claim it: a machine proves nothing. */
static void test_machine_adds_nobody(void)
{
    g_autoptr(Site) site = site_for_machines();
    g_autoptr(Outcome) alert = site_send(site, NAGIOS, SUPPORT, "DOWN",
                                         ALERT "Cc: Anne <anne@client.example>\n", "down");
    assert_verdict(alert, VERDICT_TICKET);
    g_autofree char *key = address_key("anne@client.example");
    g_autoptr(Person) anne = NULL;
    g_assert_true(people_by_address(site->desk->store, key, &anne, NULL));
    g_assert_null(anne);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/machines/alert", test_alert_opens_a_ticket);
    g_test_add_func("/machines/other-queues", test_other_queues_hold);
    g_test_add_func("/machines/answers", test_answers_to_us_open_nothing);
    g_test_add_func("/machines/absence", test_agents_absence_opens_nothing);
    g_test_add_func("/machines/list-copy", test_list_copy_opens_no_second);
    g_test_add_func("/machines/end", test_sender_is_not_told_of_the_end);
    g_test_add_func("/machines/storm", test_storm_is_held);
    g_test_add_func("/machines/cc", test_machine_adds_nobody);
    return g_test_run();
}
