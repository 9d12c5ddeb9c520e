/* What people and programs try, or do without meaning harm: forged machines, secrets in the
 * wrong hands, former agents, floods, bouncing mailboxes. */
#include "core/desk/change.h"
#include "core/desk/held.h"
#include "tests/unit/desk/site.h"

#define AUTH "authserv_id = mx.example"
#define VOUCH(domain)                                                                          \
    "Authentication-Results: mx.example; dmarc=pass header.from=" domain "\n"                  \
    "Received: from x (x [192.0.2.1]) by mx.example; Mon, 2 Jun 2025 10:00:00 +0200\n"

static Site *desk_with_ticket(const char *extra)
{
    Site *site = site_new(extra);
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Imprimante en panne",
                                          VOUCH("client.example"), "elle est rouge");
    assert_verdict(opened, VERDICT_TICKET);
    return site;
}

static char *subject_of(Site *site)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    return token_subject(view->ticket);
}

static guint seen_by(Site *site, const char *reader)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", reader);
    return view->messages->len;
}

static gint64 last_held(Site *site)
{
    g_autoptr(GPtrArray) held = NULL;
    g_assert_true(messages_held(site->desk->store, &held, NULL));
    g_assert_cmpuint(held->len, >, 0);
    return ((Message *)held->pdata[held->len - 1])->id;
}

static void test_former_agent_is_a_stranger(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH);
    g_autofree char *subject = subject_of(site);
    g_assert_true(agent_remove(site->desk, MARIE, NULL));
    g_autoptr(Outcome) outcome =
        site_send(site, MARIE, SUPPORT, subject, VOUCH("desk.example"), "au revoir");
    assert_verdict(outcome, VERDICT_HELD);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
    g_autofree char *url = NULL;
    g_assert_false(change_mint_link(site->desk, "SUP-1", MARIE, &url, NULL));
}

static void test_forged_machine_has_no_author(void)
{
    g_autoptr(Site) site = desk_with_ticket("");
    g_autofree char *subject = subject_of(site);
    const char *headers = "Auto-Submitted: auto-generated\n"
                          "In-Reply-To: <mail1@client.example>\n";
    g_autoptr(Outcome) guessed =
        site_send(site, MARIE, SUPPORT, "Re: x", headers, "identité vérifiée");
    assert_verdict(guessed, VERDICT_HELD);
    g_assert_cmpstr(guessed->ticket, ==, "");
    g_autoptr(Outcome) known =
        site_send(site, MARIE, SUPPORT, subject, headers, "donnez un mot de passe");
    assert_verdict(known, VERDICT_AUTO_REPLY);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", PAUL);
    const MessageView *last = view->messages->pdata[1];
    g_assert_false(last->from_desk);
    g_assert_cmpint(last->message->author, ==, 0);
}

static void test_note_address_in_a_customers_hands(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH);
    g_autofree char *subject = subject_of(site);
    g_autoptr(Outcome) stranger = site_send(site, "x@evil.example", SUPPORT, subject, "", "hé");
    g_autofree char *inside = site_secret(site, MARIE, "held");
    g_autoptr(Outcome) outcome =
        site_send(site, JEAN, inside, "Re: x", VOUCH("client.example"), "c'est à moi ?");
    assert_verdict(outcome, VERDICT_HELD);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
    g_autofree char *ticket = NULL;
    g_assert_true(held_accept(site->desk, last_held(site), 0, &ticket, NULL));
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1); /* accepted as what it was: inside */
}

static void test_answer_to_a_note_that_lost_its_address(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH);
    g_autofree char *subject = subject_of(site);
    g_autoptr(Outcome) stranger = site_send(site, "x@evil.example", SUPPORT, subject, "", "hé");
    g_autoptr(Notice) held = site_last(site, MARIE, "held");
    g_autofree char *headers =
        g_strdup_printf("%sIn-Reply-To: <%s>\n", VOUCH("desk.example"), held->mail.message_id);
    g_autoptr(Outcome) outcome =
        site_send(site, MARIE, SUPPORT, subject, headers, "ne lui dites rien");
    assert_verdict(outcome, VERDICT_NOTE);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
}

static void test_saying_no_confirms_nothing(void)
{
    static const char *const answers[] = {"NON, ce n'est PAS moi !", "No.",
                                          "Ce n’est pas moi qui ai écrit cela",
                                          "I did not write this"};
    g_autoptr(Site) site = desk_with_ticket(AUTH);
    g_autofree char *subject = subject_of(site);
    g_autoptr(Outcome) held =
        site_send(site, MARIE, SUPPORT, subject, VOUCH("desk.example"), "votre mot de passe ?");
    g_autofree char *confirm = site_secret(site, MARIE, "confirm");
    for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autoptr(Outcome) outcome =
            site_send(site, MARIE, confirm, "Re: x", VOUCH("desk.example"), answers[i]);
        assert_verdict(outcome, VERDICT_HELD);
        g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
    }
}

static void test_confirmed_mail_may_not_leak(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH);
    g_autofree char *subject = subject_of(site);
    g_autoptr(Outcome) stranger = site_send(site, "x@evil.example", SUPPORT, subject, "", "hé");
    g_autofree char *inside = site_secret(site, MARIE, "held");
    g_autoptr(Outcome) note =
        site_send(site, MARIE, inside, "Re: x", VOUCH("desk.example"),
                  "ce client essaie de se faire passer pour le directeur");
    assert_verdict(note, VERDICT_NOTE);
    g_autoptr(Outcome) held = site_send(site, PAUL, SUPPORT, subject, VOUCH("desk.example"),
                                        "Bonjour,\n> ce client essaie de se\n> faire passer "
                                        "pour le directeur\nje m'en occupe\n");
    assert_verdict(held, VERDICT_HELD);
    g_autofree char *confirm = site_secret(site, PAUL, "confirm");
    g_autoptr(Outcome) yes =
        site_send(site, PAUL, confirm, "Re: x", VOUCH("desk.example"), "oui");
    assert_verdict(yes, VERDICT_HELD);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
}

static void test_bouncing_assignee(void)
{
    g_autoptr(Site) site = desk_with_ticket("");
    const TicketChange take = {.assign = MARIE};
    g_assert_true(change_ticket(site->desk, "SUP-1", &take, NULL));
    g_assert_true(store_begin(site->desk->store, NULL));
    g_assert_true(people_pause(site->desk->store, MARIE, 1, "5.1.1", NULL));
    g_assert_true(store_commit(site->desk->store, NULL));

    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) reply = site_send(site, JEAN, secret, "Re: x", "", "toujours rouge");
    assert_verdict(reply, VERDICT_REPLY);
    g_assert_cmpint(site_mails(site, MARIE, "message"), ==, 0);
    g_assert_cmpint(site_mails(site, PAUL, "message"), ==, 1);

    /* Writing again shows that the mailbox lives. */
    g_autoptr(Outcome) back = site_send(site, MARIE, SUPPORT, "me revoilà", "", "bonjour");
    g_autoptr(Person) marie = NULL;
    g_assert_true(people_by_address(site->desk->store, MARIE, &marie, NULL));
    g_assert_cmpint(marie->paused, ==, 0);
}

static void test_list_copy_does_not_swallow_the_mail(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *mail = site_mail(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autofree char *listed = g_strconcat("List-Id: <team.client.example>\n", mail, NULL);
    g_autoptr(Outcome) copy = site_deliver(site, JEAN, SUPPORT, listed);
    assert_verdict(copy, VERDICT_HELD);
    g_autoptr(Outcome) own = site_deliver(site, JEAN, SUPPORT, mail);
    assert_verdict(own, VERDICT_TICKET);
    g_autoptr(Outcome) again = site_deliver(site, JEAN, SUPPORT, listed);
    assert_verdict(again, VERDICT_DUPLICATE);
}

static void test_watchers_are_few(void)
{
    g_autoptr(Site) site = site_new(AUTH);
    g_autoptr(GString) headers = g_string_new(VOUCH("client.example") "Cc: a@victim.example");
    for (int i = 0; i < 30; i++)
        g_string_append_printf(headers, ",\n a%d@victim.example", i);
    g_string_append(headers, "\n");
    g_autoptr(Outcome) opened =
        site_send(site, JEAN, SUPPORT, "Offre", headers->str, "achetez");
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) more = site_send(site, JEAN, secret, "Offre", headers->str, "encore");
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->watchers->len, ==, 10);
}

static void test_floods_are_held(void)
{
    g_autoptr(Site) site = site_new("[limits]\ntickets_per_hour = 3");
    for (int i = 0; i < 5; i++) {
        g_autoptr(Outcome) outcome =
            site_send(site, JEAN, SUPPORT, "Alerte", "", "disque plein");
        assert_verdict(outcome, i < 3 ? VERDICT_TICKET : VERDICT_HELD);
    }
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    int before = 0;
    for (int i = 0; i < 14; i++) {
        g_autoptr(Outcome) outcome = site_send(site, JEAN, secret, "Re: Alerte", "", "encore");
        assert_verdict(outcome, i < 9 ? VERDICT_REPLY : VERDICT_HELD);
        if (i == 9)
            before = site_mails(site, NULL, NULL);
    }
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, before);
}

static void test_removed_queue(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne", "", "bonjour");
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_assert_true(queue_remove(site->desk, "support", NULL));
    g_autoptr(Outcome) reply = site_send(site, JEAN, secret, "Re: Panne", "", "toujours");
    assert_verdict(reply, VERDICT_REPLY);
    g_autoptr(Outcome) guessed = site_send(site, "x@evil.example", SUPPORT, "Re: Panne",
                                           "In-Reply-To: <mail1@client.example>\n", "moi");
    assert_verdict(guessed, VERDICT_REFUSED);
    g_autoptr(Outcome) fresh = site_send(site, JEAN, SUPPORT, "Autre", "", "bonjour");
    assert_verdict(fresh, VERDICT_REFUSED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/abuse/former-agent", test_former_agent_is_a_stranger);
    g_test_add_func("/abuse/forged-machine", test_forged_machine_has_no_author);
    g_test_add_func("/abuse/note-address", test_note_address_in_a_customers_hands);
    g_test_add_func("/abuse/note-without-address", test_answer_to_a_note_that_lost_its_address);
    g_test_add_func("/abuse/saying-no", test_saying_no_confirms_nothing);
    g_test_add_func("/abuse/confirmed-leak", test_confirmed_mail_may_not_leak);
    g_test_add_func("/abuse/bouncing-assignee", test_bouncing_assignee);
    g_test_add_func("/abuse/list-copy", test_list_copy_does_not_swallow_the_mail);
    g_test_add_func("/abuse/watchers", test_watchers_are_few);
    g_test_add_func("/abuse/floods", test_floods_are_held);
    g_test_add_func("/abuse/removed-queue", test_removed_queue);
    return g_test_run();
}
