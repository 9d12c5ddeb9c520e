/* The one exception to "machine mail does nothing": a technician's receipt for a mail of ours
 * makes a new ticket seen.
 *
 * It has to name a mail that we wrote to the very person it comes from, by a secret address of
 * theirs or by our Message-ID, and to say that it was displayed. Anything less is counted and
 * changes nothing. Nobody is written to: that a mail was opened is no news to send out. */
#include "core/desk/receipts.h"

#include "core/desk/ticket.h"
#include "core/desk/token.h"

#include <string.h>

/* To whom we wrote what this receipt is for, 0 unknown, and on which ticket. */
static bool find_reader(Delivery *delivery, gint64 *ret_person, gint64 *ret_ticket,
                        GError **error)
{
    const Route *route = delivery->route;
    const char *original = delivery->mail->original_message_id;
    g_autoptr(OutboxRow) row = NULL;
    *ret_person = *ret_ticket = 0;
    if (route->way == WAY_SECRET) {
        *ret_person = route->secret_person->id;
        *ret_ticket = route->ticket->id;
        return true;
    }
    if (route->way == WAY_BOUNCE) {
        *ret_person = route->bounced->person;
        *ret_ticket = route->bounced->ticket;
        return true;
    }
    if (!token_message_id_is_ours(delivery->desk->ring, original))
        return true;
    if (!outbox_by_message_id(delivery->desk->store, original, &row, error))
        return false;
    if (row) {
        *ret_person = row->person;
        *ret_ticket = row->ticket;
    }
    return true;
}

/* A mail that its reader passed on has its secrets in it: the sender must be that reader. */
static bool is_seen_by_staff(const Delivery *delivery, gint64 reader)
{
    const Person *sender = delivery->authority->person;
    return sender && sender->id == reader && person_is_agent(sender) && !sender->is_list &&
           g_ascii_strcasecmp(delivery->mail->disposition, "displayed") == 0;
}

static bool mark_seen(Delivery *delivery, Ticket *ticket, GError **error)
{
    g_autoptr(Notify) nobody = notify_new(delivery->desk); /* never flushed */
    delivery->person = delivery->authority->person->id;
    return ticket_set_status(delivery->desk, ticket, "seen", delivery->person, nobody, error) &&
           delivery_decide(delivery, VERDICT_RECEIPT, "a technician has seen the ticket");
}

bool receipts_take(Delivery *delivery, GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    gint64 reader = 0, id = 0;
    if (!delivery_store_raw(delivery, error) || !find_reader(delivery, &reader, &id, error) ||
        (id != 0 && !tickets_by_id(delivery->desk->store, id, &ticket, error)))
        return false;
    if (ticket)
        delivery_take_ticket(delivery, ticket);
    else if (delivery->route->ticket)
        delivery_take_ticket(delivery, delivery->route->ticket);
    if (ticket && strcmp(ticket->status, "new") == 0 && is_seen_by_staff(delivery, reader))
        return mark_seen(delivery, ticket, error);
    return delivery_decide(delivery, VERDICT_RECEIPT, "counted");
}
