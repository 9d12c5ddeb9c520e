/* Commands about how tickets belong together. */
#include "core/desk/order.h"

#include "core/base/error.h"
#include "core/desk/ticket.h"

#define LINKS_MAX 20

static bool link_one(Order *order, const char *word, GString *names, GError **error)
{
    g_autoptr(Ticket) other = NULL;
    g_autoptr(GError) problem = NULL;
    if (!ticket_find(order->desk, word, &other, &problem)) {
        if (!g_error_matches(problem, WICKET_ERROR, ERROR_REJECTED)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return false;
        }
        return order_refuse(order, error, "there is no ticket %s; they look like SUP-42",
                            "il n’y a pas de ticket %s ; ils s’écrivent SUP-42", word);
    }
    if (other->id == order->ticket->id)
        return order_refuse(order, error, "%s is this ticket itself", "%s est ce ticket même",
                            word);
    g_autofree char *name = ticket_name(other);
    g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
    return ticket_link(order->desk, order->ticket, other, order->actor->id, error);
}

bool order_link(Order *order, const Command *command, GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    if (!order_wants_words(order, command, 1, LINKS_MAX, error))
        return false;
    for (guint i = 0; i < command->words->len; i++)
        if (!link_one(order, command->words->pdata[i], names, error))
            return false;
    return order_say(order, "linked with %s", "lié à %s", names->str);
}
