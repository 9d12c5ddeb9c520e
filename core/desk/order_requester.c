/* Commands of those who ask for help. */
#include "core/desk/order.h"

#include "core/desk/ticket.h"

#include <string.h>

bool order_rate(Order *order, const Command *command, GError **error)
{
    const GPtrArray *words = command->words;
    const char *mark = words->len ? words->pdata[0] : "";
    if (strlen(mark) != 1 || *mark < '1' || *mark > '5')
        return order_refuse(order, error, "a rating is a number from 1 to 5",
                            "une note est un nombre de 1 à 5");
    if (order->actor->id != order->ticket->requester)
        return order_refuse(order, error, "only the requester rates",
                            "seul le demandeur évalue");
    const char *comment = command->rest + 1 + strspn(command->rest + 1, " ");
    return ticket_rate(order->desk, order->ticket, *mark - '0', comment, order->actor->id,
                       error) &&
           order_say(order, "thank you", "merci");
}

bool order_mute(Order *order, const Command *command, GError **error)
{
    g_autoptr(Participation) part = NULL;
    bool mute = command->verb->id == VERB_MUTE;
    if (!participations_find(order->desk->store, order->ticket->id, order->actor->id,
                             VISIBILITY_PUBLIC, &part, error))
        return false;
    if (!part || part->muted == mute)
        return order_nothing_new(order);
    return participations_mute(order->desk->store, part->id, mute, error) &&
           ticket_note_event(order->desk, order->ticket, order->actor->id,
                             mute ? "muted" : "unmuted", "", "", NULL, error) &&
           (mute ? order_say(order, "you hear no more of it", "vous n’en recevrez plus rien")
                 : order_say(order, "you hear of it again", "vous en recevrez de nouveau"));
}
