/* Bulk commands: each line once for each ticket that it names first.
 *
 * Where one ticket is commanded with respect to others (merge, link), the first is meant. What
 * needs a confirmation, or the words of a thread, belongs into an answer to the ticket's mail.
 */
#include "core/desk/bulk.h"

#include "core/base/error.h"
#include "core/desk/commanding_run.h"
#include "core/desk/forwarding.h"
#include "core/desk/ticket.h"

#include <string.h>

#define RUNS_PER_HOUR 60
#define TICKETS_MAX 200 /* of a line */

/* "SUP-42": letters and digits, a dash, digits. */
static bool looks_like_ticket(const char *word)
{
    gsize prefix =
        strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    const char *digits = word + prefix + 1;
    return prefix >= 2 && prefix <= 8 && word[prefix] == '-' && *digits != '\0' &&
           digits[strspn(digits, "0123456789")] == '\0';
}

static bool names_others(const Verb *verb)
{
    return verb->id == VERB_MERGE || verb->id == VERB_LINK || verb->id == VERB_DEPENDS ||
           verb->id == VERB_DUPLICATE;
}

/* How many of its words are the tickets it is about. */
static guint count_tickets(const Command *command)
{
    guint n = 0, most = names_others(command->verb) ? 1 : TICKETS_MAX;
    while (n < command->words->len && n < most && looks_like_ticket(command->words->pdata[n]))
        n++;
    return n;
}

/* The command as it would stand in a mail of that ticket. */
static Command *without_tickets(const Command *command, guint n)
{
    g_autoptr(GString) rest = g_string_new(NULL);
    const char *at = command->rest;
    for (guint i = 0; i < n; i++)
        at += strspn(at, " ") + strlen(command->words->pdata[i]);
    g_string_append_printf(rest, "!%s %s", command->word, at + strspn(at, " "));
    g_autoptr(CommandBlock) block = command_read(rest->str, COMMAND_MARKED);
    Command *bare = g_ptr_array_steal_index(block->commands, 0);
    g_free(bare->line);
    bare->line = g_strdup(command->line);
    return bare;
}

/* --- one line ---------------------------------------------------------------------------- */

static bool refuse_line(Order *order, const Command *command, Run *run, const char *en,
                        const char *fr)
{
    RunLine *line = run_line_new(command->line, command->verb->name[0]);
    g_free(line->answer);
    line->answer = g_strdup(order->french ? fr : en);
    g_ptr_array_add(run->lines, line);
    run->done = false;
    return true;
}

static bool try_ticket(Order *order, const Command *bare, const char *id, Run *run,
                       GError **error)
{
    g_autoptr(GError) problem = NULL;
    Ticket *ticket = NULL;
    if (!order_find_ticket(order, id, &ticket, &problem)) {
        if (!g_error_matches(problem, WICKET_ERROR, ERROR_REJECTED)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return false;
        }
        return refuse_line(order, bare, run, problem->message, problem->message);
    }
    order->ticket = notify_keep(order->notify, ticket);
    bool tried = commanding_try(order, bare, run, error);
    order->ticket = NULL;
    return tried;
}

static bool try_line(Order *order, const Command *command, Run *run, GError **error)
{
    guint n = command->verb ? count_tickets(command) : 0;
    if (!command->verb || (n == 0 && command->verb->flags & VERB_NO_TICKET))
        return commanding_try(order, command, run, error);
    if (n == 0)
        return refuse_line(order, command, run, "name the tickets: close SUP-12 SUP-13",
                           "nommez les tickets : fermer SUP-12 SUP-13");
    if (command->verb->flags & VERB_DESTROYS || command->verb->id == VERB_TRANSCRIPT)
        return refuse_line(order, command, run,
                           "command that in answer to a mail of the ticket",
                           "commandez cela en réponse à un mail du ticket");
    g_autoptr(Command) bare = without_tickets(command, n);
    for (guint i = 0; i < n; i++)
        if (!try_ticket(order, bare, command->words->pdata[i], run, error))
            return false;
    return true;
}

static bool try_all(Order *order, const CommandBlock *block, Run *run, GError **error)
{
    for (guint i = 0; i < block->commands->len; i++)
        if (!try_line(order, block->commands->pdata[i], run, error))
            return false;
    return true;
}

/* --- the mail ---------------------------------------------------------------------------- */

static bool hold(Delivery *delivery, const char *reason, GError **error)
{
    return delivery_store_message(delivery, NULL, VISIBILITY_HELD, VISIBILITY_INTERNAL, reason,
                                  NULL, error) &&
           delivery_decide(delivery, VERDICT_HELD, reason);
}

/* NULL: what they want they may. */
static const char *why_not(const Delivery *delivery, const CommandBlock *block)
{
    const Authority *authority = delivery->authority;
    if (!authority_is_agent(authority) || !authority->secret)
        return "commands from somebody else than their address is for";
    if (commanding_need(block) > COMMANDS_INSIDE &&
        !authority_may_publish(delivery->desk, authority))
        return "commands without enough proof";
    return NULL;
}

/* A mail that says nothing asks for help. */
static CommandBlock *read_block(const char *text)
{
    g_autoptr(CommandBlock) block = command_read(text, COMMAND_BARE);
    return block->commands->len ? g_steal_pointer(&block) : command_read("help", COMMAND_BARE);
}

static bool carry_out(Delivery *delivery, const CommandBlock *block, GError **error)
{
    const Person *actor = delivery->authority->person;
    g_autoptr(Run) run = commanding_run_new(delivery, NULL, actor);
    g_auto(Order) order = {
        .desk = delivery->desk,
        .actor = actor,
        .notify = delivery->notify,
        .now = delivery->now,
        .french = strcmp(run->language, "fr") == 0,
        .quiet = commanding_has(block, VERB_QUIET),
        .text = "",
        .queue = delivery->route->queue->id,
    };
    gint64 id = 0;
    notify_set_actor(delivery->notify, actor->id, false);
    commanding_note(delivery, block);
    if (!commanding_try_part(&order, block, try_all, run, error))
        return false;
    if (!run->done)
        notify_forget(delivery->notify);
    return runs_add(delivery->desk->store, run, &id, error) &&
           notify_answer(delivery->notify, NULL, actor, false, id, error) &&
           delivery_store_raw(delivery, error) && notify_flush(delivery->notify, error) &&
           delivery_decide(delivery, VERDICT_COMMAND,
                           run->done ? "bulk commands" : "commands that cannot be: none ran");
}

bool bulk_take(Delivery *delivery, GError **error)
{
    g_autoptr(CommandBlock) block = read_block(delivery->mail->reply);
    bool ran = false;
    gint64 runs = 0;
    if (delivery->authority->person)
        delivery->person = delivery->authority->person->id;
    const char *reason = why_not(delivery, block);
    if (reason)
        return hold(delivery, reason, error);
    if (!runs_has_content(delivery->desk->store, delivery->scan->content_hash, 0, &ran,
                          error) ||
        !runs_count(delivery->desk->store, delivery->person, delivery->now - 3600, &runs,
                    error))
        return false;
    if (ran)
        return delivery_decide(delivery, VERDICT_DUPLICATE,
                               "its commands were carried out before");
    if (runs >= RUNS_PER_HOUR)
        return hold(delivery, "too many mails with commands within an hour", error);
    return commanding_has(block, VERB_FORWARD) ? forwarding_take(delivery, block, error)
                                               : carry_out(delivery, block, error);
}

bool bulk_is_meant(const Delivery *delivery)
{
    const Authority *authority = delivery->authority;
    if (!authority_is_agent(authority) || !authority_is_strong(authority))
        return false;
    g_autoptr(CommandBlock) block = command_read(delivery->mail->reply, COMMAND_MARKED);
    return block->commands->len > 0;
}

/* Without a ticket and without a secret: only a request can be passed on. */
bool bulk_take_plain(Delivery *delivery, GError **error)
{
    g_autoptr(CommandBlock) block = command_read(delivery->mail->reply, COMMAND_MARKED);
    if (commanding_has(block, VERB_FORWARD))
        return forwarding_take(delivery, block, error);
    if (commanding_need(block) > COMMANDS_INSIDE) {
        delivery->person = delivery->authority->person->id;
        return hold(delivery, "commands that name no ticket", error);
    }
    return carry_out(delivery, block, error);
}
