/* A second look at a mail: bounces without a report-type, without a daemon's name, or inside
 * the notice of a mail service; receipts in prose; complaints without a feedback report.
 *
 * A part or a phrase alone proves nothing, for people forward bounces and write about them. It
 * counts together with a sign of a machine: the null sender, a sender's name that no person
 * has, a machine's header, or a subject that a server wrote and that is no answer or forward.
 *
 * Not here: what the bounce says (report.c, bounce_prose.c, notice.c). */
#include "core/mail/kind_body.h"

#include "core/mail/bounce_prose.h"
#include "core/mail/notice.h"
#include "core/mail/receipt.h"
#include "core/mail/signs.h"
#include "core/mail/subject.h"

#include <string.h>

static bool is_nobody(const Evidence *evidence)
{
    return sign_has_no_author(evidence->mail) || sign_is_null_sender(evidence);
}

static bool is_machines_name(const Mail *mail)
{
    static const char *const names[] = {
        "mailer-daemon", "mail-daemon",   "postmaster",      "post_master", "no-reply",
        "noreply",       "no_reply",      "do-not-reply",    "donotreply",  "do_not_reply",
        "bounce",        "bounces",       "mailsystem",      "mail-system", "mailer",
        "smtp",          "mta",           "delivery",        "listserv",    "majordomo",
        "nepasrepondre", "autoresponder", "ne-pas-repondre", "systemadmin", NULL};
    return sign_from_is(mail, names);
}

/* Did a mail server most likely write this subject? */
static bool has_failure_subject(const Mail *mail)
{
    return subject_says_failure(mail->subject) && !subject_is_answer(mail->subject);
}

static bool looks_like_machine(const Evidence *evidence)
{
    const Mail *mail = evidence->mail;
    return is_nobody(evidence) || is_machines_name(mail) || has_failure_subject(mail) ||
           mail->kind == MAIL_AUTO_REPLY;
}

/* --- the rules --------------------------------------------------------------------------- */

static bool judge_part(const Evidence *evidence, const KindBody *body)
{
    static const struct {
        const char *part;
        MailKind kind;
        const char *machine;
    } parts[] = {
        {"delivery-status", MAIL_BOUNCE, "a delivery status part"},
        {"disposition-notification", MAIL_RECEIPT, "a disposition notification part"},
        {"feedback-report", MAIL_FEEDBACK, "a feedback report part"},
    };
    if (!body->is_report && !looks_like_machine(evidence))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strcmp(body->part, parts[i].part) == 0)
            return evidence->mail->kind == parts[i].kind ||
                   sign_decide(evidence, parts[i].kind, parts[i].machine);
    return false;
}

static bool judge_notice(const Evidence *evidence)
{
    switch (notice_kind(evidence->mail)) {
    case NOTICE_BOUNCE:
        return sign_decide(evidence, MAIL_BOUNCE, "a bounce notice of a mail service");
    case NOTICE_COMPLAINT:
        return sign_decide(evidence, MAIL_FEEDBACK, "a complaint notice of a mail service");
    case NOTICE_DELIVERY:
        return sign_decide(evidence, MAIL_AUTO_REPLY, "a delivery notice of a mail service");
    case NOTICE_NONE:
        break;
    }
    return false;
}

/* Does the mail answer by itself, which a bounce may do too? Exchange calls its bounces so. */
static bool is_auto_replied(const Evidence *evidence)
{
    const char *value = sign_look_up(evidence, "Auto-Submitted"), *word;
    gsize length;
    return value && sign_next_word(&value, &word, &length) &&
           sign_word_is(word, length, "auto-replied");
}

static bool judge_prose(const Evidence *evidence, const KindBody *body)
{
    /* Gateways of phone companies; no person is called so. */
    static const char *const gateways[] = {"post_master", NULL};
    const Mail *mail = evidence->mail;
    bool gateway = sign_from_is(mail, gateways), subject = has_failure_subject(mail),
         nobody = is_nobody(evidence), answer = is_auto_replied(evidence);
    if (!gateway && !(nobody && subject) && !(sign_is_null_sender(evidence) && !answer) &&
        !(subject && (is_machines_name(mail) || mail->kind == MAIL_AUTO_REPLY)))
        return false;
    if (!bounce_prose_speaks(mail->text) && !(nobody && subject && body->has_returned_mail))
        return false;
    return sign_decide(evidence, MAIL_BOUNCE, "a mail server's words");
}

/* A list server does not distribute a mail. */
static bool judge_refusal(const Evidence *evidence)
{
    static const char *const starts[] = {"loop alert", "bounce ", "request to mailing list"};
    static const char *const ends[] = {"not member", "not a member", "rejected",
                                       "non-member submission"};
    bool server = sign_look_up(evidence, "X-MLServer") ||
                  sign_look_up(evidence, "X-Mailman-Version") ||
                  sign_look_up(evidence, "X-Listserver");
    if (!server)
        return false;
    g_autofree char *subject = g_utf8_casefold(evidence->mail->subject, -1);
    bool refused = g_str_has_prefix(subject, starts[0]);
    for (gsize i = 1; i < G_N_ELEMENTS(starts); i++)
        for (gsize k = 0; k < G_N_ELEMENTS(ends); k++)
            refused |= g_str_has_prefix(subject, starts[i]) && strstr(subject, ends[k]);
    refused |= g_str_has_prefix(subject, "you ") &&
               (strstr(subject, " are not member") || strstr(subject, " are not a member"));
    return refused && sign_decide(evidence, MAIL_BOUNCE, "a list server's refusal");
}

/* Complaint desks of large providers, from before RFC 5965: the mail complained of is attached.
 */
static bool judge_complaint(const Evidence *evidence, const KindBody *body)
{
    static const char *const desks[] = {"staff",      "scomp", "fbl",          "feedback",
                                        "complaints", "abuse", "feedbackloop", "jmrp",
                                        "arf",        NULL};
    static const char *const subjects[] = {"complaint about message from",
                                           "email feedback report for",
                                           "client tos notification",
                                           "abuse report for",
                                           "abuse complaint",
                                           "spam complaint"};
    if (!body->has_returned_mail)
        return false;
    if (!sign_from_is(evidence->mail, desks) && !looks_like_machine(evidence))
        return false;
    g_autofree char *subject = g_utf8_casefold(evidence->mail->subject, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
        if (g_str_has_prefix(subject, subjects[i]))
            return sign_decide(evidence, MAIL_FEEDBACK, "a complaint");
    return false;
}

static bool judge_receipt(const Evidence *evidence)
{
    return receipt_speaks(evidence->mail) &&
           sign_decide(evidence, MAIL_RECEIPT, "a receipt's words");
}

void kind_judge_body(KindLookup lookup, void *user, const KindBody *body, Mail *mail)
{
    const Evidence evidence = {.lookup = lookup, .user = user, .mail = mail};
    if (judge_part(&evidence, body) || mail->kind == MAIL_BOUNCE ||
        mail->kind == MAIL_RECEIPT || mail->kind == MAIL_FEEDBACK)
        return;
    if (judge_notice(&evidence) || judge_refusal(&evidence) ||
        judge_complaint(&evidence, body) || judge_receipt(&evidence))
        return;
    judge_prose(&evidence, body);
}

void kind_judge_recipients(Mail *mail)
{
    const Evidence evidence = {.mail = mail};
    for (guint i = 0; i < mail->bounce_recipients->len; i++)
        if (strcmp(((MailBounceRecipient *)mail->bounce_recipients->pdata[i])->action,
                   "deliverable") != 0)
            return;
    if (mail->kind == MAIL_BOUNCE && mail->bounce_recipients->len > 0)
        sign_decide(&evidence, MAIL_AUTO_REPLY, "a report that an address is deliverable");
}
