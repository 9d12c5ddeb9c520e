/* Delivery reports as servers write them, and as attackers might. */
#include "core/mail/report.h"

#include <string.h>

/* The text in a block of its exact size, so that reading past its end is seen. */
static Mail *read_status(const char *text, gsize length)
{
    Mail *mail = mail_new();
    g_autofree char *block = g_memdup2(text, length);
    report_read_status(block, length, mail);
    return mail;
}

static char *describe(const Mail *mail)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < mail->bounce_recipients->len; i++) {
        const MailBounceRecipient *r = mail->bounce_recipients->pdata[i];
        g_string_append_printf(out, "[%s|%s|%s|%s]", r->address, r->action, r->status,
                               r->diagnostic);
    }
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *what, *status, *expected;
} Case;

static const Case cases[] = {
    {"Postfix",
     "Reporting-MTA: dns; mx.example\nArrival-Date: Fri, 20 Nov 2026 09:12:00 +0100\n\n"
     "Final-Recipient: rfc822; a@b.example\nOriginal-Recipient: rfc822;A@b.example\n"
     "Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.b.example\n"
     "Diagnostic-Code: smtp; 550 5.1.1 <a@b.example>: Recipient address rejected:\n"
     "    User unknown\n",
     "[a@b.example|failed|5.1.1|550 5.1.1 <a@b.example>: Recipient address rejected: "
     "User unknown]"},
    {"two recipients, CRLF",
     "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: delayed\r\n"
     "Status: 4.4.1\r\n\r\nFinal-Recipient: rfc822; c@d\r\nAction: failed\r\nStatus: 5.2.2\r\n",
     "[a@b|delayed|4.4.1|][c@d|failed|5.2.2|]"},
    {"no blank line between them",
     "Final-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n"
     "Final-Recipient: rfc822; c@d\nAction: failed\nStatus: 5.1.2\n",
     "[a@b|failed|5.1.1|][c@d|failed|5.1.2|]"},
    {"no spaces, no type, lower case",
     "final-recipient:a@b\naction:FAILED\nstatus:5.0.0(unknown)\ndiagnostic-code:x-unix;no\n",
     "[a@b|failed|5.0.0|no]"},
    {"angle brackets", "Final-Recipient: RFC822; <a@b>\nAction: failed\n", "[a@b|failed||]"},
    {"only the original", "Original-Recipient: rfc822;a@b\nAction: failed\nStatus: 5.1.1\n",
     "[a@b|failed|5.1.1|]"},
    {"the final one wins",
     "Original-Recipient: rfc822;alias@b\nFinal-Recipient: rfc822;real@b\nAction: failed\n",
     "[real@b|failed||]"},
    {"status only in the diagnostic",
     "Final-Recipient: rfc822; a@b\nAction: failed\n"
     "Diagnostic-Code: smtp; 550-5.7.1 [203.0.113.5] refused\n",
     "[a@b|failed|5.7.1|550-5.7.1 [203.0.113.5] refused]"},
    {"an IP address is no status",
     "Final-Recipient: rfc822; a@b\nDiagnostic-Code: smtp; 550 from 5.6.7.8 no\n",
     "[a@b||5.0.0|550 from 5.6.7.8 no]"},
    {"status out of range", "Final-Recipient: rfc822; a@b\nStatus: 9.1.1\n", "[a@b|||]"},
    {"status without end", "Final-Recipient: rfc822; a@b\nStatus: 5.1.1000\n", "[a@b|||]"},
    {"another word for failed", "Final-Recipient: rfc822; a@b\nAction: failure\n",
     "[a@b|failed||]"},
    {"an action of their own", "Final-Recipient: rfc822; a@b\nAction: exploded\n", "[a@b|||]"},
    {"no recipient", "Reporting-MTA: dns; x\n\nAction: failed\nStatus: 5.0.0\n", ""},
    {"nothing", "", ""},
    {"prose", "Dear sir,\nyour mail: lost.\n", ""},
    {"control bytes", "Final-Recipient: rfc822; a\x07@b\nDiagnostic-Code: smtp; \x1b[31mred\n",
     "[a@b|||[31mred]"},
};

static void test_status(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Mail) mail = read_status(cases[i].status, strlen(cases[i].status));
        g_autofree char *got = describe(mail);
        g_test_message("%s", cases[i].what);
        g_assert_cmpstr(got, ==, cases[i].expected);
    }
}

static void test_bounds(void)
{
    g_autoptr(GString) many = g_string_new(NULL);
    for (int i = 0; i < 5000; i++)
        g_string_append_printf(many, "Final-Recipient: rfc822; u%d@b\n\n", i);
    g_autoptr(Mail) mail = read_status(many->str, many->len);
    g_assert_cmpuint(mail->bounce_recipients->len, ==, 100);

    g_autofree char *x = g_strnfill(1 << 20, 'x');
    g_autofree char *text =
        g_strconcat("Final-Recipient: rfc822; a@b\nDiagnostic-Code: smtp; ", x, "\n", NULL);
    g_autoptr(Mail) huge = read_status(text, strlen(text));
    const MailBounceRecipient *recipient = huge->bounce_recipients->pdata[0];
    g_assert_cmpuint(strlen(recipient->diagnostic), <=, 2048);

    static const char with_nul[] = "Final-Recipient: rfc822; a\0b@c\nAction: failed\n";
    g_autoptr(Mail) nul = read_status(with_nul, sizeof with_nul - 1);
    g_autofree char *got = describe(nul);
    g_assert_cmpstr(got, ==, "[ab@c|failed||]");
}

static void test_original(void)
{
    static const char *const originals[][2] = {
        {"From: a@b\nMessage-ID: <1@x>\n\nbody\n", "1@x"},
        {"From: a@b\r\nmessage-id:\r\n <1@x>\r\n", "1@x"},
        {"\n\nReceived: x\nMessage-Id: 1@x (added)\n\n", ""},
        {"Message-Id: 1@x\n", "1@x"},
        {"Subject: x\n\nMessage-ID: <in-the-body@x>\n", ""},
        {"Message-ID: <a b@x>\n", ""},
        {"Message-ID: <>\nMessage-ID: <2@x>\n", "2@x"},
        {"Message-ID: <unclosed@x\n", ""},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(originals); i++) {
        g_autoptr(Mail) mail = mail_new();
        gsize length = strlen(originals[i][0]);
        g_autofree char *block = g_memdup2(originals[i][0], length);
        report_read_original(block, length, mail);
        g_assert_cmpstr(mail->original_message_id, ==, originals[i][1]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/status", test_status);
    g_test_add_func("/report/bounds", test_bounds);
    g_test_add_func("/report/original", test_original);
    return g_test_run();
}
