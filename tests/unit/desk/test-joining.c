/* Mail into a ticket: who may speak, to whom, proven how; and that nothing leaks on the way. */
#include "core/desk/held.h"
#include "core/desk/change.h"
#include "tests/unit/desk/site.h"

#define AUTH "authserv_id = mx.example"
#define RECEIVED                                                                               \
    "Received: from x (x [192.0.2.1]) by mx.example; Mon, 2 Jun 2025 10:00:00 +0200\n"
#define VOUCH(domain)                                                                          \
    "Authentication-Results: mx.example; dmarc=pass header.from=" domain "\n" RECEIVED
#define EVIL "evil@evil.example"

/* A ticket of Jean's, answered by Marie; both hold secrets. */
static Site *desk_with_ticket(const char *extra, const char *jean_proof)
{
    Site *site = site_new(extra);
    g_autoptr(Outcome) opened =
        site_send(site, JEAN, SUPPORT, "Imprimante en panne", jean_proof, "elle est rouge");
    assert_verdict(opened, VERDICT_TICKET);
    return site;
}

static char *token_subject_of(Site *site)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    return token_subject(view->ticket);
}

static guint seen_by(Site *site, const char *reader)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", reader);
    return view->messages->len;
}

static void test_customer_secret(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, "");
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) reply = site_send(site, JEAN, secret, "Re: x", "", "toujours rouge");
    assert_verdict(reply, VERDICT_REPLY);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 2);
    g_assert_cmpint(site_mails(site, MARIE, "message"), ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, "message"), ==, 0);
}

static void test_token_is_no_proof_where_domains_prove(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *subject = token_subject_of(site);
    g_autoptr(Outcome) forged = site_send(site, JEAN, SUPPORT, subject, RECEIVED, "annulez");
    assert_verdict(forged, VERDICT_HELD);
    g_autoptr(Outcome) proven =
        site_send(site, JEAN, SUPPORT, subject, VOUCH("client.example"), "merci");
    assert_verdict(proven, VERDICT_REPLY);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 2);
}

static void test_token_will_do_without_authserv(void)
{
    g_autoptr(Site) site = desk_with_ticket("", "");
    g_autofree char *subject = token_subject_of(site);
    g_autoptr(Outcome) reply =
        site_send(site, JEAN, SUPPORT, subject, "Cc: " EVIL "\n", "merci");
    assert_verdict(reply, VERDICT_REPLY);
    /* …but for the words only: the Cc does nothing. */
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->watchers->len, ==, 0);
    g_assert_cmpint(site_mails(site, EVIL, NULL), ==, 0);
}

static void test_forged_results_prove_nothing(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *subject = token_subject_of(site);
    static const char *const forged[] = {
        RECEIVED "Authentication-Results: mx.example; dmarc=pass header.from=client.example\n",
        "Authentication-Results: other.example; dmarc=pass "
        "header.from=client.example\n" RECEIVED,
        "Authentication-Results: mx.example; dmarc=pass header.from=evil.example\n" RECEIVED,
        "Authentication-Results: mx.example; dmarc=fail header.from=client.example\n" RECEIVED,
        "Authentication-Results: mx.example; spf=pass smtp.mailfrom=client.example\n" RECEIVED,
        "X-Authentication-Results: mx.example; dmarc=pass "
        "header.from=client.example\n" RECEIVED,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(forged); i++) {
        g_autoptr(Outcome) outcome =
            site_send(site, JEAN, SUPPORT, subject, forged[i], "fermez");
        assert_verdict(outcome, VERDICT_HELD);
        g_assert_cmpuint(outcome->proofs->len, ==, 0);
    }
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
}

static void test_stranger_is_held_and_never_echoed(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *subject = token_subject_of(site);
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) by_token =
        site_send(site, EVIL, SUPPORT, subject, VOUCH("evil.example"), "votre code est 123456");
    g_autoptr(Outcome) by_secret =
        site_send(site, EVIL, secret, subject, VOUCH("evil.example") "Cc: c@evil.example\n",
                  "votre code est 654321");
    assert_verdict(by_token, VERDICT_HELD);
    assert_verdict(by_secret, VERDICT_HELD);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
    g_assert_cmpuint(seen_by(site, MARIE), ==, 3);
    g_assert_cmpint(site_mails(site, EVIL, NULL), ==, 0);
    g_assert_cmpint(site_mails(site, "c@evil.example", NULL), ==, 0);
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, 1);
    g_assert_cmpint(site_mails(site, MARIE, "held"), ==, 2);
}

static void test_accepting_publishes_text_only(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *subject = token_subject_of(site);
    g_autofree char *ticket = NULL;
    g_autoptr(Outcome) outcome =
        site_send(site, EVIL, SUPPORT, subject, "Cc: c@evil.example\n", "je suis son collègue");
    g_autoptr(GPtrArray) held = NULL;
    g_assert_true(messages_held(site->desk->store, &held, NULL));
    g_assert_cmpuint(held->len, ==, 1);
    gint64 id = ((Message *)held->pdata[0])->id;
    g_assert_true(held_accept(site->desk, id, 0, &ticket, NULL));
    g_assert_cmpstr(ticket, ==, "SUP-1");
    g_assert_cmpuint(seen_by(site, JEAN), ==, 2);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->watchers->len, ==, 0);
    g_assert_cmpint(site_mails(site, EVIL, NULL), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_false(held_accept(site->desk, id, 0, &ticket, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_REJECTED);
}

static void test_forged_technician(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *subject = token_subject_of(site);
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    const struct {
        const char *to, *proof;
    } cases[] = {
        {SUPPORT, RECEIVED},              /* nothing */
        {SUPPORT, VOUCH("desk.example")}, /* the domain alone */
        {secret, RECEIVED},               /* the secret alone, where domains prove */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Outcome) outcome = site_send(site, MARIE, cases[i].to, subject,
                                               cases[i].proof, "votre mot de passe ?");
        assert_verdict(outcome, VERDICT_HELD);
    }
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
    g_assert_cmpint(site_mails(site, MARIE, "confirm"), ==, 3);
    g_autoptr(Outcome) proven =
        site_send(site, MARIE, secret, subject, VOUCH("desk.example"), "c'est réparé");
    assert_verdict(proven, VERDICT_REPLY);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 2);
}

static void test_confirmation(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *subject = token_subject_of(site);
    g_autoptr(Outcome) held =
        site_send(site, MARIE, SUPPORT, subject, VOUCH("desk.example"), "c'est réparé");
    g_autofree char *confirm = site_secret(site, MARIE, "confirm");

    g_autoptr(Outcome) other =
        site_send(site, PAUL, confirm, "Re: x", VOUCH("desk.example"), "oui");
    assert_verdict(other, VERDICT_HELD);
    g_autoptr(Outcome) robot =
        site_send(site, MARIE, confirm, "Absente",
                  VOUCH("desk.example") "Auto-Submitted: auto-replied\n", "de retour lundi");
    assert_verdict(robot, VERDICT_AUTO_REPLY);
    g_autoptr(Outcome) bare = site_send(site, MARIE, confirm, "Re: x", RECEIVED, "oui");
    assert_verdict(bare, VERDICT_HELD);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);

    g_autoptr(Outcome) yes =
        site_send(site, MARIE, confirm, "Re: x", VOUCH("desk.example"), "oui, c'est moi");
    assert_verdict(yes, VERDICT_REPLY);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 2);
    g_autoptr(Outcome) twice =
        site_send(site, MARIE, confirm, "Re: x", VOUCH("desk.example"), "oui encore");
    assert_verdict(twice, VERDICT_HELD);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 2);
}

static void test_note_stays_a_note(void)
{
    g_autoptr(Site) site = desk_with_ticket("", "");
    g_autofree char *subject = token_subject_of(site);
    g_autoptr(Outcome) intruder = site_send(site, EVIL, SUPPORT, subject, "", "coucou");
    assert_verdict(intruder, VERDICT_HELD);
    /* Answering what is held answers inside. */
    g_autofree char *inside = site_secret(site, MARIE, "held");
    g_autoptr(Outcome) note = site_send(site, MARIE, inside, "Re: x", "",
                                        "ce monsieur n'est pas un client, prudence");
    assert_verdict(note, VERDICT_NOTE);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
    g_assert_cmpint(site_mails(site, PAUL, "note"), ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, "note"), ==, 0);

    g_autofree char *pauls = site_secret(site, PAUL, "note");
    g_autoptr(Outcome) answer = site_send(site, PAUL, pauls, "Re: x", "", "vu, merci");
    assert_verdict(answer, VERDICT_NOTE);

    /* Quoting it into a public answer is caught. */
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) leak =
        site_send(site, MARIE, secret, "Re: x", "",
                  "Bonjour,\n> Ce monsieur n'est pas un client, prudence\n"
                  "je m'en occupe.");
    assert_verdict(leak, VERDICT_HELD);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
}

static void test_proven_cc_hears_from_then_on(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) reply =
        site_send(site, JEAN, secret, "Re: x",
                  VOUCH("client.example") "Cc: Anne <anne@client.example>, " SUPPORT
                                          ", ANNE@client.example, anne@client.example\n",
                  "je mets Anne en copie");
    assert_verdict(reply, VERDICT_REPLY);
    g_assert_cmpuint(seen_by(site, "anne@client.example"), ==, 1);
    g_assert_cmpint(site_mails(site, "anne@client.example", NULL), ==, 0);

    g_autofree char *marie = site_secret(site, MARIE, "ticket");
    g_autoptr(Outcome) answer =
        site_send(site, MARIE, marie, "Re: x", VOUCH("desk.example"), "bonjour à vous deux");
    assert_verdict(answer, VERDICT_REPLY);
    g_assert_cmpint(site_mails(site, "anne@client.example", "message"), ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, "message"), ==, 1);
    g_assert_cmpuint(seen_by(site, "anne@client.example"), ==, 2);
}

static void test_second_copy_adds_its_proof(void)
{
    g_autoptr(Site) site = desk_with_ticket(AUTH, VOUCH("client.example"));
    g_autofree char *subject = token_subject_of(site);
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autofree char *mail = site_mail(site, JEAN, SUPPORT, subject, RECEIVED, "à tous");
    g_autoptr(Outcome) plain = site_deliver(site, JEAN, SUPPORT, mail);
    assert_verdict(plain, VERDICT_HELD);
    g_autoptr(Outcome) proven = site_deliver(site, JEAN, secret, mail);
    assert_verdict(proven, VERDICT_REPLY);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 2);
    g_assert_cmpuint(seen_by(site, MARIE), ==, 2);
}

static void test_reply_overtakes_parent(void)
{
    g_autoptr(Site) site = site_new("");
    g_autofree char *parent = site_mail(site, JEAN, SUPPORT, "Panne", "", "première");
    g_autoptr(Outcome) reply = site_send(site, JEAN, SUPPORT, "Re: Panne",
                                         "In-Reply-To: <mail1@client.example>\n", "seconde");
    g_autoptr(Outcome) late = site_deliver(site, JEAN, SUPPORT, parent);
    assert_verdict(reply, VERDICT_TICKET);
    assert_verdict(late, VERDICT_REPLY);
    g_assert_cmpstr(late->ticket, ==, reply->ticket);
}

static void test_reply_to_own_mail(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) first = site_send(site, JEAN, SUPPORT, "Panne", "", "première");
    g_autoptr(Outcome) reply = site_send(site, JEAN, SUPPORT, "Re: Panne",
                                         "In-Reply-To: <mail1@client.example>\n", "seconde");
    assert_verdict(reply, VERDICT_REPLY);
    g_assert_cmpstr(reply->ticket, ==, first->ticket);
}

static void test_addressee_of_a_foreign_mail_is_held_there(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Panne",
                                          "Cc: Anne <anne@client.example>\n", "avec Anne");
    g_autoptr(Outcome) anne = site_send(site, "anne@client.example", SUPPORT, "Re: Panne",
                                        "In-Reply-To: <mail1@client.example>\n", "moi aussi");
    assert_verdict(anne, VERDICT_HELD);
    g_assert_cmpstr(anne->ticket, ==, "SUP-1");
    /* Anybody else who names that Message-ID guessed it: a new ticket. */
    g_autoptr(Outcome) other = site_send(site, EVIL, SUPPORT, "Re: Panne",
                                         "In-Reply-To: <mail1@client.example>\n", "et moi");
    assert_verdict(other, VERDICT_TICKET);
    g_assert_cmpstr(other->ticket, ==, "SUP-2");
}

static void test_machine_with_secret(void)
{
    g_autoptr(Site) site = desk_with_ticket("", "");
    const TicketChange done = {.status = "résolu"};
    g_autoptr(GError) error = NULL;
    change_ticket(site->desk, "SUP-1", &done, &error);
    g_assert_no_error(error);
    int before = site_mails(site, NULL, NULL);
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) vacation =
        site_send(site, JEAN, secret, "Absent", "Auto-Submitted: auto-replied\n", "en congés");
    assert_verdict(vacation, VERDICT_AUTO_REPLY);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpstr(view->ticket->status, ==, "resolved");
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
    g_assert_cmpint(site_mails(site, NULL, NULL), ==, before);

    g_autoptr(Outcome) person = site_send(site, JEAN, secret, "Re: x", "", "non, pas encore");
    assert_verdict(person, VERDICT_REPLY);
    g_autoptr(TicketView) reopened = site_view(site, "SUP-1", NULL);
    g_assert_cmpstr(reopened->ticket->status, ==, "open");
}

static void test_secrets_are_scrubbed(void)
{
    g_autoptr(Site) site = desk_with_ticket("", "");
    g_autofree char *maries = site_secret(site, MARIE, "ticket");
    g_autofree char *jeans = site_secret(site, JEAN, "acknowledgement");
    g_autofree char *link = NULL;
    g_assert_true(change_mint_link(site->desk, "SUP-1", MARIE, &link, NULL));
    g_autofree char *body = g_strdup_printf("Bonjour,\nécrivez à %s ou <mailto:%s>,\nvoyez %s "
                                            "et gardez a+b@client.example",
                                            maries, jeans, link);
    g_autoptr(Outcome) reply = site_send(site, JEAN, jeans, "Re: x", "", body);
    assert_verdict(reply, VERDICT_REPLY);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", JEAN);
    const MessageView *last = view->messages->pdata[1];
    const char *text = last->message->reply;
    g_assert_null(strstr(text, "+r"));
    g_assert_nonnull(strstr(text, "écrivez à support@desk.example"));
    g_assert_null(strstr(text, link));
    g_assert_nonnull(strstr(text, "/ticket/…"));
    g_assert_nonnull(strstr(text, "a+b@client.example"));
}

static void test_revoked_secret_is_dead(void)
{
    g_autoptr(Site) site = desk_with_ticket("", "");
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_assert_true(agent_revoke(site->desk, MARIE, NULL));
    g_autoptr(Outcome) outcome = site_send(site, MARIE, secret, "coucou", "", "c'est moi");
    assert_verdict(outcome, VERDICT_TICKET); /* as if the address were plain */
    g_assert_cmpuint(outcome->proofs->len, ==, 0);
    g_assert_cmpuint(seen_by(site, JEAN), ==, 1);
}

static void test_lookalike_is_a_stranger(void)
{
    g_autoptr(Site) site = desk_with_ticket("", "");
    g_autofree char *subject = token_subject_of(site);
    static const char *const lookalikes[] = {"jean@сlient.example", "jeаn@client.example",
                                             "ｊean@client.example"};
    for (gsize i = 0; i < G_N_ELEMENTS(lookalikes); i++) {
        g_autoptr(Outcome) outcome =
            site_send(site, lookalikes[i], SUPPORT, subject, "", "c'est bien moi");
        assert_verdict(outcome, VERDICT_HELD);
    }
    g_autoptr(Outcome) loud =
        site_send(site, "JEAN@Client.Example", SUPPORT, subject, "", "moi");
    assert_verdict(loud, VERDICT_REPLY);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        GTestFunc run;
    } tests[] = {
        {"/joining/customer-secret", test_customer_secret},
        {"/joining/token-where-domains-prove", test_token_is_no_proof_where_domains_prove},
        {"/joining/token-without-authserv", test_token_will_do_without_authserv},
        {"/joining/forged-results", test_forged_results_prove_nothing},
        {"/joining/stranger", test_stranger_is_held_and_never_echoed},
        {"/joining/accept", test_accepting_publishes_text_only},
        {"/joining/forged-technician", test_forged_technician},
        {"/joining/confirmation", test_confirmation},
        {"/joining/note", test_note_stays_a_note},
        {"/joining/cc", test_proven_cc_hears_from_then_on},
        {"/joining/second-copy", test_second_copy_adds_its_proof},
        {"/joining/overtaken", test_reply_overtakes_parent},
        {"/joining/own-mail", test_reply_to_own_mail},
        {"/joining/addressee", test_addressee_of_a_foreign_mail_is_held_there},
        {"/joining/machine-with-secret", test_machine_with_secret},
        {"/joining/scrubbed", test_secrets_are_scrubbed},
        {"/joining/revoked", test_revoked_secret_is_dead},
        {"/joining/lookalike", test_lookalike_is_a_stranger},
    };
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].name, tests[i].run);
    return g_test_run();
}
