/* Our notification below an answer, without a mark that says so. */
#include "core/desk/own_quote.h"
#include "core/mail/compose.h"
#include "core/mail/quote.h"
#include "tests/unit/desk/site.h"

#define OURS                                                                                       \
    "SUP-7 · Imprimante en panne · ouvert\n\nMarie Laurent, lundi 2 juin 2025 à 10:12 :\n\n"    \
    "Bonjour,\n\nAvez-vous essayé de l’éteindre puis de la rallumer ? Merci de nous dire.\n\n" \
    "Voir ma demande : https://desk.example/ticket/abcdef\n\n"                                     \
    "Répondez simplement à ce mail : votre réponse sera lue par l’équipe.\n\n-- \n"          \
    "Support Exemple · support@desk.example\nSon lien vous est personnel.\n"

static Mail *mail_of(const char *text)
{
    Mail *mail = mail_new();
    g_free(mail->text);
    mail->text = g_strdup(text);
    quote_mail(mail);
    return mail;
}

/* What is left of the reply once our notification is cut; all of it where none is found. */
static char *reply_of(const char *text)
{
    g_autoptr(Mail) mail = mail_of(text);
    gint64 line = own_quote_find(mail, OURS);
    if (line >= 0)
        quote_cut_from(mail, (guint)line, "ours");
    g_assert_cmpuint(strlen(mail->reply) + strlen(mail->signature) + strlen(mail->quoted), ==,
                     strlen(text));
    return g_strdup(mail->reply);
}

static const struct {
    const char *what, *text, *reply;
} cases[] = {
    {"below an answer", "Oui, deux fois.\n\n" OURS, "Oui, deux fois.\n"},
    {"with an introduction we do not know",
     "Oui, deux fois.\n\nSupport Exemple nkọ na Mọnde:\n" OURS, "Oui, deux fois.\n"},
    {"wrapped and linked anew",
     "Oui.\n\nSUP-7 · Imprimante en panne ·\nouvert\nMarie Laurent, lundi 2 juin 2025 à 10:12 "
     ":\n"
     "Bonjour,\nAvez-vous essayé de l'éteindre puis de la\nrallumer ? Merci de nous dire.\n"
     "Voir ma demande : https://safe.example/?u=abc <https://safe.example/?u=abc>\n",
     "Oui.\n"},
    {"indented",
     "Oui.\n\n\tSUP-7 · Imprimante en panne · ouvert\n\t\n\tMarie Laurent, lundi 2 "
     "juin 2025 à 10:12 :\n\t\n\tBonjour,\n",
     "Oui.\n"},
    {"own words below", OURS "\nOui, deux fois.\n", NULL},
    {"own words between",
     "Voilà.\n\nSUP-7 · Imprimante en panne · ouvert\n\nMarie Laurent, lundi 2 juin 2025 à "
     "10:12 "
     ":\n\nBonjour,\n\nOui, deux fois, sans effet.\n\nVoir ma demande : x\n",
     NULL},
    {"a word of ours as an answer",
     "Voilà.\n\nSUP-7 · Imprimante en panne · ouvert\n\nMarie Laurent, lundi 2 juin 2025 à "
     "10:12 "
     ":\n\nBonjour,\n\nRépondez simplement à ce mail : votre réponse sera lue par l’équipe.\n\n"
     "Merci\n",
     NULL},
    {"nothing but ours", OURS, NULL},
    {"only its first line", "Je parle de\n\nSUP-7 · Imprimante en panne · ouvert\n", NULL},
    {"another text", "Bonjour,\nSUP-7 ne marche pas, SUP-8 non plus.\n", NULL},
};

static void test_find(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].what);
        g_autoptr(Mail) before = mail_of(cases[i].text);
        g_autofree char *reply = reply_of(cases[i].text);
        g_assert_cmpstr(reply, ==, cases[i].reply ? cases[i].reply : before->reply);
    }
}

/* Repeating one word buys no time. */
static void test_hostile(void)
{
    g_autoptr(GString) ours = g_string_new(NULL);
    g_autoptr(GString) theirs = g_string_new("x\n");
    for (int i = 0; i < 20000; i++) {
        g_string_append(ours, "a ");
        g_string_append(theirs, i % 10 == 9 ? "a b\n" : "a a a a\n");
    }
    g_autoptr(Mail) mail = mail_of(theirs->str);
    g_assert_cmpint(own_quote_find(mail, ours->str), ==, -1);
}

static bool append_to(const guint8 *bytes, gsize length, void *user, GError **error)
{
    g_byte_array_append(user, bytes, (guint)length);
    return true;
}

/* As the notifier does. Its Message-ID is returned. */
static char *send_last(Site *site, const char *address, const char *kind, const char *text,
                       const char *html)
{
    g_autoptr(Notice) notice = site_last(site, address, kind);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(OutboxRow) row = NULL;
    g_autoptr(GError) error = NULL;
    notice->mail.text = text;
    notice->mail.html = html;
    compose_mail(&notice->mail, append_to, bytes, &error);
    g_assert_no_error(error);
    outbox_by_message_id(site->desk->store, notice->mail.message_id, &row, &error);
    g_assert_no_error(error);
    g_assert_nonnull(row);
    g_assert_true(store_begin(site->desk->store, &error));
    g_assert_true(outbox_add_piece(site->desk->store, row->id, 0, bytes->data, 100, &error));
    g_assert_true(outbox_add_piece(site->desk->store, row->id, 1, bytes->data + 100,
                                   bytes->len - 100, &error));
    g_assert_true(store_commit(site->desk->store, &error));
    return g_strdup(notice->mail.message_id);
}

static void answer(Site *site, const char *id, const char *secret, const char *body,
                   const char *reply)
{
    g_autofree char *header = g_strdup_printf("In-Reply-To: <%s>\n", id);
    g_autoptr(Outcome) outcome = site_send(site, JEAN, secret, "Re: x", header, body);
    assert_verdict(outcome, VERDICT_REPLY);
    g_autoptr(TicketView) view = site_view(site, outcome->ticket, JEAN);
    const MessageView *last = view->messages->pdata[view->messages->len - 1];
    g_assert_cmpstr(last->message->reply, ==, reply);
}

/* Either form is recognised: what the reader's program showed is what it quotes. */
static void test_answer(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Imprimante", "", "en panne");
    assert_verdict(opened, VERDICT_TICKET);
    g_autofree char *secret = site_secret(site, JEAN, "acknowledgement");
    g_autofree char *id = send_last(
        site, JEAN, "acknowledgement", OURS,
        "<p>SUP-7 · Imprimante en panne · ouvert</p><p>Votre demande nous est bien parvenue."
        "</p><a href='https://desk.example/ticket/abcdef'>Voir ma demande</a>");
    answer(site, id, secret, "Voici le modèle.\n\n" OURS, "Voici le modèle.\n");
    answer(
        site, id, secret,
        "Encore ceci.\n\nSUP-7 · Imprimante en panne · ouvert\n\nVotre demande nous est bien "
        "parvenue.\nVoir ma demande <https://desk.example/ticket/abcdef>",
        "Encore ceci.\n");
    answer(site, "unknown@desk.example", secret, "Ceci aussi.\n\n" OURS,
           "Ceci aussi.\n\nSUP-7 · Imprimante en panne · ouvert\n\nMarie Laurent, lundi 2 juin "
           "2025 à 10:12 :\n\nBonjour,\n\nAvez-vous essayé de l’éteindre puis de la rallumer ? "
           "Merci de nous dire.\n\nVoir ma demande : "
           "https://desk.example/ticket/abcdef\n\nRépondez "
           "simplement à ce mail : votre réponse sera lue par l’équipe.\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/own-quote/find", test_find);
    g_test_add_func("/own-quote/hostile", test_hostile);
    g_test_add_func("/own-quote/answer", test_answer);
    return g_test_run();
}
