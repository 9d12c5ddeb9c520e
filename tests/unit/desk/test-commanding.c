/* Commands by mail: who may, all or nothing, and that nothing slips out to a customer. */
#include "core/desk/clock.h"
#include "core/desk/held.h"
#include "tests/unit/desk/site.h"

#define AUTH "authserv_id = mx.example"
#define RECEIVED                                                                               \
    "Received: from x (x [192.0.2.1]) by mx.example; Mon, 2 Jun 2025 10:00:00 +0200\n"
#define VOUCH(domain)                                                                          \
    "Authentication-Results: mx.example; dmarc=pass header.from=" domain "\n" RECEIVED
#define PROVEN VOUCH("desk.example")

/* A ticket of Jean's, that Marie and Paul heard of. */
static Site *desk(const char *extra)
{
    Site *site = site_new(extra);
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Imprimante en panne",
                                          VOUCH("client.example"), "elle est rouge");
    assert_verdict(opened, VERDICT_TICKET);
    return site;
}

/* Marie answers the notification of `kind` with `body`. */
static Outcome *marie(Site *site, const char *kind, const char *headers, const char *body)
{
    g_autofree char *secret = site_secret(site, MARIE, kind);
    return site_send(site, MARIE, secret, "Re: x", headers, body);
}

static void assert_status(Site *site, const char *status)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpstr(view->ticket->status, ==, status);
}

static char *rendered(const Notice *notice, const char *source)
{
    g_autoptr(Template) template = NULL;
    g_autoptr(GError) error = NULL;
    template_compile("test", source, TEMPLATE_TEXT, notice_template_names, NULL, NULL,
                     &template, &error);
    g_assert_no_error(error);
    return template_render(template, notice->data);
}

static char *answer_lines(Site *site, const char *address)
{
    g_autoptr(Notice) answer = site_last(site, address, "answer");
    return rendered(answer, "{{#refused}}REFUSED {{/refused}}{{#commands}}{{#good}}+{{/good}}"
                            "{{^good}}-{{/good}}{{written}}|{{answer}};{{/commands}}");
}

static void test_commands_alone(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done =
        marie(site, "ticket", PROVEN, "!prendre\n!priorité haute\n!tag +laser +vip");
    assert_verdict(done, VERDICT_COMMAND);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->messages->len, ==, 1);
    g_assert_cmpuint(view->assignees->len, ==, 1);
    g_assert_cmpint(view->ticket->priority, ==, PRIORITY_HIGH);
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, 1); /* the acknowledgement */
    g_assert_cmpint(site_mails(site, MARIE, "answer"), ==, 0);
    g_autoptr(GPtrArray) tags = NULL;
    g_assert_true(tickets_tags(site->desk->store, view->ticket->id, &tags, NULL));
    g_assert_cmpuint(tags->len, ==, 2);
}

static void test_answer_below_commands(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done =
        marie(site, "ticket", PROVEN, "!resolve\n\nBonjour,\nc’est réparé.");
    assert_verdict(done, VERDICT_REPLY);
    assert_status(site, "resolved");
    g_autoptr(TicketView) view = site_view(site, "SUP-1", JEAN);
    const MessageView *last = view->messages->pdata[1];
    g_assert_cmpstr(last->message->reply, ==, "Bonjour,\nc’est réparé.\n");
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, 2);
}

static void test_one_bad_line_stops_all(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done = marie(site, "ticket", PROVEN,
                                    "!fermer\n!ntoe\n!assign personne-de-tel\n\nle client est "
                                    "pénible");
    assert_verdict(done, VERDICT_COMMAND);
    assert_status(site, "new");
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->messages->len, ==, 1);
    g_assert_cmpuint(view->events->len, ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, 1);
    g_autofree char *lines = answer_lines(site, MARIE);
    g_assert_nonnull(strstr(lines, "REFUSED +!fermer|"));
    g_assert_nonnull(strstr(lines, "-!ntoe|« ntoe » n’est pas une commande ; vouliez-vous dire "
                                   "!note ?"));
    g_assert_nonnull(strstr(lines, MARIE));
    g_autoptr(Notice) answer = site_last(site, MARIE, "answer");
    g_autofree char *returned = rendered(answer, "{{returned}}");
    g_assert_nonnull(strstr(returned, "!ntoe\n"));
    g_assert_nonnull(strstr(returned, "\n\nle client est pénible"));
}

static void test_note_stays_inside(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done = marie(site, "ticket", PROVEN, "!note\nle client est pénible");
    assert_verdict(done, VERDICT_NOTE);
    g_autoptr(TicketView) jean = site_view(site, "SUP-1", JEAN);
    g_assert_cmpuint(jean->messages->len, ==, 1);
    g_assert_cmpint(site_mails(site, PAUL, "note"), ==, 1);
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, 1);
}

/* A forged From line, the domain's word alone, the secret alone: none of them commands. */
static void test_forged(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autofree char *subject = token_subject(view->ticket);
    const struct {
        const char *to, *headers;
    } tries[] = {{SUPPORT, RECEIVED}, {SUPPORT, PROVEN}, {secret, RECEIVED}};
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(Outcome) done =
            site_send(site, MARIE, tries[i].to, subject, tries[i].headers, "!close\nfini");
        assert_verdict(done, VERDICT_HELD);
        assert_status(site, "new");
    }
    g_autofree char *paul = site_secret(site, PAUL, "ticket");
    g_autoptr(Outcome) stolen = site_send(site, MARIE, paul, "Re: x", PROVEN, "!close");
    assert_verdict(stolen, VERDICT_HELD);
    g_autoptr(Outcome) customer =
        site_send(site, JEAN, SUPPORT, subject, VOUCH("client.example"), "!close\nfini");
    assert_verdict(customer, VERDICT_REPLY);
    assert_status(site, "new");
    g_autoptr(Outcome) machine = site_send(site, MARIE, secret, "Re: x",
                                           "Auto-Submitted: auto-replied\n" PROVEN, "!close");
    assert_status(site, "new");
}

static void test_confirmed(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autofree char *subject = token_subject(view->ticket);
    g_autoptr(Outcome) held =
        site_send(site, MARIE, SUPPORT, subject, PROVEN, "!resolve\n\nc’est fait");
    assert_verdict(held, VERDICT_HELD);
    g_autofree char *ask = site_secret(site, MARIE, "confirm");
    g_autoptr(Outcome) yes = site_send(site, MARIE, ask, "Re: x", PROVEN, "oui");
    assert_verdict(yes, VERDICT_REPLY);
    assert_status(site, "resolved");
    g_autoptr(TicketView) jean = site_view(site, "SUP-1", JEAN);
    const MessageView *last = jean->messages->pdata[1];
    g_assert_cmpstr(last->message->reply, ==, "c’est fait\n");
}

static void test_stray_command_asks(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) held = marie(site, "ticket", PROVEN, "Bonjour,\n\n!note\nentre nous");
    assert_verdict(held, VERDICT_HELD);
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, 1);
    g_autofree char *ask = site_secret(site, MARIE, "confirm");
    g_autoptr(Outcome) no = site_send(site, MARIE, ask, "Re: x", PROVEN, "Non");
    assert_verdict(no, VERDICT_COMMAND);
    g_assert_cmpint(site_mails(site, PAUL, "held"), ==, 0);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(view->messages->len, ==, 1);
}

static void test_collision(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Notice) first = site_last(site, MARIE, "ticket");
    g_autofree char *headers =
        g_strdup_printf("In-Reply-To: <%s>\n" PROVEN, first->mail.message_id);
    g_autofree char *jean = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) newer =
        site_send(site, JEAN, jean, "Re: x", VOUCH("client.example"), "non, elle est verte");
    assert_verdict(newer, VERDICT_REPLY);
    g_autoptr(Outcome) late =
        site_send(site, MARIE, first->mail.reply_to, "Re: x", headers, "remplacez le rouge");
    assert_verdict(late, VERDICT_HELD);
    g_assert_cmpint(site_mails(site, JEAN, "message"), ==, 0);
    g_autoptr(Notice) ask = site_last(site, MARIE, "confirm");
    g_autofree char *newest = rendered(ask, "{{#ask_newer}}{{newer_text}}{{/ask_newer}}");
    g_assert_cmpstr(newest, ==, "non, elle est verte\n");
    g_autoptr(Outcome) anyway =
        site_send(site, MARIE, ask->mail.reply_to, "Re: x", PROVEN, "Oui");
    assert_verdict(anyway, VERDICT_REPLY);
    g_assert_cmpint(site_mails(site, JEAN, "message"), ==, 1);
}

static void test_undo(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done = marie(site, "ticket", PROVEN,
                                    "!take\n!priority urgent\n!title Toner\n!tag +a\n!close\n"
                                    "!quiet");
    assert_verdict(done, VERDICT_COMMAND);
    assert_status(site, "closed");
    g_autoptr(Outcome) undone = marie(site, "ticket", PROVEN, "!défaire");
    assert_verdict(undone, VERDICT_COMMAND);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autoptr(GPtrArray) tags = NULL;
    g_assert_true(tickets_tags(site->desk->store, view->ticket->id, &tags, NULL));
    g_assert_cmpstr(view->ticket->status, ==, "new");
    g_assert_cmpstr(view->ticket->title, ==, "Imprimante en panne");
    g_assert_cmpint(view->ticket->priority, ==, PRIORITY_NORMAL);
    g_assert_cmpuint(view->assignees->len, ==, 0);
    g_assert_cmpuint(tags->len, ==, 0);
    g_autoptr(Outcome) again = marie(site, "ticket", PROVEN, "!undo");
    g_autofree char *lines = answer_lines(site, MARIE);
    g_assert_nonnull(strstr(lines, "REFUSED -!undo|"));
}

/* Marie's `!note`, accepted by a colleague though nothing proved it was hers, is still a note.
 */
static void test_held_note_accepted(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autofree char *subject = token_subject(view->ticket), *ticket = NULL;
    g_autoptr(Outcome) held =
        site_send(site, MARIE, SUPPORT, subject, RECEIVED, "!note\n!close\nle code est 1234");
    assert_verdict(held, VERDICT_HELD);
    g_autoptr(GPtrArray) list = NULL;
    g_assert_true(messages_held(site->desk->store, &list, NULL));
    const Message *message = list->pdata[0];
    g_assert_true(held_accept(site->desk, message->id, 0, &ticket, NULL));
    assert_status(site, "new");
    g_autoptr(TicketView) jean = site_view(site, "SUP-1", JEAN);
    g_assert_cmpuint(jean->messages->len, ==, 1);
}

static void test_held_by_button(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autofree char *subject = token_subject(view->ticket);
    g_autoptr(Outcome) held =
        site_send(site, "eve@evil.example", SUPPORT, subject, VOUCH("evil.example"), "bonjour");
    assert_verdict(held, VERDICT_HELD);
    g_autoptr(Notice) told = site_last(site, MARIE, "held");
    g_autofree char *url =
        rendered(told, "{{#buttons}}{{#primary}}{{url}}{{/primary}}{{/buttons}}");
    const char *body = strstr(url, "&body=");
    g_autofree char *command = g_uri_unescape_string(body + strlen("&body="), NULL);
    g_assert_true(g_str_has_prefix(command, "!accepter "));
    g_assert_cmpuint(strlen(url), <, 1800);
    g_autoptr(Outcome) accepted =
        site_send(site, MARIE, told->mail.reply_to, "Re: x", PROVEN, command);
    assert_verdict(accepted, VERDICT_COMMAND);
    g_autoptr(TicketView) jean = site_view(site, "SUP-1", JEAN);
    g_assert_cmpuint(jean->messages->len, ==, 2);
}

static void test_requester(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) done =
        site_send(site, JEAN, secret, "Re: x", VOUCH("client.example"), "!résoudre\n\nmerci");
    assert_verdict(done, VERDICT_REPLY);
    assert_status(site, "resolved");
    g_autoptr(Outcome) other =
        site_send(site, JEAN, secret, "Re: x", VOUCH("client.example"), "!assign moi");
    assert_verdict(other, VERDICT_REPLY);
    assert_status(site, "open");
}

/* The same mail twice, by its secret and by the queue's address, commands once. */
static void test_once(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autofree char *subject = token_subject(view->ticket);
    g_autofree char *secret = site_secret(site, MARIE, "ticket");
    g_autofree char *mail = site_mail(site, MARIE, SUPPORT, subject, PROVEN, "!tag +un");
    g_autoptr(Outcome) first = site_deliver(site, MARIE, secret, mail);
    assert_verdict(first, VERDICT_COMMAND);
    g_autoptr(Outcome) second = site_deliver(site, MARIE, SUPPORT, mail);
    assert_verdict(second, VERDICT_DUPLICATE);
}

static void test_help(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done = marie(site, "ticket", PROVEN, "!aide");
    assert_verdict(done, VERDICT_COMMAND);
    g_autoptr(Notice) answer = site_last(site, MARIE, "answer");
    g_autofree char *verbs = rendered(answer, "{{#verbs}}{{usage}} = {{help}}\n{{/verbs}}");
    g_assert_nonnull(strstr(verbs, "!fermer = "));
    g_assert_nonnull(strstr(verbs, "!assigner QUI… | personne = "));
    g_assert_null(strstr(verbs, "!évaluer"));
}

static void test_move_and_watch(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done =
        marie(site, "ticket", PROVEN, "!file sales\n!cc +anne@client.example");
    assert_verdict(done, VERDICT_COMMAND);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpstr(view->ticket->queue_name, ==, "sales");
    g_assert_cmpstr(view->ticket->prefix, ==, "SUP");
    g_assert_cmpuint(view->watchers->len, ==, 1);
    g_autoptr(TicketView) anne = site_view(site, "SUP-1", "anne@client.example");
    g_assert_cmpuint(anne->messages->len, ==, 0);
    g_autoptr(Outcome) back = marie(site, "ticket", PROVEN, "!cc -anne@client.example");
    g_autoptr(TicketView) after = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(after->watchers->len, ==, 0);
}

/* Marie is asked, and says yes. */
static void confirmed(Site *site, const char *body)
{
    g_autoptr(Outcome) held = marie(site, "ticket", PROVEN, body);
    assert_verdict(held, VERDICT_HELD);
    g_autofree char *ask = site_secret(site, MARIE, "confirm");
    g_autoptr(Outcome) yes = site_send(site, MARIE, ask, "Re: x", PROVEN, "oui");
    assert_verdict(yes, VERDICT_COMMAND);
}

static void test_merge_asks_and_redirects(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) other = site_send(site, "lea@client.example", SUPPORT, "Pareil",
                                         VOUCH("client.example"), "chez moi aussi");
    g_autofree char *lea = site_secret(site, "lea@client.example", "acknowledgement");
    g_autoptr(Notice) first = site_last(site, JEAN, "acknowledgement");
    g_autofree char *secret = site_secret(site, MARIE, "ticket"); /* of SUP-2 */
    g_autoptr(Outcome) held = site_send(site, MARIE, secret, "Re: x", PROVEN, "!merge SUP-1");
    assert_verdict(held, VERDICT_HELD);
    g_autofree char *ask = site_secret(site, MARIE, "confirm");
    g_autoptr(Outcome) yes = site_send(site, MARIE, ask, "Re: x", PROVEN, "oui");
    assert_verdict(yes, VERDICT_COMMAND);
    g_autoptr(TicketView) merged = site_view(site, "SUP-2", NULL);
    g_assert_cmpuint(merged->messages->len, ==, 2);
    g_assert_cmpuint(merged->watchers->len, ==, 1);
    /* Jean answers the ticket that is gone, and sees of the other what comes from then on. */
    g_autoptr(Outcome) reply = site_send(site, JEAN, first->mail.reply_to, "Re: x",
                                         VOUCH("client.example"), "toujours en panne");
    assert_verdict(reply, VERDICT_REPLY);
    g_assert_cmpstr(reply->ticket, ==, "SUP-2");
    g_autoptr(TicketView) jean = site_view(site, "SUP-2", JEAN);
    g_assert_cmpuint(jean->messages->len, ==, 1);
    assert_status(site, "closed");
}

static void test_split(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autofree char *jean = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) more =
        site_send(site, JEAN, jean, "Re: x", VOUCH("client.example"), "et mon écran aussi");
    g_autoptr(Notice) told = site_last(site, MARIE, "message");
    g_autofree char *headers =
        g_strdup_printf("In-Reply-To: <%s>\n" PROVEN, told->mail.message_id);
    g_autoptr(Outcome) done =
        site_send(site, MARIE, told->mail.reply_to, "Re: x", headers, "!scinder Écran noir");
    assert_verdict(done, VERDICT_COMMAND);
    g_autoptr(TicketView) made = site_view(site, "SUP-2", JEAN);
    g_assert_cmpstr(made->ticket->title, ==, "Écran noir");
    g_assert_cmpuint(made->messages->len, ==, 1);
    g_autoptr(TicketView) left = site_view(site, "SUP-1", NULL);
    g_assert_cmpuint(left->messages->len, ==, 1);
    g_assert_cmpuint(left->linked->len, ==, 1);
}

static void test_spam_and_back(void)
{
    g_autoptr(Site) site = desk(AUTH);
    confirmed(site, "!spam");
    assert_status(site, "cancelled");
    g_assert_cmpint(site_mails(site, JEAN, NULL), ==, 1);
    g_autoptr(Outcome) blocked =
        site_send(site, JEAN, SUPPORT, "Encore", VOUCH("client.example"), "achetez");
    assert_verdict(blocked, VERDICT_HELD);
    g_autoptr(Outcome) undone = marie(site, "ticket", PROVEN, "!undo");
    assert_verdict(undone, VERDICT_COMMAND);
    assert_status(site, "open");
    g_autoptr(Outcome) heard =
        site_send(site, JEAN, SUPPORT, "Encore une", VOUCH("client.example"), "bonjour");
    assert_verdict(heard, VERDICT_TICKET);
}

static void test_requester_changes(void)
{
    g_autoptr(Site) site = desk(AUTH);
    confirmed(site, "!requester lea@client.example");
    g_autoptr(TicketView) lea = site_view(site, "SUP-1", "lea@client.example");
    g_assert_cmpuint(lea->messages->len, ==, 1);
    g_assert_cmpstr(lea->requester->address, ==, "lea@client.example");
    g_autoptr(Outcome) undone = marie(site, "ticket", PROVEN, "!undo");
    g_autoptr(TicketView) back = site_view(site, "SUP-1", NULL);
    g_assert_cmpstr(back->requester->address, ==, JEAN);
}

/* Only an admin deletes, and what is deleted no customer sees. */
static void test_delete(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(GError) error = NULL;
    g_autoptr(Outcome) held = marie(site, "ticket", PROVEN, "!supprimer");
    g_autofree char *ask = site_secret(site, MARIE, "confirm");
    g_autoptr(Outcome) yes = site_send(site, MARIE, ask, "Re: x", PROVEN, "oui");
    g_autofree char *lines = answer_lines(site, MARIE);
    g_assert_nonnull(strstr(lines, "REFUSED -!supprimer|seul un administrateur"));
    agent_change(site->desk, MARIE, NULL, ROLE_ADMIN, NULL, NULL, &error);
    g_assert_no_error(error);
    confirmed(site, "!supprimer");
    g_autofree char *jean = site_secret(site, JEAN, "acknowledgement");
    g_autoptr(Outcome) reply =
        site_send(site, JEAN, jean, "Re: x", VOUCH("client.example"), "allô ?");
    assert_verdict(reply, VERDICT_HELD);
    g_autoptr(Outcome) back = marie(site, "ticket", PROVEN, "!restaurer");
    assert_verdict(back, VERDICT_COMMAND);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpint(view->ticket->deleted, ==, 0);
}

static void test_amend_and_redact(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) said = marie(site, "ticket", PROVEN, "le mot de passe est 1234");
    g_autoptr(Outcome) amended = marie(site, "ticket", PROVEN, "!amend\n\nregardez l’écran");
    assert_verdict(amended, VERDICT_COMMAND);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", JEAN);
    const MessageView *last = view->messages->pdata[1];
    g_assert_cmpstr(last->message->reply, ==, "regardez l’écran\n");
    g_autoptr(Outcome) gone = marie(site, "ticket", PROVEN, "!redact");
    assert_verdict(gone, VERDICT_COMMAND);
    g_autoptr(TicketView) after = site_view(site, "SUP-1", JEAN);
    g_assert_cmpuint(after->messages->len, ==, 1);
}

static void test_rate_and_mute(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    const char *proof = VOUCH("client.example");
    g_autoptr(Outcome) rated =
        site_send(site, JEAN, secret, "Re: x", proof, "!évaluer 4 très aimable");
    assert_verdict(rated, VERDICT_COMMAND);
    g_autoptr(Outcome) muted = site_send(site, JEAN, secret, "Re: x", proof, "!mute");
    g_autoptr(Outcome) said = marie(site, "ticket", PROVEN, "bonjour");
    g_assert_cmpint(site_mails(site, JEAN, "message"), ==, 0);
    g_autoptr(Outcome) heard = site_send(site, JEAN, secret, "Re: x", proof, "!unmute");
    g_autoptr(Outcome) again = marie(site, "ticket", PROVEN, "bonsoir");
    g_assert_cmpint(site_mails(site, JEAN, "message"), ==, 1);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpint(view->ticket->rating, ==, 4);
    g_assert_cmpstr(view->ticket->rating_comment, ==, "très aimable");
}

/* --- without a ticket -------------------------------------------------------------------- */

static char *desk_address(Site *site, const char *who)
{
    g_autoptr(Notice) told = site_last(site, who, "ticket");
    return rendered(told, "{{desk_address}}");
}

static void open_more(Site *site, const char *subject)
{
    g_autoptr(Outcome) opened =
        site_send(site, JEAN, SUPPORT, subject, VOUCH("client.example"), subject);
    assert_verdict(opened, VERDICT_TICKET);
}

static void test_bulk(void)
{
    g_autoptr(Site) site = desk(AUTH);
    open_more(site, "Écran");
    open_more(site, "Clavier");
    g_autofree char *to = desk_address(site, MARIE);
    g_autoptr(Outcome) done = site_send(site, MARIE, to, "lot", PROVEN,
                                        "fermer SUP-1 SUP-2\nprendre sup-3\n\n-- \nMarie");
    assert_verdict(done, VERDICT_COMMAND);
    g_autofree char *lines = answer_lines(site, MARIE);
    g_assert_cmpstr(lines, ==,
                    "+fermer SUP-1 SUP-2|nouveau → fermé;+fermer SUP-1 SUP-2|nouveau → fermé;"
                    "+prendre sup-3|assigné à Marie Laurent;");
    g_autoptr(Outcome) wrong = site_send(site, MARIE, to, "lot", PROVEN,
                                         "rouvrir SUP-1 SUP-99\nclose\ntitre SUP-2 Neuf");
    assert_verdict(wrong, VERDICT_COMMAND);
    assert_status(site, "closed");
    g_autofree char *bad = answer_lines(site, MARIE);
    g_assert_nonnull(strstr(bad, "REFUSED +rouvrir SUP-1 SUP-99|"));
    g_assert_nonnull(strstr(bad, "-rouvrir SUP-1 SUP-99|il n’y a pas de ticket SUP-99"));
    g_assert_nonnull(strstr(bad, "-close|nommez les tickets"));
}

static void test_bulk_forged(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autofree char *to = desk_address(site, MARIE);
    const struct {
        const char *from, *headers;
    } tries[] = {{MARIE, RECEIVED}, {PAUL, PROVEN}, {JEAN, VOUCH("client.example")}};
    for (gsize i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(Outcome) done =
            site_send(site, tries[i].from, to, "x", tries[i].headers, "close SUP-1");
        assert_verdict(done, VERDICT_HELD);
        g_assert_cmpint(site_mails(site, tries[i].from, "answer"), ==, 0);
    }
    assert_status(site, "new");
}

static void test_list(void)
{
    g_autoptr(Site) site = desk(AUTH);
    open_more(site, "Écran");
    g_autofree char *to = desk_address(site, MARIE);
    g_autoptr(Outcome) urgent =
        site_send(site, MARIE, to, "x", PROVEN, "priority SUP-2 urgent\nassign SUP-2 me");
    assert_verdict(urgent, VERDICT_COMMAND);
    const struct {
        const char *wish, *rows;
    } lists[] = {{"list", "Tickets ouverts 2 sur 2:SUP-2 Écran;SUP-1 Imprimante en panne;"},
                 {"liste moi", "Vos tickets 1 sur 1:SUP-2 Écran;"},
                 {"list nouveaux", "Tickets que personne n’a pris 1 sur 1:SUP-1 Imprimante en "
                                   "panne;"},
                 {"list retard", "Tickets en retard 0 sur 0:"},
                 {"list sales", "Tickets ouverts 0 sur 0:"}};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(Outcome) asked = site_send(site, MARIE, to, "x", PROVEN, lists[i].wish);
        assert_verdict(asked, VERDICT_COMMAND);
        g_autoptr(Notice) answer = site_last(site, MARIE, "answer");
        g_autofree char *rows = rendered(
            answer, "{{list_title}} {{list_count}}:{{#rows}}{{id}} {{title}};{{/rows}}");
        g_assert_cmpstr(rows, ==, lists[i].rows);
        g_assert_cmpstr(answer->mail.reply_to, ==, to);
    }
    g_autoptr(Outcome) none = site_send(site, MARIE, to, "x", PROVEN, "list rien de tel");
    g_autofree char *lines = answer_lines(site, MARIE);
    g_assert_true(g_str_has_prefix(lines, "REFUSED -list rien de tel|"));
}

static void test_questions(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) work = marie(site, "ticket", PROVEN, "!take\n!tag +laser\n!note\n\nvu");
    g_autofree char *to = desk_address(site, MARIE);
    g_autoptr(Outcome) asked =
        site_send(site, MARIE, to, "x", PROVEN, "show SUP-1\nhistorique SUP-1\nfind ROUGE");
    assert_verdict(asked, VERDICT_COMMAND);
    g_autoptr(Notice) answer = site_last(site, MARIE, "answer");
    g_autofree char *text = rendered(
        answer, "{{#shown}}{{id}} {{title}} {{assignees}} {{tags}}"
                "{{#thread}}|{{author}}{{#internal}}*{{/internal}}: {{words}}{{/thread}}"
                "{{/shown}}\n{{#history}}{{words}};{{/history}}\n"
                "{{#found}}{{id}} {{words}}{{/found}}");
    g_assert_cmpstr(
        text, ==,
        "SUP-1 Imprimante en panne Marie Laurent laser|jean@client.example: elle est rouge|"
        "Marie Laurent*: vu\ns’en occupe;étiquette laser;État\u00A0: nouveau → vu;"
        "\nSUP-1 elle est rouge");
}

static void test_due_and_waiting(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(GError) error = NULL;
    g_autoptr(Outcome) done =
        marie(site, "ticket", PROVEN, "!échéance demain 14h\n!attendre jusqu’à demain 9h");
    assert_verdict(done, VERDICT_COMMAND);
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_assert_cmpint(view->ticket->due - view->ticket->until, ==, 5 * 3600);
    assert_status(site, "waiting");
    g_assert_true(clock_tick(site->desk, view->ticket->until - 1, &error));
    assert_status(site, "waiting");
    int told = site_mails(site, PAUL, "ticket");
    g_assert_true(clock_tick(site->desk, view->ticket->until, &error));
    assert_status(site, "open");
    g_assert_cmpint(site_mails(site, PAUL, "ticket"), ==, told + 1);
    g_autoptr(Outcome) wrong = marie(site, "ticket", PROVEN, "!due hier\n!waiting until x");
    g_autofree char *lines = answer_lines(site, MARIE);
    g_assert_nonnull(strstr(lines, "-!due hier|"));
    g_assert_nonnull(strstr(lines, "demain 14h, vendredi"));
    g_autoptr(Outcome) none = marie(site, "ticket", PROVEN, "!due none");
    g_autoptr(TicketView) after = site_view(site, "SUP-1", NULL);
    g_assert_cmpint(after->ticket->due, ==, 0);
}

#define PASSED_ON                                                                              \
    "---------- Forwarded message ---------\nDe : Léa <lea@client.example>\n"                 \
    "Date: lun. 2 juin 2025 à 09:00\nSubject: Souris\nTo: <marie@desk.example>\n\n"           \
    "elle ne bouge plus"

static void test_forward(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autofree char *to = desk_address(site, MARIE);
    g_autoptr(Outcome) quiet =
        site_send(site, MARIE, SUPPORT, "Fwd: Souris", PROVEN, "!forward\n\n" PASSED_ON);
    assert_verdict(quiet, VERDICT_TICKET);
    g_assert_cmpint(site_mails(site, "lea@client.example", NULL), ==, 0);
    g_autoptr(Outcome) told =
        site_send(site, MARIE, to, "Fwd: Souris", PROVEN, "transmettre\n\n" PASSED_ON);
    assert_verdict(told, VERDICT_TICKET);
    g_assert_cmpint(site_mails(site, "lea@client.example", "acknowledgement"), ==, 1);
    g_autoptr(TicketView) view = site_view(site, "SUP-3", "lea@client.example");
    const MessageView *first = view->messages->pdata[0];
    g_assert_cmpstr(view->ticket->title, ==, "Souris");
    g_assert_nonnull(strstr(first->message->reply, "elle ne bouge plus"));
    g_assert_cmpstr(first->message->author_address, ==, "lea@client.example");
    g_autoptr(Outcome) wrong = site_send(site, MARIE, to, "Fwd: x", PROVEN, "forward\n\nrien");
    g_autofree char *lines = answer_lines(site, MARIE);
    g_assert_true(g_str_has_prefix(lines, "REFUSED -forward|"));
}

/* --- whatever is commanded --------------------------------------------------------------- */

/* All of a ticket that a command can change. */
static char *state_of(Site *site)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    const Ticket *t = view->ticket;
    g_autoptr(GPtrArray) tags = NULL;
    g_autoptr(GString) state = g_string_new(NULL);
    g_assert_true(tickets_tags(site->desk->store, t->id, &tags, NULL));
    g_string_printf(state, "%s|%d|%s|%s|%d|%d|%d|%d|%u|%u|", t->status, t->priority, t->title,
                    t->type, (int)t->served, (int)t->requester, (int)t->due, t->deleted != 0,
                    view->messages->len, view->linked->len);
    for (guint i = 0; i < view->assignees->len; i++)
        g_string_append_printf(state, "%s,", ((Person *)view->assignees->pdata[i])->address);
    for (guint i = 0; i < view->watchers->len; i++)
        g_string_append_printf(state, "+%s,", ((Person *)view->watchers->pdata[i])->address);
    for (guint i = 0; i < tags->len; i++)
        g_string_append_printf(state, "#%s,", (char *)tags->pdata[i]);
    return g_string_free(g_steal_pointer(&state), FALSE);
}

static guint count_events(Site *site)
{
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    return view->events->len;
}

/* No sequence of mails changes a ticket without an event, and none that is refused changes it
 * at all. */
static void test_random_sequences(void)
{
    static const char *const lines[] = {"!close",
                                        "!open",
                                        "!statut en cours",
                                        "!take",
                                        "!assign paul marie",
                                        "!assign",
                                        "!queue sales",
                                        "!queue support",
                                        "!tag +a -b",
                                        "!tag +b -a",
                                        "!title X",
                                        "!title",
                                        "!priorité urgente",
                                        "!priority none",
                                        "!type panne",
                                        "!undo",
                                        "!quiet",
                                        "!cc +a@x.example",
                                        "!cc -a@x.example",
                                        "!link SUP-2",
                                        "!due demain",
                                        "!due none",
                                        "!waiting until demain",
                                        "!note",
                                        "!ntoe",
                                        "!duplicate SUP-2",
                                        "!redact",
                                        "!depends SUP-2"};
    g_autoptr(Site) site = desk(AUTH);
    open_more(site, "Écran");
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autofree char *subject = token_subject(view->ticket);
    g_autofree char *secret = NULL;
    {
        g_autoptr(Outcome) said =
            site_send(site, JEAN, SUPPORT, subject, VOUCH("client.example"), "encore moi");
        secret = site_secret(site, MARIE, "message");
    }
    for (int mail = 0; mail < 60; mail++) {
        g_autoptr(GString) body = g_string_new(NULL);
        for (int n = g_test_rand_int_range(1, 4); n > 0; n--)
            g_string_append_printf(body, "%s\n",
                                   lines[g_test_rand_int_range(0, G_N_ELEMENTS(lines))]);
        if (g_test_rand_bit())
            g_string_append(body, "\nDu texte.\n");
        g_autofree char *before = state_of(site);
        guint events = count_events(site);
        g_autoptr(Outcome) done = site_send(site, MARIE, secret, "Re: x", PROVEN, body->str);
        g_autofree char *after = state_of(site);
        bool changed = strcmp(before, after) != 0;
        g_test_message("%s%s: %s → %s", body->str, done->reason, before, after);
        g_assert_true(!changed || count_events(site) > events);
        g_assert_true(!changed || !strstr(done->reason, "none ran"));
    }
}

static void test_outcome_names_commands(void)
{
    g_autoptr(Site) site = desk(AUTH);
    g_autoptr(Outcome) done = marie(site, "ticket", PROVEN, "!prendre\n!fermer");
    g_assert_cmpuint(done->commands->len, ==, 2);
    g_assert_cmpstr(done->commands->pdata[1], ==, "close");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/commanding/commands-alone", test_commands_alone);
    g_test_add_func("/commanding/answer-below-commands", test_answer_below_commands);
    g_test_add_func("/commanding/one-bad-line-stops-all", test_one_bad_line_stops_all);
    g_test_add_func("/commanding/note-stays-inside", test_note_stays_inside);
    g_test_add_func("/commanding/forged", test_forged);
    g_test_add_func("/commanding/confirmed", test_confirmed);
    g_test_add_func("/commanding/stray-command-asks", test_stray_command_asks);
    g_test_add_func("/commanding/collision", test_collision);
    g_test_add_func("/commanding/undo", test_undo);
    g_test_add_func("/commanding/held-note-accepted", test_held_note_accepted);
    g_test_add_func("/commanding/held-by-button", test_held_by_button);
    g_test_add_func("/commanding/requester", test_requester);
    g_test_add_func("/commanding/once", test_once);
    g_test_add_func("/commanding/help", test_help);
    g_test_add_func("/commanding/move-and-watch", test_move_and_watch);
    g_test_add_func("/commanding/merge-asks-and-redirects", test_merge_asks_and_redirects);
    g_test_add_func("/commanding/split", test_split);
    g_test_add_func("/commanding/spam-and-back", test_spam_and_back);
    g_test_add_func("/commanding/requester-changes", test_requester_changes);
    g_test_add_func("/commanding/delete", test_delete);
    g_test_add_func("/commanding/amend-and-redact", test_amend_and_redact);
    g_test_add_func("/commanding/rate-and-mute", test_rate_and_mute);
    g_test_add_func("/commanding/bulk", test_bulk);
    g_test_add_func("/commanding/bulk-forged", test_bulk_forged);
    g_test_add_func("/commanding/list", test_list);
    g_test_add_func("/commanding/questions", test_questions);
    g_test_add_func("/commanding/due-and-waiting", test_due_and_waiting);
    g_test_add_func("/commanding/forward", test_forward);
    g_test_add_func("/commanding/random-sequences", test_random_sequences);
    g_test_add_func("/commanding/outcome-names-commands", test_outcome_names_commands);
    return g_test_run();
}
