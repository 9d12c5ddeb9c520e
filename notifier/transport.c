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

SendResult transport_send(Transport *transport, const SendMail *mail, char **ret_why)
{
    if (!address_is_safe(mail->recipient)) {
        *ret_why = transport_why("the recipient is not a usable mail address");
        return SEND_NEVER;
    }
    if (*mail->sender && !address_is_safe(mail->sender)) {
        *ret_why = transport_why("the envelope sender is not a usable mail address");
        return SEND_NEVER;
    }
    return transport->send(transport, mail, ret_why);
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
