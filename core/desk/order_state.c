/* Commands about a ticket's status. */
#include "core/desk/order.h"

#include "core/base/timestamp.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/when.h"

#include <string.h>

static bool set_status(Order *order, const char *status, GError **error)
{
    g_autoptr(Notify) nobody = notify_new(order->desk);
    g_autofree char *old = g_strdup(order->ticket->status);
    const char *language = order->french ? "fr" : "en";
    if (strcmp(old, status) == 0)
        return order_nothing_new(order);
    if (!ticket_set_status(order->desk, order->ticket, status, order->actor->id,
                           order->quiet ? nobody : order->notify, error))
        return false;
    order_set_undo(order, "!status %s", old);
    return order_say(order, "%s → %s", "%s → %s", status_label(old, language),
                     status_label(status, language));
}

bool order_status(Order *order, const Command *command, GError **error)
{
    const char *status = *command->rest ? status_from_word(command->rest) : NULL;
    if (status)
        return set_status(order, status, error);
    g_autoptr(GString) known = g_string_new(NULL);
    for (const char *const *name = status_names; *name; name++)
        g_string_append_printf(known, "%s%s", known->len ? ", " : "",
                               status_label(*name, order->french ? "fr" : "en"));
    return order_refuse(order, error, "“%s” is no status; there are: %s",
                        "« %s » n’est pas un statut ; il y a : %s", command->rest, known->str);
}

static const char *status_of(VerbId verb)
{
    switch (verb) {
    case VERB_PROGRESS:
        return "in-progress";
    case VERB_WAITING:
        return "waiting";
    case VERB_RESOLVE:
        return "resolved";
    case VERB_CLOSE:
        return "closed";
    case VERB_CANCEL:
        return "cancelled";
    default:
        return "open";
    }
}

/* `waiting until friday`, `attendre jusqu'à vendredi`, `waiting friday`. */
static bool wait_until(Order *order, const Command *command, GError **error)
{
    gint64 until = 0;
    GTimeZone *zone = config_zone(order->desk->config);
    if (!when_read(command->rest, order->now, zone, &until))
        return order_refuse(order, error, "“%s” is no moment ahead; like: %s",
                            "« %s » n’est pas un moment à venir ; par exemple : %s",
                            command->rest, when_examples(order->french));
    if (!set_status(order, "waiting", error))
        return false;
    order->ticket->until = until;
    g_autofree char *words = timestamp_long(until, zone, order->french ? "fr" : "en");
    return tickets_update(order->desk->store, order->ticket, error) &&
           order_say(order, "waits until %s", "attend jusqu’au %s", words);
}

bool order_state(Order *order, const Command *command, GError **error)
{
    if (command->verb->id == VERB_WAITING && command->words->len > 0)
        return wait_until(order, command, error);
    if (!order_wants_words(order, command, 0, 0, error))
        return false;
    return set_status(order, status_of(command->verb->id), error);
}
