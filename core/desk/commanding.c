/* Carrying out a block of commands.
 *
 * Each is tried, within a part of the transaction that is undone as a whole when one is wrong;
 * so the rest are tried all the same, to tell at once all that is wrong. */
#include "core/desk/commanding.h"

#include "core/base/error.h"
#include "core/desk/author.h"
#include "core/desk/commanding_run.h"
#include "core/desk/ticket.h"

#include <string.h>

/* --- whose ------------------------------------------------------------------------------- */

static bool is_requesters(const CommandBlock *block)
{
    for (guint i = 0; i < block->commands->len; i++) {
        const Command *command = block->commands->pdata[i];
        if (!command->verb || !(command->verb->flags & VERB_FOR_REQUESTER))
            return false;
    }
    return true;
}

CommandBlock *commanding_read(const Person *author, const char *text)
{
    g_autoptr(CommandBlock) block = command_read(text, COMMAND_MARKED);
    if (person_is_agent(author) || (author && is_requesters(block)))
        return g_steal_pointer(&block);
    g_ptr_array_set_size(block->commands, 0);
    g_clear_pointer(&block->stray, g_free);
    g_free(block->text);
    block->text = g_strdup(text);
    return g_steal_pointer(&block);
}

CommandsNeed commanding_need(const CommandBlock *block)
{
    CommandsNeed need = COMMANDS_NONE;
    for (guint i = 0; i < block->commands->len; i++) {
        const Command *command = block->commands->pdata[i];
        guint flags = command->verb ? command->verb->flags : VERB_INSIDE;
        bool others = command->verb && command->verb->id == VERB_REDACT && command->words->len;
        CommandsNeed one = flags & VERB_DESTROYS || others ? COMMANDS_DESTROY
                           : flags & VERB_INSIDE           ? COMMANDS_INSIDE
                                                           : COMMANDS_CHANGE;
        need = MAX(need, one);
    }
    return need;
}

/* --- one line ---------------------------------------------------------------------------- */

static bool refuse_unknown(const Order *order, const Command *command, GError **error)
{
    const Verb *near = verb_nearest(command->word);
    if (near)
        return order_refuse(order, error, "“%s” is no command; did you mean !%s?",
                            "« %s » n’est pas une commande ; vouliez-vous dire !%s ?",
                            command->word, verb_name(near, order->french));
    return order_refuse(order, error, "“%s” is no command; !help lists them all",
                        "« %s » n’est pas une commande ; !aide les donne toutes",
                        command->word);
}

static bool may(const Order *order, const Verb *verb, GError **error)
{
    bool agent = person_is_agent(order->actor);
    bool hers = verb->flags & (agent ? VERB_FOR_AGENT : VERB_FOR_REQUESTER);
    if (hers && (!(verb->flags & VERB_FOR_ADMIN) || order->actor->role == ROLE_ADMIN))
        return true;
    return agent && hers ? order_refuse(order, error, "only an admin may",
                                        "seul un administrateur le peut")
                         : order_refuse(order, error, "that is for those who ask for help",
                                        "c’est réservé aux demandeurs");
}

/* False only for a fault of ours; what is wrong with the line is told in it. */
static bool try_line(Order *order, const Command *command, RunLine *line, GError **error)
{
    g_autoptr(GError) problem = NULL;
    bool done = command->verb
                    ? may(order, command->verb, &problem) && order_act(order, command, &problem)
                    : refuse_unknown(order, command, &problem);
    line->good = done;
    if (!done && !g_error_matches(problem, WICKET_ERROR, ERROR_REJECTED)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    g_free(line->answer);
    line->answer = g_strdup(done ? order->answer : problem->message);
    if (!done)
        return true;
    g_free(line->undo);
    line->undo = g_strdup(order->undo);
    return true;
}

/* --- the block --------------------------------------------------------------------------- */

bool commanding_has(const CommandBlock *block, VerbId id)
{
    for (guint i = 0; i < block->commands->len; i++) {
        const Command *command = block->commands->pdata[i];
        if (command->verb && command->verb->id == id)
            return true;
    }
    return false;
}

bool commanding_try(Order *order, const Command *command, Run *run, GError **error)
{
    RunLine *line = run_line_new(command->line, command->verb ? command->verb->name[0] : "");
    g_ptr_array_add(run->lines, line);
    line->ticket = order->ticket ? order->ticket->id : 0;
    if (!try_line(order, command, line, error))
        return false;
    run->done &= line->good;
    return true;
}

static bool try_all(Order *order, const CommandBlock *block, Run *run, GError **error)
{
    for (guint i = 0; i < block->commands->len; i++)
        if (!commanding_try(order, block->commands->pdata[i], run, error))
            return false;
    return true;
}

/* All of it, or nothing but the record of it. */
bool commanding_try_part(Order *order, const CommandBlock *block, CommandingTry try, Run *run,
                         GError **error)
{
    Store *store = order->desk->store;
    bool whole = true;
    if (!store_part_begin(store, error))
        return false;
    run->done = true;
    if (try(order, block, run, error)) {
        if (run->done)
            return store_part_keep(store, error);
        store_part_undo(store, &whole);
        if (whole)
            return true;
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT,
                    "the transaction ended while commands were undone");
    }
    return false;
}

Run *commanding_run_new(const Delivery *delivery, const Ticket *ticket, const Person *actor)
{
    const char *language = ticket ? ticket->language : delivery->route->queue->language;
    Run *run = g_new0(Run, 1);
    run->at = delivery->now;
    run->person = actor->id;
    run->queue = delivery->route->queue->id;
    run->ticket = ticket ? ticket->id : 0;
    run->language = g_strdup(*actor->language ? actor->language : language);
    run->subject = g_strdup(delivery->mail->subject);
    run->message_id = g_strdup(delivery->mail->message_id);
    memcpy(run->content_hash, delivery->scan->content_hash, sizeof run->content_hash);
    run->text = g_strdup("");
    run->lines = g_ptr_array_new_with_free_func((GDestroyNotify)run_line_free);
    return run;
}

static bool asks(const CommandBlock *block)
{
    for (guint i = 0; i < block->commands->len; i++) {
        const Command *command = block->commands->pdata[i];
        if (command->verb && command->verb->flags & VERB_ASKS)
            return true;
    }
    return false;
}

/* What was changed is not told to those for whom it was undone. */
static bool settle(Delivery *delivery, Ticket *ticket, Order *order, GError **error)
{
    g_autoptr(Ticket) fresh = NULL;
    notify_forget(delivery->notify);
    if (!tickets_by_id(order->desk->store, ticket->id, &fresh, error))
        return false;
    ticket_swap(ticket, fresh);
    return true;
}

/* Whoever commands on a new ticket has seen it. */
static bool mark_seen(Order *order, const char *before, GError **error)
{
    g_autoptr(Notify) nobody = notify_new(order->desk);
    if (!person_is_agent(order->actor) || strcmp(before, "new") != 0 ||
        strcmp(order->ticket->status, "new") != 0)
        return true;
    return ticket_set_status(order->desk, order->ticket, "seen", order->actor->id, nobody,
                             error);
}

void commanding_note(Delivery *delivery, const CommandBlock *block)
{
    for (guint i = 0; i < block->commands->len; i++) {
        const Command *command = block->commands->pdata[i];
        if (command->verb)
            g_ptr_array_add(delivery->outcome->commands, (char *)command->verb->name[0]);
    }
}

bool commanding_run(Delivery *delivery, Ticket *ticket, const Person *actor,
                    const CommandBlock *block, Commanded *ret, GError **error)
{
    g_autoptr(Run) run = commanding_run_new(delivery, ticket, actor);
    g_autofree char *status = g_strdup(ticket->status);
    g_auto(Order) order = {
        .desk = delivery->desk,
        .actor = actor,
        .ticket = ticket,
        .notify = delivery->notify,
        .now = delivery->now,
        .french = strcmp(run->language, "fr") == 0,
        .quiet = commanding_has(block, VERB_QUIET),
        .text = block->text,
        .answered = delivery->route->answered,
        .queue = delivery->route->queue->id,
    };
    gint64 id = 0;
    if (!commanding_try_part(&order, block, try_all, run, error) ||
        (!run->done && !settle(delivery, ticket, &order, error)))
        return false;
    bool moved = strcmp(status, ticket->status) != 0;
    if (run->done && !mark_seen(&order, status, error))
        return false;
    if (!run->done) {
        g_free(run->text);
        run->text = g_strdup(block->text);
    }
    commanding_note(delivery, block);
    *ret = (Commanded){run->done, order.is_note,
                       !run->done || order.uses_text || *block->text == '\0', moved};
    return runs_add(delivery->desk->store, run, &id, error) &&
           ((run->done && !asks(block)) ||
            notify_answer(delivery->notify, ticket, actor, delivery->route->inside, id, error));
}
