/* What the transport tests share: a mail in awkward pieces, and a call that says how it went.
 */
#pragma once

#include "core/base/error.h"
#include "notifier/transport.h"

#include <signal.h>
#include <string.h>

typedef struct {
    const char *text;
    gsize left;
    gsize step;  /* bytes a piece */
    gsize fails; /* reading fails when this many bytes are left; 0: never */
} Pieces;

static inline bool pieces_next(void *user, GBytes **ret, GError **error)
{
    Pieces *pieces = user;
    if (pieces->fails && pieces->left <= pieces->fails) {
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "the store is busy");
        return false;
    }
    gsize part = MIN(pieces->step, pieces->left);
    *ret = part ? g_bytes_new(pieces->text, part) : NULL;
    pieces->text += part;
    pieces->left -= part;
    return true;
}

/* SendGoOn */
static inline bool go_on_always(void *user)
{
    return true;
}

static inline SendResult send_pieces(Transport *transport, const char *sender,
                                     const char *recipient, Pieces pieces, char **ret_why)
{
    SendMail mail = {
        .sender = sender, .recipient = recipient, .next = pieces_next, .user = &pieces};
    SendMail *mails[] = {&mail};
    transport_send(transport, mails, 1, go_on_always, NULL);
    g_free(*ret_why);
    *ret_why = mail.why;
    return mail.result;
}

static inline SendResult send_text(Transport *transport, const char *text, char **ret_why)
{
    Pieces pieces = {text, strlen(text), 7, 0};
    return send_pieces(transport, "support+v1.abc@example.org", "claire@example.net", pieces,
                       ret_why);
}
