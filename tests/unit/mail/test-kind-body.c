/* What parts and words decide where headers do not, and people who write about bounces. */
#include "core/mail/kind_body.h"
#include "core/mail/notice.h"
#include "core/mail/receipt.h"
#include "core/mail/subject.h"

#include <string.h>

typedef struct {
    const char *what, *from, *subject, *return_path, *text;
    KindBody body;
    MailKind kind;
} Case;

static const char *look_up(const char *name, void *user)
{
    const Case *c = user;
    return strcmp(name, "Return-Path") == 0 ? c->return_path : NULL;
}

static const Case cases[] = {
    {"a person", "a@b", "Printer", NULL, "Hello", {false, "", false}, MAIL_MESSAGE},
    {"a report without its type",
     "a@b",
     "x",
     NULL,
     "",
     {true, "delivery-status", true},
     MAIL_BOUNCE},
    {"a bounce in a multipart/mixed",
     "a@b",
     "x",
     "<>",
     "",
     {false, "delivery-status", true},
     MAIL_BOUNCE},
    {"a person sends a bounce on",
     "a@b",
     "Fwd: Undeliverable: x",
     NULL,
     "This could not be delivered, why?",
     {false, "delivery-status", true},
     MAIL_MESSAGE},
    {"a person writes of a bounce",
     "a@b",
     "Undelivered mail",
     NULL,
     "My mail to you could not be delivered.",
     {false, "", false},
     MAIL_MESSAGE},
    {"the null sender's words",
     "a@b",
     "Mail",
     "<>",
     "It could not be delivered to <c@d>.",
     {false, "", true},
     MAIL_BOUNCE},
    {"the null sender on holiday",
     "a@b",
     "Mail",
     "<>",
     "I am away.",
     {false, "", false},
     MAIL_AUTO_REPLY},
    {"a gateway",
     "post_master@phone.example",
     "Re:x",
     NULL,
     "Error: Invalid user address\n",
     {false, "", false},
     MAIL_BOUNCE},
    {"a feedback report without its type",
     "abuse@isp.example",
     "x",
     NULL,
     "",
     {true, "feedback-report", true},
     MAIL_FEEDBACK},
    {"a complaint of old",
     "staff@isp.example",
     "complaint about message from 192.0.2.1",
     NULL,
     "",
     {false, "", true},
     MAIL_FEEDBACK},
    {"a person complains",
     "a@b",
     "Complaint about message from 192.0.2.1",
     NULL,
     "Stop it.",
     {false, "", false},
     MAIL_MESSAGE},
    {"a receipt in prose",
     "a@b",
     "Lu : Printer",
     NULL,
     "Votre message\n\nA \xc3\xa9t\xc3\xa9 lu le 3 mars",
     {false, "", false},
     MAIL_RECEIPT},
    {"a person's subject",
     "a@b",
     "Read: important",
     NULL,
     "Please read the manual.",
     {false, "", false},
     MAIL_MESSAGE},
    {"a notice of SES",
     "no-reply@sns.amazonaws.com",
     "x",
     NULL,
     "{\"notificationType\":\"Bounce\"}",
     {false, "", false},
     MAIL_BOUNCE},
    {"the same from anybody",
     "a@b",
     "x",
     NULL,
     "{\"notificationType\":\"Bounce\"}",
     {false, "", false},
     MAIL_MESSAGE},
};

static Mail *make_mail(const Case *c)
{
    Mail *mail = mail_new();
    g_ptr_array_add(mail->from, mail_address_new("", c->from));
    g_free(mail->subject);
    g_free(mail->text);
    mail->subject = g_strdup(c->subject);
    mail->text = g_strdup(c->text);
    return mail;
}

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Mail) mail = make_mail(&cases[i]);
        g_test_message("%s", cases[i].what);
        kind_judge(look_up, (void *)&cases[i], "", mail);
        kind_judge_body(look_up, (void *)&cases[i], &cases[i].body, mail);
        g_assert_cmpstr(mail_kind_name(mail->kind), ==, mail_kind_name(cases[i].kind));
        g_assert_cmpint(*mail->machine == '\0', ==, cases[i].kind == MAIL_MESSAGE);
    }
}

static void test_subjects(void)
{
    static const struct {
        const char *subject;
        SubjectSays says;
    } subjects[] = {
        {"Automatic reply: x", SUBJECT_FORMULA},
        {"R\xc3\xa9ponse automatique\xc2\xa0: x", SUBJECT_FORMULA},
        {"Abwesenheitsnotiz: x", SUBJECT_FORMULA},
        {"Respuesta autom\xc3\xa1tica: x", SUBJECT_FORMULA},
        {"Risposta automatica: x", SUBJECT_FORMULA},
        {"Resposta autom\xc3\xa1tica: x", SUBJECT_FORMULA},
        {"Automatisch antwoord: x", SUBJECT_FORMULA},
        {"Autosvar: x", SUBJECT_FORMULA},
        {"Automaattinen vastaus: x", SUBJECT_FORMULA},
        {"Odpowied\xc5\xba automatyczna: x", SUBJECT_FORMULA},
        {"Automatick\xc3\xa1 odpov\xc4\x9b\xc4\x8f: x", SUBJECT_FORMULA},
        {"Automatikus v\xc3\xa1lasz: x", SUBJECT_FORMULA},
        {"Otomatik yan\xc4\xb1t: x", SUBJECT_FORMULA},
        {"\xe8\x87\xaa\xe5\x8b\x95\xe5\xbf\x9c\xe7\xad\x94: x", SUBJECT_FORMULA},
        {"\xe8\x87\xaa\xe5\x8a\xa8\xe5\x9b\x9e\xe5\xa4\x8d\xef\xbc\x9ax", SUBJECT_FORMULA},
        {"Out of office", SUBJECT_MAYBE},
        {"Je suis absent", SUBJECT_MAYBE},
        {"away from keyboard indicator broken", SUBJECT_MAYBE},
        {"absence de r\xc3\xa9seau", SUBJECT_NO},
        {"Auto : devis", SUBJECT_NO},
        {"Re: Automatic reply: x", SUBJECT_NO},
        {"Automatic replying is broken", SUBJECT_NO},
        {"", SUBJECT_NO},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
        g_test_message("%s", subjects[i].subject);
        g_assert_cmpint(subject_says_vacation(subjects[i].subject), ==, subjects[i].says);
    }
    g_assert_true(subject_is_answer("AW: x"));
    g_assert_true(subject_is_answer("TR : x"));
    g_assert_false(subject_is_answer("Retour"));
}

static void test_receipt(void)
{
    static const char part[] =
        "Reporting-UA: x\r\nOriginal-Message-ID: <1@x>\r\n"
        "Disposition: manual-action/MDN-sent-manually;\r\n displayed\r\n";
    static const char *const values[][2] = {
        {"Disposition: automatic-action/MDN-sent-automatically; deleted/error\n", "deleted"},
        {"disposition: Denied\n", "denied"},
        {"Disposition: a; exploded\n", ""},
        {"", ""},
    };
    g_autoptr(Mail) mail = mail_new();
    receipt_read(part, sizeof part - 1, mail);
    g_assert_cmpstr(mail->disposition, ==, "displayed");
    g_assert_cmpstr(mail->original_message_id, ==, "1@x");
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_autoptr(Mail) other = mail_new();
        receipt_read(values[i][0], strlen(values[i][0]), other);
        g_assert_cmpstr(other->disposition, ==, values[i][1]);
    }
}

/* Raw, and as a string within JSON, with other fields between. */
static void test_notice(void)
{
    static const char *const texts[] = {
        "{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Transient\","
        "\"bouncedRecipients\":[{\"status\":\"5.1.1\",\"emailAddress\":\"a@b\"},"
        "{\"emailAddress\":\"c@d\"}]},\"mail\":{\"commonHeaders\":{\"messageId\":\"<1@x>\"}}}",
        "{\"Message\" : \"{\\\"notificationType\\\":\\\"Bounce\\\",\\\"bounce\\\":{"
        "\\\"bouncedRecipients\\\":[{\\\"status\\\":\\\"5.1.1\\\",\\\"emailAd\ndress\\\":"
        "\\\"a@b\\\"},{\\\"emailAddress\\\":\\\"c@d\\\"}]},\\\"commonHeaders\\\":{"
        "\\\"messageId\\\":\\\"<1@x>\\\"}}\"}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(Mail) mail = mail_new();
        g_free(mail->text);
        mail->text = g_strdup(texts[i]);
        notice_read(mail);
        g_assert_cmpuint(mail->bounce_recipients->len, ==, 2);
        const MailBounceRecipient *first = mail->bounce_recipients->pdata[0],
                                  *second = mail->bounce_recipients->pdata[1];
        g_assert_cmpstr(first->address, ==, "a@b");
        g_assert_cmpstr(first->status, ==, "5.1.1");
        g_assert_cmpstr(second->address, ==, "c@d");
        g_assert_cmpstr(second->status, ==, "4.0.0");
        g_assert_cmpstr(mail->original_message_id, ==, "1@x");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kind-body/cases", test_cases);
    g_test_add_func("/kind-body/subjects", test_subjects);
    g_test_add_func("/kind-body/receipt", test_receipt);
    g_test_add_func("/kind-body/notice", test_notice);
    return g_test_run();
}
