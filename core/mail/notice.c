/* The notices of Amazon SNS about mails sent by SES.
 *
 * The JSON stands in the text raw, or once more in a string of JSON with its quotes escaped,
 * and is wrapped wherever a mail server liked. Backslashes and line ends are dropped, and then
 * the few fields of interest are searched for by name; a JSON parser would refuse what is read
 * here. Nothing found leaves the mail as it was. */
#include "core/mail/notice.h"

#include "core/base/utf8.h"
#include "core/mail/bounce_status.h"

#include <string.h>

enum { TEXT_MAX = 64 * 1024, RECIPIENTS_MAX = 100, VALUE_MAX = 2048 };

static bool is_from_sns(const Mail *mail)
{
    for (guint i = 0; i < mail->from->len; i++)
        if (g_ascii_strcasecmp(((MailAddress *)mail->from->pdata[i])->address,
                               "no-reply@sns.amazonaws.com") == 0)
            return true;
    return false;
}

static char *unwrap(const char *text)
{
    gsize length = strnlen(text, TEXT_MAX);
    GString *out = g_string_sized_new(length);
    for (gsize i = 0; i < length; i++)
        if (text[i] != '\\' && text[i] != '\n' && text[i] != '\r')
            g_string_append_c(out, text[i]);
    return g_string_free(out, FALSE);
}

/* The string behind `"name":` between `from` and `end`, or NULL; *ret_after: behind it. */
static char *find_value(const char *from, const char *end, const char *name,
                        const char **ret_after)
{
    g_autofree char *key = g_strdup_printf("\"%s\"", name);
    const char *p = g_strstr_len(from, end - from, key);
    if (!p)
        return NULL;
    p += strlen(key);
    p += strspn(p, " :");
    if (*p != '"')
        return NULL;
    const char *stop = strchr(++p, '"');
    if (!stop || stop > end)
        return NULL;
    *ret_after = stop + 1;
    return utf8_clean(p, MIN((gsize)(stop - p), (gsize)VALUE_MAX), TEXT_LINE);
}

static Notice kind_of(const char *json)
{
    static const struct {
        const char *name;
        Notice kind;
    } kinds[] = {{"Bounce", NOTICE_BOUNCE},
                 {"Delivery", NOTICE_DELIVERY},
                 {"Complaint", NOTICE_COMPLAINT}};
    static const char *const keys[] = {"notificationType", "eventType"};
    const char *after;
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *type = find_value(json, json + strlen(json), keys[i], &after);
        for (gsize k = 0; type && k < G_N_ELEMENTS(kinds); k++)
            if (strcmp(type, kinds[k].name) == 0)
                return kinds[k].kind;
    }
    return NOTICE_NONE;
}

Notice notice_kind(const Mail *mail)
{
    if (!is_from_sns(mail))
        return NOTICE_NONE;
    g_autofree char *json = unwrap(mail->text);
    return kind_of(json);
}

static void replace(char **where, char *value)
{
    g_free(*where);
    *where = value;
}

/* Permanent, Transient or Undetermined. */
static const char *class_of(const char *json)
{
    const char *after;
    g_autofree char *type = find_value(json, json + strlen(json), "bounceType", &after);
    return g_strcmp0(type, "Permanent") == 0 ? "5.0.0" : "4.0.0";
}

/* One object of bouncedRecipients, from its address to the end of the object. */
static void add_recipient(const char *object, const char *end, char *address,
                          const char *fallback, Mail *mail)
{
    const char *after;
    MailBounceRecipient *recipient = mail_bounce_recipient_new();
    char *action = find_value(object, end, "action", &after);
    char *status = find_value(object, end, "status", &after);
    char *diagnostic = find_value(object, end, "diagnosticCode", &after);
    replace(&recipient->address, address);
    replace(&recipient->action, action ? action : g_strdup("failed"));
    if (diagnostic)
        replace(&recipient->diagnostic, diagnostic);
    if (status)
        replace(&recipient->status, bounce_status_find(status));
    g_free(status);
    if (!bounce_status_is_telling(recipient->status))
        replace(&recipient->status, bounce_status_guess(recipient->diagnostic, false));
    if (*recipient->status == '\0')
        replace(&recipient->status, g_strdup(fallback));
    g_ptr_array_add(mail->bounce_recipients, recipient);
}

static void read_recipients(const char *json, Mail *mail)
{
    const char *list = strstr(json, "\"bouncedRecipients\"");
    const char *end = list ? strchr(list, ']') : NULL;
    const char *fallback = class_of(json);
    while (end && mail->bounce_recipients->len < RECIPIENTS_MAX) {
        const char *after;
        /* The fields of an object stand in any order. */
        const char *object = g_strstr_len(list, end - list, "{");
        const char *object_end = object ? g_strstr_len(object, end - object, "}") : NULL;
        if (!object_end)
            return;
        char *address = find_value(object, object_end, "emailAddress", &after);
        if (address)
            add_recipient(object, object_end, address, fallback, mail);
        list = object_end + 1;
    }
}

/* commonHeaders, which is not always sent, has the Message-ID that the mail was given first. */
static void read_id(const char *json, Mail *mail)
{
    const char *headers = strstr(json, "\"commonHeaders\""), *after;
    g_autofree char *id =
        headers ? find_value(headers, headers + strlen(headers), "messageId", &after) : NULL;
    char *open = id ? strchr(id, '<') : NULL, *close = open ? strchr(open, '>') : NULL;
    if (close && *mail->original_message_id == '\0')
        replace(&mail->original_message_id, g_strndup(open + 1, (gsize)(close - open - 1)));
}

void notice_read(Mail *mail)
{
    g_autofree char *json = unwrap(mail->text);
    if (kind_of(json) == NOTICE_BOUNCE)
        read_recipients(json, mail);
    read_id(json, mail);
}
