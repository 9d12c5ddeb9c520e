/* The block list holds without a word, and never silences the desk itself. */
#include "tests/unit/desk/site.h"

#include "core/desk/blocking.h"

static void block(Site *site, const char *who)
{
    g_autoptr(GError) error = NULL;
    blocking_add(site->desk, who, &error);
    g_assert_no_error(error);
}

static void assert_held(const Outcome *outcome)
{
    assert_verdict(outcome, VERDICT_HELD);
    g_assert_cmpstr(outcome->reason, ==, "block list");
}

static void test_holds_silently(void)
{
    static const char *const lists[] = {"JEAN@client.example", "client.example"};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(Site) site = site_new("");
        block(site, lists[i]);
        g_autoptr(Outcome) outcome = site_send(site, JEAN, SUPPORT, "Promo", "", "achetez");
        assert_held(outcome);
        g_assert_cmpstr(outcome->ticket, ==, "");
        g_assert_cmpint(site_mails(site, NULL, NULL), ==, 0);
    }
}

static void test_domains_below_but_not_beside(void)
{
    g_autoptr(Site) site = site_new("");
    block(site, "shop.example");
    g_autoptr(Outcome) below =
        site_send(site, "a@mail.shop.example", SUPPORT, "Promo", "", "achetez");
    assert_held(below);
    g_autoptr(Outcome) beside =
        site_send(site, "a@myshop.example", SUPPORT, "Bonjour", "", "une question");
    assert_verdict(beside, VERDICT_TICKET);
}

static void test_participant_is_held_on_the_ticket(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    int before = site_mails(site, NULL, NULL);
    block(site, JEAN);
    g_autoptr(Outcome) reply = site_send(site, JEAN, secret, "Re: Panne", "", "encore moi");
    assert_held(reply);
    g_assert_cmpstr(reply->ticket, ==, "SUP-1");
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, before);

    g_assert_true(blocking_remove(site->desk, JEAN, NULL));
    g_autoptr(Outcome) again = site_send(site, JEAN, secret, "Re: Panne", "", "toujours moi");
    assert_verdict(again, VERDICT_REPLY);
}

static void test_desk_is_never_blocked(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    block(site, "desk.example");
    g_autoptr(Outcome) answer = site_send(site, MARIE, secret, "Re: Panne", "", "essayez");
    assert_verdict(answer, VERDICT_REPLY);
}

#define FILTER "spam_header = X-Spam-Flag: ^YES\nauthserv_id = mx.example\n"
#define SPAM "X-Spam-Flag: YES\n"
#define PROVEN "Authentication-Results: mx.example; dmarc=pass header.from=desk.example\n"

static void assert_spam(const Outcome *outcome)
{
    assert_verdict(outcome, VERDICT_HELD);
    g_assert_cmpstr(outcome->reason, ==, "spam, says the mail filter");
}

static void test_spam_is_held_silently(void)
{
    g_autoptr(Site) site = site_new(FILTER);
    g_autoptr(Outcome) spam = site_send(site, JEAN, SUPPORT, "Promo", SPAM, "achetez");
    assert_spam(spam);
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, 0);
    /* by another address of the same queue: held once */
    g_autofree char *mail = site_mail(site, JEAN, SUPPORT, "Promo", SPAM, "achetez");
    g_autoptr(Outcome) first = site_deliver(site, JEAN, SUPPORT, mail);
    assert_spam(first);
    g_autoptr(Outcome) second = site_deliver(site, JEAN, "support+bug@desk.example", mail);
    assert_verdict(second, VERDICT_DUPLICATE);
    g_autoptr(Outcome) ham =
        site_send(site, JEAN, SUPPORT, "Panne", "X-Spam-Flag: NO\n", "bonjour");
    assert_verdict(ham, VERDICT_TICKET);
}

/* Anybody can put a technician's address on spam. */
static void test_spam_from_the_desk(void)
{
    g_autoptr(Site) site = site_new(FILTER);
    g_autoptr(Outcome) forged = site_send(site, MARIE, SUPPORT, "Promo", SPAM, "achetez");
    assert_spam(forged);
    g_autoptr(Outcome) own = site_send(site, MARIE, SUPPORT, "Idée", PROVEN SPAM, "gagnez");
    assert_verdict(own, VERDICT_TICKET);
}

/* What opens tickets for machines does not open them for spam. */
static void test_spam_of_machines(void)
{
    g_autoptr(Site) site = site_new(FILTER);
    g_assert_true(
        queue_change(site->desk, "support", &(QueueFields){.machines = "ticket"}, NULL));
    g_autoptr(Outcome) spam =
        site_send(site, JEAN, SUPPORT, "Promo", "Precedence: bulk\n" SPAM, "achetez");
    assert_spam(spam);
}

static void test_refuses_nonsense(void)
{
    static const char *const nonsense[] = {"", "word", "@", "a b.example", "x@"};
    g_autoptr(Site) site = site_new("");
    for (gsize i = 0; i < G_N_ELEMENTS(nonsense); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(blocking_add(site->desk, nonsense[i], &error));
        g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
    }
    g_autoptr(GError) error = NULL;
    g_assert_false(blocking_remove(site->desk, JEAN, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/blocking/silent", test_holds_silently);
    g_test_add_func("/blocking/domains", test_domains_below_but_not_beside);
    g_test_add_func("/blocking/participant", test_participant_is_held_on_the_ticket);
    g_test_add_func("/blocking/desk", test_desk_is_never_blocked);
    g_test_add_func("/blocking/nonsense", test_refuses_nonsense);
    g_test_add_func("/blocking/spam", test_spam_is_held_silently);
    g_test_add_func("/blocking/spam-from-the-desk", test_spam_from_the_desk);
    g_test_add_func("/blocking/spam-of-machines", test_spam_of_machines);
    return g_test_run();
}
