/* What all transports share: choosing one, refusing addresses that could be more than an
 * address, and cleaning what other systems say before it is stored or shown.
 *
 * Nothing here sends. Failures to set a transport up are the admin's to mend (ERROR_CONFIG). */
#include "notifier/transport.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/utf8.h"

#include <string.h>

#define WHY_MAX 300

bool transport_open(const Config *config, Transport **ret, GError **error)
{
    switch (config->mail.transport) {
    case TRANSPORT_SMTP:
    case TRANSPORT_SMTPS:
        return transport_smtp(config, ret, error);
    case TRANSPORT_SENDMAIL:
        return transport_sendmail(config, ret, error);
    case TRANSPORT_MAILDIR:
        return transport_maildir(config, ret, error);
    }
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: [mail] transport: unknown kind",
                config->file);
    return false;
}

/* NULL if the envelope may reach a protocol or an argv. */
static const char *unsafe_part(const SendMail *mail)
{
    if (!address_is_safe(mail->recipient))
        return "recipient";
    return *mail->sender && !address_is_safe(mail->sender) ? "envelope sender" : NULL;
}

/* The mails that may be given to a transport; the others have their result. */
static GPtrArray *sort_out(SendMail *const *mails, guint n)
{
    GPtrArray *fit = g_ptr_array_sized_new(n);
    for (guint i = 0; i < n; i++) {
        const char *unsafe = unsafe_part(mails[i]);
        if (!unsafe) {
            g_ptr_array_add(fit, mails[i]);
            continue;
        }
        mails[i]->result = SEND_NEVER;
        mails[i]->why = transport_why("the %s is not a usable mail address", unsafe);
    }
    return fit;
}

static void send_each(Transport *transport, SendMail *const *mails, guint n, SendGoOn go_on,
                      void *user)
{
    for (guint i = 0; i < n && go_on(user); i++) {
        mails[i]->result = transport->send(transport, mails[i], &mails[i]->why);
        if (mails[i]->result == SEND_DOWN)
            return;
    }
}

void transport_send(Transport *transport, SendMail *const *mails, guint n, SendGoOn go_on,
                    void *user)
{
    g_autoptr(GPtrArray) fit = sort_out(mails, n);
    (transport->send_all ? transport->send_all : send_each)(
        transport, (SendMail *const *)fit->pdata, fit->len, go_on, user);
}

void transport_rest(Transport *transport)
{
    if (transport->rest)
        transport->rest(transport);
}

void transport_free(Transport *transport)
{
    if (transport)
        transport->free(transport);
}

char *transport_why(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *raw = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *clean = utf8_clean(raw, strlen(raw), TEXT_LINE);
    return utf8_shorten(clean, WHY_MAX);
}
