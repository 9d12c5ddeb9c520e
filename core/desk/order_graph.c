/* Commands about how tickets belong together. */
#include "core/desk/order.h"

#include "core/base/error.h"
#include "core/desk/opening.h"
#include "core/desk/ticket.h"

#define LINKS_MAX 20

bool order_find_ticket(const Order *order, const char *id, Ticket **ret, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (ticket_find(order->desk, id, ret, &problem))
        return true;
    if (!g_error_matches(problem, WICKET_ERROR, ERROR_REJECTED)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    return order_refuse(order, error, "there is no ticket %s; they look like SUP-42",
                        "il n’y a pas de ticket %s ; ils s’écrivent SUP-42", id);
}

static bool find_other(const Order *order, const char *id, Ticket **ret, GError **error)
{
    g_autoptr(Ticket) other = NULL;
    if (!order_find_ticket(order, id, &other, error))
        return false;
    if (other->id == order->ticket->id)
        return order_refuse(order, error, "%s is this ticket itself", "%s est ce ticket même",
                            id);
    *ret = g_steal_pointer(&other);
    return true;
}

static bool link_one(Order *order, const char *id, GError **error)
{
    g_autoptr(Ticket) other = NULL;
    return find_other(order, id, &other, error) &&
           ticket_link(order->desk, order->ticket, other, order->actor->id, error);
}

bool order_link(Order *order, const Command *command, GError **error)
{
    if (!order_wants_words(order, command, 1, LINKS_MAX, error))
        return false;
    for (guint i = 0; i < command->words->len; i++)
        if (!link_one(order, command->words->pdata[i], error))
            return false;
    return order_say(order, "linked with %s", "lié à %s", command->rest);
}

static bool depend_on(Order *order, const Command *command, GError **error)
{
    if (!order_wants_words(order, command, 1, LINKS_MAX, error))
        return false;
    for (guint i = 0; i < command->words->len; i++) {
        g_autoptr(Ticket) other = NULL;
        if (!find_other(order, command->words->pdata[i], &other, error) ||
            !ticket_relate(order->desk, order->ticket, other, "depends", order->actor->id,
                           error))
            return false;
    }
    return order_say(order, "waits for %s", "dépend de %s", command->rest);
}

static bool duplicate(Order *order, const Command *command, GError **error)
{
    g_autoptr(Ticket) other = NULL;
    g_autoptr(Notify) nobody = notify_new(order->desk);
    gint64 actor = order->actor->id;
    if (!order_wants_words(order, command, 1, 1, error) ||
        !find_other(order, command->words->pdata[0], &other, error))
        return false;
    order_set_undo(order, "!status %s", order->ticket->status);
    return ticket_relate(order->desk, order->ticket, other, "duplicate", actor, error) &&
           ticket_set_status(order->desk, order->ticket, "closed", actor,
                             order->quiet ? nobody : order->notify, error) &&
           order_say(order, "the same as %s: closed", "le même que %s : fermé", command->rest);
}

bool order_relate(Order *order, const Command *command, GError **error)
{
    return command->verb->id == VERB_DEPENDS ? depend_on(order, command, error)
                                             : duplicate(order, command, error);
}

bool order_merge(Order *order, const Command *command, GError **error)
{
    if (!order_wants_words(order, command, 1, LINKS_MAX, error))
        return false;
    for (guint i = 0; i < command->words->len; i++) {
        const char *id = command->words->pdata[i];
        g_autoptr(Ticket) other = NULL;
        if (!find_other(order, id, &other, error))
            return false;
        if (other->merged != 0)
            return order_refuse(order, error, "%s is merged already", "%s est déjà réuni", id);
        if (!ticket_merge(order->desk, order->ticket, other, order->actor->id, error))
            return false;
    }
    return order_say(order, "%s merged into this ticket", "%s réuni à ce ticket",
                     command->rest);
}

/* --- one out of another ------------------------------------------------------------------ */

static bool find_answered(const Order *order, Message **ret, GError **error)
{
    g_autoptr(Message) message = NULL;
    if (order->answered != 0 &&
        !messages_by_id(order->desk->store, order->answered, &message, error))
        return false;
    if (!message || message->ticket != order->ticket->id || message->author == 0 ||
        message->visibility != VISIBILITY_PUBLIC)
        return order_refuse(order, error,
                            "answer the very message that is to become a ticket of its own",
                            "répondez au message même dont il faut faire un ticket");
    *ret = g_steal_pointer(&message);
    return true;
}

static bool open_from(Order *order, const Message *message, const char *title, Ticket **ret,
                      GError **error)
{
    g_autoptr(Queue) queue = NULL;
    g_autoptr(Person) requester = NULL;
    if (!queues_by_id(order->desk->store, order->ticket->queue, &queue, error) ||
        !people_by_id(order->desk->store, message->author, &requester, error))
        return false;
    const Opening opening = {
        .queue = queue,
        .title = *title ? title : message->subject,
        .type = order->ticket->type,
        .priority = (MailPriority)order->ticket->priority,
        .requester = requester,
        .actor = order->actor->id,
        .root = message->message_id,
    };
    return opening_ticket(order->desk, &opening, ret, error);
}

bool order_split(Order *order, const Command *command, GError **error)
{
    g_autoptr(Message) message = NULL;
    Ticket *made = NULL;
    if (!find_answered(order, &message, error) ||
        !open_from(order, message, command->rest, &made, error))
        return false;
    notify_keep(order->notify, made);
    g_autofree char *name = ticket_name(made);
    return messages_move(order->desk->store, 0, message->id, made->id, error) &&
           ticket_link(order->desk, order->ticket, made, order->actor->id, error) &&
           notify_staff(order->notify, made, NOTICE_TICKET, message->id, 0, error) &&
           order_say(order, "it is %s now", "c’est maintenant %s", name);
}
