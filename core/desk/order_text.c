/* Commands about the words below them, and questions that are answered later. */
#include "core/desk/order.h"

bool order_note(Order *order, const Command *command, GError **error)
{
    if (!order_wants_words(order, command, 0, 0, error))
        return false;
    if (!order->has_text)
        return order_refuse(order, error, "there are no words below it",
                            "il n’y a pas de texte en dessous");
    order->is_note = true;
    return order_say(order, "a note, for the team alone", "une note, pour l’équipe seule");
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
