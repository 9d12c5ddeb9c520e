/* Commands about the words below them, and questions that are answered later. */
#include "core/desk/order.h"

#include "core/desk/finding.h"
#include "core/desk/listing.h"
#include "core/desk/ticket.h"
#include "schema/messages.h"

bool order_note(Order *order, const Command *command, GError **error)
{
    if (!order_wants_words(order, command, 0, 0, error))
        return false;
    if (*order->text == '\0')
        return order_refuse(order, error, "there are no words below it",
                            "il n’y a pas de texte en dessous");
    order->is_note = true;
    return order_say(order, "a note, for the team alone", "une note, pour l’équipe seule");
}

#define AMEND_SECONDS (24 * 3600)

/* The actor's last message, if it is not too old to be changed. */
static bool find_own(const Order *order, Message **ret, GError **error)
{
    g_autoptr(Message) message = NULL;
    if (!messages_last_by(order->desk->store, order->ticket->id, order->actor->id, &message,
                          error))
        return false;
    if (!message)
        return order_refuse(order, error, "you have written nothing here",
                            "vous n’avez rien écrit ici");
    if (message->created < order->now - AMEND_SECONDS)
        return order_refuse(order, error, "your last message is older than a day",
                            "votre dernier message date de plus d’un jour");
    *ret = g_steal_pointer(&message);
    return true;
}

bool order_amend(Order *order, const Command *command, GError **error)
{
    g_autoptr(Message) message = NULL;
    if (!order_wants_words(order, command, 0, 0, error) || !find_own(order, &message, error))
        return false;
    if (*order->text == '\0')
        return order_refuse(order, error, "the new words must stand below it",
                            "le nouveau texte doit se trouver en dessous");
    g_free(message->reply);
    message->reply = g_strdup(order->text);
    order->uses_text = true;
    return messages_update(order->desk->store, message, error) &&
           ticket_note_event(order->desk, order->ticket, order->actor->id, "amended", "", "",
                             NULL, error) &&
           order_say(order, "changed", "remplacé");
}

/* Another's, by its number; only what stands in this ticket. */
static bool find_numbered(const Order *order, const char *number, Message **ret, GError **error)
{
    g_autoptr(Message) message = NULL;
    gint64 id = g_ascii_strtoll(number, NULL, 10);
    if (!messages_by_id(order->desk->store, id, &message, error))
        return false;
    if (!message || message->ticket != order->ticket->id ||
        message->visibility == VISIBILITY_DROPPED)
        return order_refuse(order, error, "there is no message %s in this ticket",
                            "il n’y a pas de message %s dans ce ticket", number);
    *ret = g_steal_pointer(&message);
    return true;
}

bool order_redact(Order *order, const Command *command, GError **error)
{
    g_autoptr(Message) message = NULL;
    if (!order_wants_words(order, command, 0, 1, error))
        return false;
    if (command->words->len ? !find_numbered(order, command->words->pdata[0], &message, error)
                            : !find_own(order, &message, error))
        return false;
    message->visibility = VISIBILITY_DROPPED;
    return messages_update(order->desk->store, message, error) &&
           ticket_note_event(order->desk, order->ticket, order->actor->id, "redacted", "", "",
                             NULL, error) &&
           order_say(order, "shown to nobody any more", "n’est plus montré à personne");
}

bool order_quiet(Order *order, const Command *command, GError **error)
{
    if (!order_wants_words(order, command, 0, 0, error))
        return false;
    return order_say(order, "nobody is told of the status", "personne n’est prévenu du statut");
}

bool order_ask(Order *order, const Command *command, GError **error)
{
    return order_wants_words(order, command, 0, 0, error);
}

bool order_list(Order *order, const Command *command, GError **error)
{
    ListedFilter filter;
    bool known = false;
    if (!listing_read_wish(order->desk, command->rest, &filter, &known, error))
        return false;
    return known ||
           order_refuse(
               order, error, "there is no list “%s”; there are: mine, late, new, and queues",
               "il n’y a pas de liste « %s » ; il y a : moi, retard, nouveaux, et les files",
               command->rest);
}

/* What is looked for is looked up when the answer is written. */
bool order_find(Order *order, const Command *command, GError **error)
{
    return order_wants_words(order, command, 1, FINDING_WORDS, error);
}
