/* The rules for machines, in order: our own mail coming back, delivery failures, receipts, and
 * every other automatic mail. What belongs to a ticket is kept there for the desk to see; what
 * belongs nowhere is held, lest a mail be lost to a wrong guess, or left to open a ticket where
 * its queue is for that. */
#include "core/desk/machines.h"

#include "core/desk/notice.h"
#include "core/desk/receipts.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"
#include "core/desk/undelivered.h"

#include <string.h>

static bool is_our_own(const Delivery *delivery)
{
    const Mail *mail = delivery->mail;
    const Desk *desk = delivery->desk;
    g_autofree char *mark = notice_loop_mark(desk->config);
    if (token_message_id_is_ours(desk->ring, mail->message_id))
        return true;
    for (guint i = 0; i < mail->loop_marks->len; i++)
        if (g_ascii_strcasecmp(mail->loop_marks->pdata[i], mark) == 0)
            return true;
    return false;
}

/* --- bounces ----------------------------------------------------------------------------- */

/* The outbox row a report is about: by its address, which only the receiving servers knew, or
 * by the Message-ID of ours it returns. */
static bool find_bounced(Delivery *delivery, OutboxRow **ret, GError **error)
{
    Desk *desk = delivery->desk;
    const char *original = delivery->mail->original_message_id;
    *ret = NULL;
    if (delivery->route->bounced)
        return outbox_by_id(desk->store, delivery->route->bounced->id, ret, error);
    if (!token_message_id_is_ours(desk->ring, original))
        return true;
    return outbox_by_message_id(desk->store, original, ret, error);
}

/* The worst that is said of any recipient: "5.1.1", "4.4.1", "" unknown. */
static const char *worst_status(const Mail *mail)
{
    const char *worst = "";
    for (guint i = 0; i < mail->bounce_recipients->len; i++) {
        const MailBounceRecipient *recipient = mail->bounce_recipients->pdata[i];
        if (*worst == '\0' || strcmp(recipient->status, worst) > 0)
            worst = recipient->status;
    }
    return worst;
}

/* Did this very address fail for good? That a mail forwarded from it failed elsewhere says
 * nothing about it. */
static bool failed_for_good(const Mail *mail, const char *address)
{
    for (guint i = 0; i < mail->bounce_recipients->len; i++) {
        const MailBounceRecipient *recipient = mail->bounce_recipients->pdata[i];
        if (g_ascii_strcasecmp(recipient->address, address) == 0 && *recipient->status == '5' &&
            g_ascii_strcasecmp(recipient->action, "failed") == 0)
            return true;
    }
    return false;
}

/* Is it only said that the mail comes late? The server goes on trying, so nothing has failed.
 */
static bool is_delay(const Mail *mail)
{
    for (guint i = 0; i < mail->bounce_recipients->len; i++) {
        const MailBounceRecipient *recipient = mail->bounce_recipients->pdata[i];
        if (g_ascii_strcasecmp(recipient->action, "delayed") != 0)
            return false;
    }
    return mail->bounce_recipients->len > 0;
}

static bool take_bounce(Delivery *delivery, GError **error)
{
    Desk *desk = delivery->desk;
    g_autoptr(OutboxRow) row = NULL;
    g_autoptr(Ticket) ticket = NULL;
    const char *status = worst_status(delivery->mail);

    if (!find_bounced(delivery, &row, error))
        return false;
    if (row && row->ticket != 0 && !tickets_by_id(desk->store, row->ticket, &ticket, error))
        return false;
    if (!ticket) {
        return delivery_store_message(delivery, NULL, VISIBILITY_HELD, VISIBILITY_PUBLIC,
                                      "a delivery failure of a mail that is not ours", NULL,
                                      error) &&
               delivery_decide(delivery, VERDICT_BOUNCE, "of a mail that is not ours; held");
    }
    delivery_take_ticket(delivery, ticket);
    if (!delivery_store_raw(delivery, error) ||
        !ticket_note_event(desk, ticket, 0, is_delay(delivery->mail) ? "delayed" : "bounce",
                           status, row->address, NULL, error))
        return false;
    /* Only the secret address proves that a server which had our mail speaks; and only a
     * permanent failure is one. */
    if (delivery->route->bounced && failed_for_good(delivery->mail, row->address)) {
        return undelivered_pause(delivery, ticket, row, status, error) &&
               delivery_decide(delivery, VERDICT_BOUNCE,
                               "permanent failure; the address is no longer written to");
    }
    return delivery_decide(delivery, VERDICT_BOUNCE, "noted on the ticket");
}

/* --- automatic answers, lists ------------------------------------------------------------ */

/* Monitoring systems may open tickets where an administrator said so. Whatever answers a mail
 * of ours may not, nor what comes from an agent's address, whose absence would be told to the
 * other agents: that is how machines begin to talk. Nor may the copy that a list sends of a
 * mail. */
static bool may_open(const Delivery *delivery)
{
    const Route *route = delivery->route;
    bool certain = route->ticket && !route_is_guessable(route);
    return !certain && !route->answers_us && !authority_is_agent(delivery->authority) &&
           route->way != WAY_CONTENT && route->queue && !route->queue->removed &&
           route->way != WAY_CONFIRMATION && route->way != WAY_BOUNCE &&
           strcmp(route->queue->machines, "ticket") == 0;
}

static bool take_automatic(Delivery *delivery, GError **error)
{
    const Ticket *ticket = delivery->route->ticket;
    const char *why = *delivery->mail->machine ? delivery->mail->machine : "null sender";
    g_autofree char *reason = g_strdup_printf("machine mail: %s", why);
    if (ticket && !route_is_guessable(delivery->route)) {
        delivery_take_ticket(delivery, ticket);
        return delivery_store_message(delivery, ticket, VISIBILITY_INTERNAL,
                                      VISIBILITY_INTERNAL, NULL, NULL, error) &&
               ticket_note_event(delivery->desk, ticket, 0, "automatic-mail", "", "", NULL,
                                 error) &&
               delivery_decide(delivery, VERDICT_AUTO_REPLY, reason);
    }
    return delivery_store_message(delivery, NULL, VISIBILITY_HELD, VISIBILITY_PUBLIC, reason,
                                  NULL, error) &&
           delivery_decide(delivery, VERDICT_HELD, reason);
}

bool machines_take(Delivery *delivery, bool *ret, GError **error)
{
    *ret = true;
    if (is_our_own(delivery))
        return delivery_store_raw(delivery, error) &&
               delivery_decide(delivery, VERDICT_LOOP, "our own mail came back");
    if (delivery->mail->kind == MAIL_BOUNCE)
        return take_bounce(delivery, error);
    if (delivery->mail->kind == MAIL_RECEIPT)
        return receipts_take(delivery, error);
    *ret = delivery->authority->machine && !may_open(delivery);
    return !*ret || take_automatic(delivery, error);
}
