/* Bounces in mail servers' own words: whom, why, which mail; and what only looks like one. */
#include "core/mail/bounce_prose.h"
#include "core/mail/bounce_status.h"

#include <string.h>

static Mail *read_text(const char *text, const char *failed)
{
    Mail *mail = mail_new();
    g_ptr_array_add(mail->to, mail_address_new("", "me@here.example"));
    g_ptr_array_add(mail->from, mail_address_new("", "MAILER-DAEMON@mx.example"));
    g_free(mail->text);
    mail->text = g_strdup(text);
    bounce_prose_read(failed, mail);
    return mail;
}

static char *describe(const Mail *mail)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < mail->bounce_recipients->len; i++) {
        const MailBounceRecipient *r = mail->bounce_recipients->pdata[i];
        g_string_append_printf(out, "[%s|%s|%s]", r->address, r->action, r->status);
    }
    g_string_append(out, mail->original_message_id);
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *what, *text, *expected;
} Case;

static const Case cases[] = {
    {"qmail",
     "Hi. This is the qmail-send program at mx.example.\n"
     "I'm afraid I wasn't able to deliver your message to the following addresses.\n\n"
     "<a@b.example>:\n192.0.2.1 does not like recipient.\n"
     "Remote host said: 550 5.2.1 mailbox closed\nGiving up on 192.0.2.1.\n\n"
     "<c@d.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
     "--- Below this line is a copy of the message.\n\n"
     "Return-Path: <me@here.example>\nMessage-ID: <1@here.example>\nTo: x@y.example\n\nHello\n",
     "[a@b.example|failed|5.2.1][c@d.example|failed|5.1.1]1@here.example"},
    {"Exchange, a date behind the address",
     "Your message\n\n  To: Bob\n  Subject: x\n\n"
     "did not reach the following recipient(s):\n\n"
     "a@b.example on Fri, 7 Feb 2025 16:40:05 +0100\n"
     "    The e-mail account does not exist at the organization.\n    <b.example #5.1.1>\n",
     "[a@b.example|failed|5.1.1]"},
    {"Exim",
     "A message that you sent could not be delivered to one or more of its\n"
     "recipients. This is a permanent error. The following address(es) failed:\n\n"
     "  a@b.example\n    Unrouteable address\n\n"
     "------ This is a copy of the message, including all the headers. ------\n\n"
     "Return-path: <me@here.example>\nTo: z@z.example\nMessage-ID: <2@here.example>\n",
     "[a@b.example|failed|5.1.1]2@here.example"},
    {"Postfix, no report part",
     "This is the mail system at host mx.example.\n\n"
     "If you do so, please contact\npostmaster@mx.example\n\n"
     "<a@b.example>: host mx.b.example[192.0.2.1] said: 452 4.2.2 Mailbox\n    full (in "
     "reply\n",
     "[a@b.example|failed|4.2.2]"},
    {"a transcript apart from the addresses",
     "   ----- The following addresses had permanent fatal errors -----\n<a@b.example>\n\n"
     "   ----- Transcript of session follows -----\n... while talking to mx.b.example.:\n"
     ">>> RCPT To:<a@b.example>\n<<< 553 5.3.0 No such thing\n550 5.1.1 User unknown\n",
     "[a@b.example|failed|5.3.0]"},
    {"a delay",
     "Message delivery has been delayed and will be retried.\n\n  a@b.example\n"
     "    Delay reason: Connection timed out\n",
     "[a@b.example|delayed|4.4.1]"},
    {"the address within a sentence",
     "There was an error delivering your mail to <a@b.example>.\n\nHost said: 552 over quota\n",
     "[a@b.example|failed|5.2.2]"},
    {"French",
     "Votre message n'a pas pu \xc3\xaatre remis \xc3\xa0 a@b.example\n"
     "Raison : bo\xc3\xaete pleine\n",
     "[a@b.example|failed|5.2.2]"},
    {"only the returned mail names somebody",
     "Your message could not be delivered.\n\n----- Original message -----\n"
     "From: me@here.example\nTo: A <a@b.example>\nMessage-ID: <3@here.example>\n",
     "[a@b.example|failed|5.0.0]3@here.example"},
    {"a header without a mark in front",
     "Delivery failed.\n\nReceived: from x\nReturn-Path: <me@here.example>\n"
     "To: <a@b.example>\nMessage-ID: <4@here.example>\nSubject: x\n",
     "[a@b.example|failed|5.0.0]4@here.example"},
    {"whom it is from or to is not whom it did not reach",
     "could not be delivered\n<me@here.example>: no\n<MAILER-DAEMON@mx.example>: no\n", ""},
    {"nothing", "", ""},
};

static void test_prose(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].what);
        g_autoptr(Mail) mail = read_text(cases[i].text, NULL);
        g_autofree char *got = describe(mail);
        g_assert_cmpstr(got, ==, cases[i].expected);
    }
}

static void test_failed_header(void)
{
    g_autoptr(Mail) mail = read_text("Could not deliver.\n  x@y.example\n", "a@b.example, c@d");
    g_autofree char *got = describe(mail);
    g_assert_cmpstr(got, ==, "[a@b.example|failed|5.0.0][c@d|failed|5.0.0]");
}

/* Two hundred thousand addresses, one long line, cut characters: bounded in number and time. */
static void test_bounds(void)
{
    g_autoptr(GString) many = g_string_new("could not be delivered\n");
    for (int i = 0; i < 50000; i++)
        g_string_append_printf(many, "<u%d@b.example>: 550 no\n", i);
    gint64 start = g_get_monotonic_time();
    g_autoptr(Mail) mail = read_text(many->str, NULL);
    g_assert_cmpuint(mail->bounce_recipients->len, ==, 100);

    g_autoptr(GString) line = g_string_new("could not be delivered ");
    for (int i = 0; i < 50000; i++)
        g_string_append(line, "\xc3\xa9@\xc3\xa9 ");
    g_autoptr(Mail) wide = read_text(line->str, NULL);
    g_assert_cmpuint(wide->bounce_recipients->len, <=, 100);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);
}

static void test_speaks(void)
{
    g_assert_true(bounce_prose_speaks("Your message could not be delivered to x."));
    g_assert_true(bounce_prose_speaks("Ihre Nachricht konnte nicht zugestellt werden"));
    g_assert_false(bounce_prose_speaks("Thank you.\n> could not be delivered\n"));
    g_assert_false(
        bounce_prose_speaks("See:\n----- Original message -----\ndelivery failed\n"));
    g_assert_false(bounce_prose_speaks(""));
}

static void test_status(void)
{
    static const struct {
        const char *text;
        bool temporary;
        const char *expected;
    } texts[] = {
        {"550 5.1.1 User unknown", false, "5.1.1"},
        {"550 User unknown", false, "5.1.1"},
        {"450 Mailbox full", false, "4.2.2"},
        {"mailbox full", false, "5.2.2"},
        {"mailbox full", true, "4.2.2"},
        {"554 5.0.0 Service unavailable: 550 5.7.1 spam", false, "5.7.1"},
        {"User\n    unknown", false, "5.1.1"},
        {"host 5.1.1.9 said 550", false, "5.0.0"},
        {"Retry timeout exceeded", false, "4.4.7"},
        {"552 message too large", false, "5.3.4"},
        {"too many hops", false, "5.4.6"},
        {"Relaying denied", false, "5.7.1"},
        {"Host not found", false, "5.1.2"},
        {"Account disabled", false, "5.2.1"},
        {"Empf\xc3\xa4nger unbekannt", false, "5.1.1"},
        {"ticket 5500 in room 550a", false, ""},
        {"hello", false, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_test_message("%s", texts[i].text);
        g_autofree char *got = bounce_status_guess(texts[i].text, texts[i].temporary);
        g_assert_cmpstr(got, ==, texts[i].expected);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounce/prose", test_prose);
    g_test_add_func("/bounce/failed-header", test_failed_header);
    g_test_add_func("/bounce/bounds", test_bounds);
    g_test_add_func("/bounce/speaks", test_speaks);
    g_test_add_func("/bounce/status", test_status);
    return g_test_run();
}
