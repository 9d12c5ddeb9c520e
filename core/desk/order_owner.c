/* Commands about whose ticket it is, and whether it is one at all. */
#include "core/desk/order.h"

#include "core/base/address.h"
#include "core/desk/opening.h"
#include "core/desk/ticket.h"
#include "schema/blocks.h"

#include <string.h>

bool order_requester(Order *order, const Command *command, GError **error)
{
    g_autoptr(Person) person = NULL, old = NULL;
    if (!order_wants_words(order, command, 1, 1, error))
        return false;
    const char *address = command->words->pdata[0];
    if (!address_is_safe(address))
        return order_refuse(order, error, "“%s” is no address", "« %s » n’est pas une adresse",
                            address);
    if (!people_by_id(order->desk->store, order->ticket->requester, &old, error) ||
        !opening_person(order->desk, address, "", &person, error))
        return false;
    if (person->id == old->id)
        return order_nothing_new(order);
    order_set_undo(order, "!requester %s", old->address);
    return ticket_set_requester(order->desk, order->ticket, person, order->actor->id, error) &&
           order_say(order, "%s → %s", "%s → %s", old->address, person->address);
}

/* --- spam -------------------------------------------------------------------------------- */

static bool set_blocked(Order *order, bool blocked, GError **error)
{
    g_autoptr(Person) sender = NULL;
    bool found = false;
    if (!people_by_id(order->desk->store, order->ticket->requester, &sender, error))
        return false;
    g_autofree char *key = address_key(sender->address);
    if (blocked && person_is_agent(sender))
        return order_refuse(order, error, "%s is of the team", "%s est de l’équipe",
                            sender->address);
    return blocked ? blocks_add(order->desk->store, key, order->now, error)
                   : blocks_remove(order->desk->store, key, &found, error);
}

/* `!spam none` is what undoes it. */
bool order_spam(Order *order, const Command *command, GError **error)
{
    g_autoptr(Notify) nobody = notify_new(order->desk);
    bool back = strcmp(command->rest, "none") == 0;
    if (!back && !order_wants_words(order, command, 0, 0, error))
        return false;
    if (!back)
        order_set_undo(order, "!spam none");
    return set_blocked(order, !back, error) &&
           ticket_set_status(order->desk, order->ticket, back ? "open" : "cancelled",
                             order->actor->id, nobody, error) &&
           (back ? order_say(order, "taken up again", "repris")
                 : order_say(order, "cancelled, its sender is blocked",
                             "annulé, son auteur est bloqué"));
}

/* --- the trash --------------------------------------------------------------------------- */

bool order_delete(Order *order, const Command *command, GError **error)
{
    bool deletes = command->verb->id == VERB_DELETE;
    if (!order_wants_words(order, command, 0, 0, error))
        return false;
    if ((order->ticket->deleted != 0) == deletes)
        return order_nothing_new(order);
    if (deletes)
        order_set_undo(order, "!restore");
    return ticket_delete(order->desk, order->ticket, deletes, order->actor->id, error) &&
           (deletes ? order_say(order, "in the trash", "à la corbeille")
                    : order_say(order, "out of the trash", "sorti de la corbeille"));
}
