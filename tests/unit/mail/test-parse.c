/* Whole mails: header fields, where they came from, replies, bounces, and bad input. */
#include "tests/unit/mail/fixture.h"

static char *describe(const GPtrArray *list)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const MailAddress *address = list->pdata[i];
        g_string_append_printf(out, "[%s|%s]", address->name, address->address);
    }
    return g_string_free(out, FALSE);
}

static void check_people(const GPtrArray *list, const char *wanted)
{
    g_autofree char *got = describe(list);
    g_assert_cmpstr(got, ==, wanted);
}

static void check_strings(GPtrArray *list, const char *wanted)
{
    g_autoptr(GString) got = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(got, "[%s]", (const char *)list->pdata[i]);
    g_assert_cmpstr(got->str, ==, wanted);
}

static void test_question(void)
{
    g_autoptr(Mail) mail = fixture_parse("question-windows-1252.eml");
    g_assert_cmpstr(mail->subject, ==, "L’imprimante du 2e étage");
    g_assert_cmpstr(mail->message_id, ==, "q1@client.example");
    g_assert_cmpint(mail->date, ==, 1795162320);
    g_assert_cmpint(mail->kind, ==, MAIL_MESSAGE);
    g_assert_cmpint(mail->priority, ==, PRIORITY_NORMAL);
    g_assert_cmpint(mail->from_fields, ==, 1);
    check_people(mail->from, "[Claire Dupont|claire.dupont@client.example]");
    g_assert_cmpstr(mail->reply, ==, mail->text);
    g_assert_cmpstr(mail->quoted, ==, "");
}

/* The same answer as Outlook sends it, in both forms and as HTML alone. */
static void test_outlook(void)
{
    static const char *const files[] = {"reply-outlook.eml", "reply-outlook-html.eml"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(Mail) mail = fixture_parse(files[i]);
        g_assert_cmpstr(mail->subject, ==, "RE: [SUP-42-7kq2m9xw] L’imprimante du 2e étage");
        check_strings(mail->in_reply_to, "[m1@desk.example]");
        check_strings(mail->references, "[q1@client.example][m1@desk.example]");
        g_assert_cmpint(mail->priority, ==, PRIORITY_HIGH); /* Importance before X-Priority */
        g_assert_cmpstr(mail->reply, ==,
                        "Bonjour Paul,\n\nMerci, l’imprimante fonctionne de nouveau.\n\n"
                        "Bien cordialement,\nClaire\n");
        g_assert_true(g_str_has_prefix(mail->quoted, "\nDe : Support <support@desk.example>\n"
                                                     "Envoyé : vendredi 20 novembre 2026"));
        g_assert_nonnull(strstr(mail->quoted, "Pouvez-vous redémarrer l’appareil ?"));
        g_assert_cmpuint(mail->attachments->len, ==, 0);
    }
}

static void test_telephone(void)
{
    g_autoptr(Mail) mail = fixture_parse("reply-iphone.eml");
    g_assert_cmpstr(mail->reply, ==, "Toujours bloquée, désolée.\n");
    g_assert_cmpstr(mail->signature, ==, "\nEnvoyé de mon iPhone\n");
    g_assert_nonnull(strstr(mail->quoted, "> Pouvez-vous"));
}

static void test_interleaved(void)
{
    g_autoptr(Mail) mail = fixture_parse("interleaved-flowed.eml");
    g_assert_cmpstr(mail->quoted, ==, "Le 20/11/2026 à 10:31, Support a écrit :\n");
    g_assert_cmpstr(mail->signature, ==, "-- \nClaire Dupont\n");
    g_assert_nonnull(strstr(mail->reply,
                            "> Avez-vous redémarré l'appareil après la mise à jour "
                            "de ce matin ?\n"));
    g_assert_nonnull(strstr(mail->reply, "parfois deux.\n"));
    g_assert_nonnull(strstr(mail->reply, "XK-4471\n"));
}

static void test_trace(void)
{
    g_autoptr(Mail) mail = fixture_parse("trace.eml");
    g_assert_cmpstr(mail->return_path, ==, "claire.dupont@client.example");
    /* What a client calls itself is never taken for its address. */
    check_strings(mail->received_from, "[192.0.2.7][2001:db8::9][][198.51.100.2][192.0.2.99]");
    g_assert_cmpuint(mail->auth->len, ==, 2);
    const MailAuthResult *own = mail->auth->pdata[0], *below = mail->auth->pdata[1];
    g_assert_cmpint(own->hop, ==, 0);
    g_assert_cmpstr(own->identity, ==, "client.example");
    g_assert_cmpint(below->hop, ==, 1);
    check_people(mail->from, "[Dupont, Claire|claire.dupont@client.example]");
    check_people(mail->to, "[|support@desk.example][Émile À|emile@desk.example]");
    check_people(mail->cc, "[|a@client.example][B, b|b@client.example]");
    check_people(mail->reply_to, "[|secretariat@client.example]");
    check_strings(mail->loop_marks, "[support@desk.example]");
    g_assert_cmpint(mail->priority, ==, PRIORITY_HIGH);
}

static void test_bounce(void)
{
    g_autoptr(Mail) mail = fixture_parse("bounce.eml");
    g_assert_cmpint(mail->kind, ==, MAIL_BOUNCE);
    g_assert_cmpstr(mail->return_path, ==, "");
    g_assert_cmpuint(mail->bounce_recipients->len, ==, 1);
    const MailBounceRecipient *recipient = mail->bounce_recipients->pdata[0];
    g_assert_cmpstr(recipient->address, ==, "parti@client.example");
    g_assert_cmpstr(recipient->action, ==, "failed");
    g_assert_cmpstr(recipient->status, ==, "5.1.1");
    g_assert_cmpstr(mail->original_message_id, ==, "m7@desk.example");
    g_assert_nonnull(strstr(mail->text, "could not be delivered"));
}

static const struct {
    const char *header;
    MailPriority priority;
} priorities[] = {
    {"Importance: High", PRIORITY_HIGH},
    {"Importance: low", PRIORITY_LOW},
    {"X-Priority: 1 (Highest)", PRIORITY_HIGH},
    {"X-Priority: 2", PRIORITY_HIGH},
    {"X-Priority: 3", PRIORITY_NORMAL},
    {"X-Priority: 5 (Lowest)", PRIORITY_LOW},
    {"Priority: urgent", PRIORITY_HIGH},
    {"Priority: non-urgent", PRIORITY_LOW},
    {"Priority: urgent\nX-Priority: 5", PRIORITY_LOW},
    {"X-Priority: 1\nImportance: normal", PRIORITY_NORMAL},
    {"Importance: world-shaking", PRIORITY_NORMAL},
    {"X-Priority: 11", PRIORITY_NORMAL},
    {"Subject: Importance: high", PRIORITY_NORMAL},
};

static void test_priority(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(priorities); i++) {
        g_autofree char *raw = g_strconcat(priorities[i].header, "\n\ntext\n", NULL);
        g_autoptr(Mail) mail = fixture_parse_text(raw);
        g_test_message("%s", priorities[i].header);
        g_assert_cmpint(mail->priority, ==, priorities[i].priority);
    }
}

/* Line breaks in encoded words end up as spaces. */
static void test_injection(void)
{
    g_autoptr(Mail) mail = fixture_parse("crlf-word.eml");
    g_assert_cmpstr(mail->subject, ==, "Bonjour Bcc: evil@evil.example X");
    check_people(mail->from, "[Claire Bcc: evil@evil.example|claire.dupont@client.example]");
}

/* Identity needs exactly one From with one mailbox: that must show. */
static void test_from(void)
{
    g_autoptr(Mail) two = fixture_parse("two-from.eml");
    g_assert_cmpint(two->from_fields, ==, 2);
    check_people(two->from, "[Tech|tech@desk.example][Evil|evil@evil.example]");
    g_autoptr(Mail) none = fixture_parse("no-from.eml");
    g_assert_cmpint(none->from_fields, ==, 0);
    g_assert_cmpuint(none->from->len, ==, 0);
    /* What follows a NUL is not hidden, and the address is nobody else's. */
    g_autoptr(Mail) nul = fixture_parse("nul.eml");
    g_assert_cmpstr(nul->subject, ==, "avantapres");
    check_people(nul->from, "[Tech|tech@desk.example\357\277\275@evil.example]");
}

static void test_nothing(void)
{
    g_autoptr(Mail) empty = fixture_parse("empty.eml");
    g_assert_null(empty->unparsed);
    g_assert_cmpstr(empty->text, ==, "");
    g_assert_cmpstr(empty->reply, ==, "");
    g_autoptr(Mail) header = fixture_parse("header-only.eml");
    g_assert_cmpstr(header->subject, ==, "rien");
    g_autoptr(Mail) body = fixture_parse("no-header.eml");
    g_assert_true(g_str_has_prefix(body->reply, "Bonjour, ceci n'a pas d'en-tête."));
    g_autoptr(Mail) mbox =
        fixture_parse_text("From ann@x.org Fri Nov 20 09:12:00 2026\nSubject: a\n\nb\n");
    g_assert_cmpstr(mbox->subject, ==, "a");
    g_assert_cmpstr(mbox->text, ==, "b\n");
}

/* The nearest ancestors are kept. */
static void test_many_references(void)
{
    g_autoptr(GString) raw = g_string_new("References:");
    for (int i = 0; i < 150; i++)
        g_string_append_printf(raw, "\n <%d@x>", i);
    g_string_append(raw, "\n\nbody\n");
    g_autoptr(Mail) mail = fixture_parse_text(raw->str);
    g_assert_cmpuint(mail->references->len, ==, 100);
    g_assert_cmpstr(mail->references->pdata[0], ==, "50@x");
    g_assert_cmpstr(mail->references->pdata[99], ==, "149@x");
}

/* Nested groups overflow the stack of recursive address parsers. */
static void test_group_bomb(void)
{
    g_autoptr(GString) raw = g_string_new("Subject: bomb\nTo: ");
    while (raw->len < 200 * 1024)
        g_string_append(raw, "a:");
    g_string_append(raw, "\n\nbody\n");
    g_autoptr(Mail) mail = fixture_parse_text(raw->str);
    g_assert_cmpstr(mail->subject, ==, "bomb");
    g_assert_cmpstr(mail->text, ==, "body\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/parse/question", test_question);
    g_test_add_func("/mail/parse/outlook", test_outlook);
    g_test_add_func("/mail/parse/telephone", test_telephone);
    g_test_add_func("/mail/parse/interleaved", test_interleaved);
    g_test_add_func("/mail/parse/trace", test_trace);
    g_test_add_func("/mail/parse/bounce", test_bounce);
    g_test_add_func("/mail/parse/priority", test_priority);
    g_test_add_func("/mail/parse/injection", test_injection);
    g_test_add_func("/mail/parse/from", test_from);
    g_test_add_func("/mail/parse/nothing", test_nothing);
    g_test_add_func("/mail/parse/many-references", test_many_references);
    g_test_add_func("/mail/parse/group-bomb", test_group_bomb);
    return g_test_run();
}
