/* What `mailwicket explain` shows a person of a mail that is understood. */
#include "ctl/explain.h"

#include <string.h>

#define SITE                                                                                   \
    "[site]\nname = n\ndomain = d.example\nbase_url = https://d.example\n"                     \
    "data_dir = /d\nkey_file = /k\ntimezone = Europe/Paris\n"                                  \
    "[mail]\ntransport = maildir:/m\n"

static void set(char **where, const char *value)
{
    g_free(*where);
    *where = g_strdup(value);
}

static char *words(const Mail *mail, const char *more, const Outcome *outcome, bool all)
{
    g_autoptr(Config) config = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = g_strconcat(SITE, more, NULL);
    g_assert_true(config_parse("test", text, strlen(text), &config, &error));
    g_assert_no_error(error);
    g_autoptr(GString) out = g_string_new(NULL);
    const Explained explained = {
        .file = "a.eml", .mail = mail, .config = config, .outcome = outcome, .all = all};
    explain_words(&explained, out);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void assert_says(const char *text, const char *wanted)
{
    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, wanted));
}

static Mail *reply(void)
{
    Mail *mail = mail_new();
    set(&mail->text, "Yes.\n-- \nZoe\nOn Monday we wrote:\n> 1\n> 2\n> 3\n> 4\n> 5\n");
    set(&mail->reply, "Yes.\n");
    set(&mail->signature, "-- \nZoe\n");
    set(&mail->quoted, "On Monday we wrote:\n> 1\n> 2\n> 3\n> 4\n> 5\n");
    return mail;
}

static void test_marks(void)
{
    g_autoptr(Mail) mail = reply();
    g_ptr_array_add(mail->cuts, mail_cut_new(2, 2, true, "a signature mark"));
    g_ptr_array_add(mail->cuts, mail_cut_new(4, 6, false, "an attribution"));
    g_autofree char *brief = words(mail, "", NULL, false);
    assert_says(brief, "1 new (|), 2 signature (~), 6 quoted (>)\n"
                       "    | Yes.\n"
                       "    ~ -- \n"
                       "    ~ Zoe\n"
                       "    ~ (signature: a signature mark)\n"
                       "    > On Monday we wrote:\n"
                       "    > > 1\n"
                       "    > > 2\n"
                       "    > > 3\n"
                       "    > … 2 more lines\n"
                       "    > (quoted: an attribution)\n");
    g_autofree char *all = words(mail, "", NULL, true);
    assert_says(all, "    > > 4\n    > > 5\n    > (quoted: an attribution)\n");
}

/* Interleaved: what comes after a cut is the reply again. */
static void test_marks_between(void)
{
    g_autoptr(Mail) mail = mail_new();
    set(&mail->text, "> a?\nyes\n> b?\nno");
    set(&mail->reply, "yes\nno");
    set(&mail->quoted, "> a?\n> b?\n");
    g_ptr_array_add(mail->cuts, mail_cut_new(1, 1, false, "quote marks"));
    g_ptr_array_add(mail->cuts, mail_cut_new(3, 1, false, "quote marks"));
    g_autofree char *text = words(mail, "", NULL, false);
    assert_says(text, "    > > a?\n    > (quoted: quote marks)\n    | yes\n"
                      "    > > b?\n    > (quoted: quote marks)\n    | no\n");
}

/* Without cuts that say where, the three parts stand one after another. */
static void test_marks_unknown(void)
{
    g_autoptr(Mail) mail = reply();
    g_autofree char *text = words(mail, "", NULL, false);
    assert_says(text, "    | Yes.\n    ~ -- \n    ~ Zoe\n    > On Monday we wrote:\n");
}

static void test_bounce(void)
{
    g_autoptr(Mail) mail = mail_new();
    MailBounceRecipient *recipient = mail_bounce_recipient_new();
    mail->kind = MAIL_BOUNCE;
    set(&mail->machine, "delivery status notification");
    set(&recipient->address, "gone@client.test");
    set(&recipient->action, "failed");
    set(&recipient->status, "5.1.1");
    set(&recipient->diagnostic, "550 no such user");
    set(&mail->original_message_id, "m7@d.example");
    g_ptr_array_add(mail->bounce_recipients, recipient);
    g_autofree char *text = words(mail, "", NULL, false);
    assert_says(text, "bounce, because: delivery status notification\n");
    assert_says(text, "gone@client.test: failed, 5.1.1\n");
    assert_says(text, "550 no such user\n");
    assert_says(text, "<m7@d.example>\n");
}

static void add_check(Mail *mail, const char *server, int hop)
{
    MailAuthResult *result = mail_auth_result_new();
    set(&result->server, server);
    set(&result->method, "dmarc");
    set(&result->result, "pass");
    set(&result->identity, "client.test");
    result->hop = hop;
    g_ptr_array_add(mail->auth, result);
}

static void test_checks(void)
{
    g_autoptr(Mail) mail = mail_new();
    add_check(mail, "mx.d.example", 0);
    add_check(mail, "mx.d.example", 1);
    add_check(mail, "mx.evil.test", 0);
    g_autofree char *ours = words(mail, "authserv_id = mx.d.example\n", NULL, false);
    assert_says(ours, "mx.d.example says dmarc=pass client.test: counts\n");
    assert_says(ours, "dmarc=pass client.test: ignored, it came in with the mail");
    assert_says(ours, "mx.evil.test says dmarc=pass client.test: ignored, another server's\n");
    g_autofree char *none = words(mail, "", NULL, false);
    g_assert_null(strstr(none, "counts"));
    assert_says(none, "ignored, no authserv_id is configured\n");
}

static void test_decision(void)
{
    g_autoptr(Mail) mail = mail_new();
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_ptr_array_add(found, (gpointer) "domain");
    const Outcome outcome = {.verdict = VERDICT_REPLY,
                             .queue = (char *)"support",
                             .ticket = (char *)"SUP-7",
                             .person = (char *)"zoe@client.test",
                             .proofs = found,
                             .reason = (char *)"a participant's answer"};
    g_autofree char *text = words(mail, "authserv_id = mx.d.example\n", &outcome, false);
    assert_says(text, "domain: found\n");
    assert_says(text, "secret: missing, it was not sent to a reply address of theirs\n");
    assert_says(text, "reply, because: a participant's answer\n");
    assert_says(text, "SUP-7 in queue support\n");
    /* Where domains can be proven, a token proves nothing. */
    g_assert_null(strstr(text, "token"));
    g_autofree char *weak = words(mail, "", &outcome, false);
    assert_says(weak, "token: missing");
}

static void test_json_cuts(void)
{
    g_autoptr(Mail) mail = reply();
    g_autoptr(GString) out = g_string_new(NULL);
    g_ptr_array_add(mail->cuts, mail_cut_new(2, 2, true, "a signature mark"));
    g_ptr_array_add(mail->remarks, g_strdup("encrypted"));
    const Explained explained = {.file = "a.eml", .mail = mail};
    explain_json(&explained, out);
    assert_says(out->str, "\"cuts\":[{\"part\":\"signature\",\"line\":2,\"lines\":2,"
                          "\"rule\":\"a signature mark\"}]");
    assert_says(out->str, "\"remarks\":[\"encrypted\"]");
    assert_says(out->str, "\"forwarded\":null");
    g_assert_true(g_str_has_suffix(out->str, "}\n"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/explain/marks", test_marks);
    g_test_add_func("/explain/marks-between", test_marks_between);
    g_test_add_func("/explain/marks-unknown", test_marks_unknown);
    g_test_add_func("/explain/bounce", test_bounce);
    g_test_add_func("/explain/checks", test_checks);
    g_test_add_func("/explain/decision", test_decision);
    g_test_add_func("/explain/json-cuts", test_json_cuts);
    return g_test_run();
}
