/* Commands about who works on a ticket and who hears of it. */
#include "core/desk/order.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/copies.h"
#include "core/desk/fold.h"
#include "core/desk/opening.h"
#include "core/desk/ticket.h"
#include "schema/queues.h"

#include <string.h>

/* --- who works on it --------------------------------------------------------------------- */

/* Is this agent meant by `folded`: an address, its local part, a name or a first name? */
static bool is_meant(const Person *agent, const char *folded)
{
    g_autofree char *name = fold_text(agent->name);
    g_autofree char *address = fold_text(agent->address);
    gsize length = strlen(folded);
    bool starts =
        strncmp(name, folded, length) == 0 && (name[length] == '\0' || name[length] == ' ');
    bool local = strncmp(address, folded, length) == 0 &&
                 (address[length] == '\0' || address[length] == '@');
    return length > 0 && (starts || local);
}

static void append_agent(GString *list, const Person *agent)
{
    g_string_append_printf(list, "%s%s", list->len ? ", " : "", agent->address);
}

/* The one agent somebody means. */
static bool find_agent(const Order *order, GPtrArray *agents, const char *who,
                       const Person **ret, GError **error)
{
    g_autofree char *folded = fold_text(who);
    g_autoptr(GString) all = g_string_new(NULL), meant = g_string_new(NULL);
    guint found = 0;
    for (guint i = 0; i < agents->len; i++) {
        const Person *agent = agents->pdata[i];
        append_agent(all, agent);
        if (!is_meant(agent, folded))
            continue;
        append_agent(meant, agent);
        *ret = agent;
        found++;
    }
    if (found == 1)
        return true;
    if (found > 1)
        return order_refuse(order, error, "“%s” may be %s: which one?",
                            "« %s » peut être %s : lequel ?", who, meant->str);
    return order_refuse(order, error, "“%s” is nobody of the team; there are: %s",
                        "« %s » n’est pas de l’équipe ; il y a : %s", who, all->str);
}

static char *labels_of(const GPtrArray *people)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++)
        g_string_append_printf(list, "%s%s", i ? ", " : "", person_label(people->pdata[i]));
    return g_string_free(g_steal_pointer(&list), FALSE);
}

static bool load_assigned(const Order *order, GPtrArray **ret, GError **error)
{
    g_autoptr(GPtrArray) people = g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
    g_autoptr(GArray) ids = NULL;
    if (!tickets_assignees(order->desk->store, order->ticket->id, &ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        Person *person = NULL;
        if (!people_by_id(order->desk->store, g_array_index(ids, gint64, i), &person, error))
            return false;
        g_ptr_array_add(people, person);
    }
    *ret = g_steal_pointer(&people);
    return true;
}

static bool assign_to(Order *order, const GPtrArray *people, GError **error)
{
    g_autoptr(GPtrArray) before = NULL;
    bool changed = false;
    if (!load_assigned(order, &before, error) ||
        !ticket_assign_all(order->desk, order->ticket, people, order->actor->id, order->notify,
                           &changed, error))
        return false;
    if (!changed)
        return order_nothing_new(order);
    g_autoptr(GString) undo = g_string_new("!assign");
    for (guint i = 0; i < before->len; i++) {
        const Person *person = before->pdata[i];
        g_string_append_printf(undo, " %s", person->address);
    }
    order_set_undo(order, "%s%s", undo->str, before->len ? "" : " none");
    g_autofree char *labels = labels_of(people);
    return people->len ? order_say(order, "assigned to %s", "assigné à %s", labels)
                       : order_say(order, "assigned to nobody", "n’est plus assigné");
}

bool order_take(Order *order, const Command *command, GError **error)
{
    g_autoptr(GPtrArray) me = g_ptr_array_new();
    if (!order_wants_words(order, command, 0, 0, error))
        return false;
    g_ptr_array_add(me, (Person *)order->actor);
    return assign_to(order, me, error);
}

static bool means_nobody(const char *word)
{
    static const char *const words[] = {"none", "nobody", "personne", "aucun", "aucune", NULL};
    g_autofree char *folded = fold_text(word);
    return g_strv_contains(words, folded);
}

static bool means_me(const char *word)
{
    static const char *const words[] = {"me", "moi", NULL};
    g_autofree char *folded = fold_text(word);
    return g_strv_contains(words, folded);
}

bool order_assign(Order *order, const Command *command, GError **error)
{
    g_autoptr(GPtrArray) agents = NULL, chosen = g_ptr_array_new();
    const GPtrArray *words = command->words;
    if (!order_wants_words(order, command, 1, 20, error) ||
        !people_agents(order->desk->store, &agents, error))
        return false;
    if (words->len == 1 && means_nobody(words->pdata[0]))
        return assign_to(order, chosen, error);
    for (guint i = 0; i < words->len; i++) {
        const Person *agent = order->actor;
        if (!means_me(words->pdata[i]) &&
            !find_agent(order, agents, words->pdata[i], &agent, error))
            return false;
        g_ptr_array_add(chosen, (Person *)agent);
    }
    return assign_to(order, chosen, error);
}

/* --- where it is worked on --------------------------------------------------------------- */

static bool find_queue(const Order *order, const char *wanted, Queue **ret, GError **error)
{
    g_autoptr(GPtrArray) queues = NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    g_autofree char *folded = fold_text(wanted);
    if (!queues_list(order->desk->store, &queues, error))
        return false;
    for (guint i = 0; i < queues->len; i++) {
        const Queue *queue = queues->pdata[i];
        g_autofree char *name = fold_text(queue->name), *prefix = fold_text(queue->prefix);
        if (queue->removed)
            continue;
        if (strcmp(name, folded) == 0 || strcmp(prefix, folded) == 0)
            return queues_by_id(order->desk->store, queue->id, ret, error);
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", queue->name);
    }
    return order_refuse(order, error, "“%s” is no queue; there are: %s",
                        "« %s » n’est pas une file ; il y a : %s", wanted, names->str);
}

bool order_queue(Order *order, const Command *command, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    g_autofree char *old = g_strdup(order->ticket->queue_name);
    if (!order_wants_words(order, command, 1, 1, error) ||
        !find_queue(order, command->words->pdata[0], &queue, error))
        return false;
    if (queue->id == order->ticket->served)
        return order_nothing_new(order);
    if (!ticket_move(order->desk, order->ticket, queue, order->actor->id, error) ||
        !notify_staff(order->notify, order->ticket, NOTICE_TICKET, 0, 0, error))
        return false;
    order_set_undo(order, "!queue %s", old);
    return order_say(order, "%s → %s", "%s → %s", old, queue->name);
}

/* --- who hears of it --------------------------------------------------------------------- */

static bool bring_in(Order *order, const char *address, bool *ret_changed, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (copies_bring_in(order->desk, order->ticket, address, order->actor->id, ret_changed,
                        &problem))
        return true;
    if (g_error_matches(problem, WICKET_ERROR, ERROR_REJECTED))
        return order_refuse(order, error, "a ticket has at most %d watchers",
                            "au plus %d personnes peuvent suivre un ticket", COPIES_MAX);
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
}

static bool change_watcher(Order *order, const char *word, GString *undo, GError **error)
{
    bool removes = *word == '-';
    const char *address = word + (*word == '+' || *word == '-');
    bool changed = false;
    if (!address_is_safe(address))
        return order_refuse(order, error, "“%s” is no address", "« %s » n’est pas une adresse",
                            address);
    gint64 actor = order->actor->id;
    if (removes && !copies_remove(order->desk, order->ticket, address, actor, &changed, error))
        return false;
    if (!removes && !bring_in(order, address, &changed, error))
        return false;
    if (changed)
        g_string_append_printf(undo, " %c%s", removes ? '+' : '-', address);
    return true;
}

bool order_cc(Order *order, const Command *command, GError **error)
{
    g_autoptr(GString) undo = g_string_new(NULL);
    if (!order_wants_words(order, command, 1, COPIES_MAX, error))
        return false;
    for (guint i = 0; i < command->words->len; i++)
        if (!change_watcher(order, command->words->pdata[i], undo, error))
            return false;
    if (undo->len == 0)
        return order_nothing_new(order);
    order_set_undo(order, "!cc%s", undo->str);
    return order_say(order, "changed", "modifié");
}
