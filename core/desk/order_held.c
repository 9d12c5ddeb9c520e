/* Commands about held mail: `accept 17`, `drop 17`. */
#include "core/desk/order.h"

#include "core/base/error.h"
#include "core/desk/held.h"

static bool read_number(const Order *order, const Command *command, gint64 *ret, GError **error)
{
    char *end = NULL;
    if (!order_wants_words(order, command, 1, 1, error))
        return false;
    *ret = g_ascii_strtoll(command->words->pdata[0], &end, 10);
    return (*ret > 0 && *end == '\0') || order_wants_words(order, command, 2, 1, error);
}

static bool decide(Order *order, VerbId verb, gint64 id, GError **error)
{
    g_autofree char *ticket = NULL;
    if (verb == VERB_DROP)
        return held_drop_within(order->desk, id, order->actor->id, error) &&
               order_say(order, "shown to nobody", "n’est montré à personne");
    return held_accept_within(order->desk, id, order->actor->id, &ticket, error) &&
           order_say(order, "published in %s", "publié dans %s", ticket);
}

bool order_held(Order *order, const Command *command, GError **error)
{
    g_autoptr(GError) problem = NULL;
    gint64 id = 0;
    if (!read_number(order, command, &id, error))
        return false;
    if (decide(order, command->verb->id, id, &problem))
        return true;
    if (g_error_matches(problem, WICKET_ERROR, ERROR_REJECTED))
        return order_refuse(order, error, "no mail %s is held", "aucun message %s n’est retenu",
                            command->rest);
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}
