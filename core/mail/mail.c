/* Mail and its parts: making, freeing, and the names of the kinds.
 *
 * Nothing is read or judged here. A fresh Mail has no NULL string and no NULL array (unparsed
 * excepted, where NULL means "parsed"), so that whoever fills or reads it never has to ask. */
#include "core/mail/mail.h"

static GPtrArray *addresses_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)mail_address_free);
}

Mail *mail_new(void)
{
    Mail *mail = g_new0(Mail, 1);
    char **strings[] = {&mail->message_id,  &mail->subject,
                        &mail->return_path, &mail->machine,
                        &mail->text,        &mail->reply,
                        &mail->signature,   &mail->quoted,
                        &mail->disposition, &mail->original_message_id};
    for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
        *strings[i] = g_strdup("");
    GPtrArray **lists[] = {&mail->in_reply_to, &mail->references, &mail->loop_marks,
                           &mail->received_from, &mail->remarks};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        *lists[i] = g_ptr_array_new_with_free_func(g_free);
    GPtrArray **people[] = {&mail->from, &mail->to, &mail->cc, &mail->reply_to};
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        *people[i] = addresses_new();
    mail->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)mail_attachment_free);
    mail->bounce_recipients =
        g_ptr_array_new_with_free_func((GDestroyNotify)mail_bounce_recipient_free);
    mail->cuts = g_ptr_array_new_with_free_func((GDestroyNotify)mail_cut_free);
    mail->auth = g_ptr_array_new_with_free_func((GDestroyNotify)mail_auth_result_free);
    mail->kind = MAIL_MESSAGE;
    mail->priority = PRIORITY_NORMAL;
    return mail;
}

void mail_free(Mail *mail)
{
    if (!mail)
        return;
    char *strings[] = {mail->message_id,  mail->subject,
                       mail->return_path, mail->machine,
                       mail->text,        mail->reply,
                       mail->signature,   mail->quoted,
                       mail->disposition, mail->original_message_id,
                       mail->unparsed};
    for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free(strings[i]);
    GPtrArray *arrays[] = {mail->in_reply_to,
                           mail->references,
                           mail->loop_marks,
                           mail->received_from,
                           mail->from,
                           mail->to,
                           mail->cc,
                           mail->reply_to,
                           mail->attachments,
                           mail->cuts,
                           mail->remarks,
                           mail->auth,
                           mail->bounce_recipients};
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_ptr_array_unref(arrays[i]);
    mail_forward_free(mail->forwarded);
    g_free(mail);
}

void mail_remark(Mail *mail, const char *remark)
{
    if (!g_ptr_array_find_with_equal_func(mail->remarks, remark, g_str_equal, NULL))
        g_ptr_array_add(mail->remarks, g_strdup(remark));
}

MailAddress *mail_address_new(const char *name, const char *address)
{
    MailAddress *ret = g_new0(MailAddress, 1);
    ret->name = g_strdup(name ? name : "");
    ret->address = g_strdup(address ? address : "");
    return ret;
}

void mail_address_free(MailAddress *address)
{
    if (!address)
        return;
    g_free(address->name);
    g_free(address->address);
    g_free(address);
}

MailAttachment *mail_attachment_new(void)
{
    MailAttachment *ret = g_new0(MailAttachment, 1);
    char **strings[] = {&ret->name, &ret->type, &ret->charset, &ret->content_id, &ret->sha256};
    for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
        *strings[i] = g_strdup("");
    return ret;
}

void mail_attachment_free(MailAttachment *attachment)
{
    if (!attachment)
        return;
    g_free(attachment->name);
    g_free(attachment->type);
    g_free(attachment->charset);
    g_free(attachment->content_id);
    g_free(attachment->sha256);
    g_free(attachment);
}

MailBounceRecipient *mail_bounce_recipient_new(void)
{
    MailBounceRecipient *ret = g_new0(MailBounceRecipient, 1);
    char **strings[] = {&ret->address, &ret->action, &ret->status, &ret->diagnostic};
    for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
        *strings[i] = g_strdup("");
    return ret;
}

void mail_bounce_recipient_free(MailBounceRecipient *recipient)
{
    if (!recipient)
        return;
    g_free(recipient->address);
    g_free(recipient->action);
    g_free(recipient->status);
    g_free(recipient->diagnostic);
    g_free(recipient);
}

MailForward *mail_forward_new(void)
{
    MailForward *ret = g_new0(MailForward, 1);
    char **strings[] = {&ret->name, &ret->address, &ret->subject};
    for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
        *strings[i] = g_strdup("");
    return ret;
}

void mail_forward_free(MailForward *forward)
{
    if (!forward)
        return;
    g_free(forward->name);
    g_free(forward->address);
    g_free(forward->subject);
    g_free(forward);
}

MailCut *mail_cut_new(guint32 line, guint32 lines, bool is_signature, const char *rule)
{
    MailCut *ret = g_new0(MailCut, 1);
    ret->line = line;
    ret->lines = lines;
    ret->is_signature = is_signature;
    ret->rule = g_strdup(rule);
    return ret;
}

void mail_cut_free(MailCut *cut)
{
    if (!cut)
        return;
    g_free(cut->rule);
    g_free(cut);
}

MailAuthResult *mail_auth_result_new(void)
{
    MailAuthResult *ret = g_new0(MailAuthResult, 1);
    char **strings[] = {&ret->server, &ret->method, &ret->result, &ret->identity};
    for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
        *strings[i] = g_strdup("");
    return ret;
}

void mail_auth_result_free(MailAuthResult *result)
{
    if (!result)
        return;
    g_free(result->server);
    g_free(result->method);
    g_free(result->result);
    g_free(result->identity);
    g_free(result);
}

static const char *const kind_names[] = {
    [MAIL_MESSAGE] = "message", [MAIL_AUTO_REPLY] = "auto-reply",
    [MAIL_BOUNCE] = "bounce",   [MAIL_RECEIPT] = "receipt",
    [MAIL_LIST] = "list",       [MAIL_FEEDBACK] = "feedback",
};

const char *mail_kind_name(MailKind kind)
{
    g_assert((gsize)kind < G_N_ELEMENTS(kind_names));
    return kind_names[kind];
}

bool mail_kind_from_name(const char *name, MailKind *ret)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kind_names); i++)
        if (g_strcmp0(name, kind_names[i]) == 0) {
            *ret = (MailKind)i;
            return true;
        }
    return false;
}
