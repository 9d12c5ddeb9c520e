/* Opening a ticket for the sender of a forwarded mail. */
#include "core/desk/forwarding.h"

#include "core/base/address.h"
#include "core/desk/commanding_run.h"
#include "core/desk/opening.h"
#include "core/desk/scrub.h"
#include "core/desk/ticket.h"

#include <string.h>

/* NULL: it can be done. */
static const char *why_not(const CommandBlock *block, const MailForward *forwarded, bool french)
{
    if (block->commands->len > 1)
        return french
                   ? "doit être la seule commande ; commandez le ticket en réponse à son mail"
                   : "must be the only command; command the ticket in answer to its mail";
    if (!forwarded || !address_is_safe(forwarded->address))
        return french
                   ? "aucun mail transféré dont l’expéditeur soit lisible ne se trouve dessous"
                   : "no forwarded mail whose sender can be read stands below it";
    return NULL;
}

static bool answer_no(Delivery *delivery, Run *run, const CommandBlock *block, const char *why,
                      GError **error)
{
    const Person *actor = delivery->authority->person;
    gint64 id = 0;
    for (guint i = 0; i < block->commands->len; i++) {
        const Command *command = block->commands->pdata[i];
        RunLine *line =
            run_line_new(command->line, command->verb ? command->verb->name[0] : "");
        g_free(line->answer);
        line->answer = g_strdup(why);
        g_ptr_array_add(run->lines, line);
    }
    g_free(run->text);
    run->text = g_strdup(block->text);
    return runs_add(delivery->desk->store, run, &id, error) &&
           notify_answer(delivery->notify, NULL, actor, false, id, error) &&
           delivery_store_raw(delivery, error) && notify_flush(delivery->notify, error) &&
           delivery_decide(delivery, VERDICT_COMMAND, "commands that cannot be: none ran");
}

static bool tell(Delivery *delivery, const Ticket *ticket, const Person *requester,
                 gint64 message, GError **error)
{
    if (delivery->authority->secret &&
        !notify_person(delivery->notify, ticket, requester, PART_REQUESTER,
                       NOTICE_ACKNOWLEDGEMENT, message, 0, 0, error))
        return false;
    return notify_staff(delivery->notify, ticket, NOTICE_TICKET, message, 0, error) &&
           notify_flush(delivery->notify, error);
}

static bool open_for(Delivery *delivery, const CommandBlock *block, GError **error)
{
    Desk *desk = delivery->desk;
    const Mail *mail = delivery->mail;
    const MailForward *forwarded = mail->forwarded;
    g_autoptr(Person) requester = NULL;
    g_autoptr(Ticket) ticket = NULL;
    g_autofree char *title = NULL;
    gint64 message = 0;
    if (!opening_person(desk, forwarded->address, forwarded->name, &requester, error) ||
        !scrub_text(desk, *forwarded->subject ? forwarded->subject : mail->subject, &title,
                    error))
        return false;
    const Opening opening = {
        .queue = delivery->route->queue,
        .title = title,
        .type = delivery->route->tag,
        .priority = mail->priority,
        .requester = requester,
        .actor = delivery->person,
        .brief = !delivery->authority->secret,
        .root = "",
    };
    delivery->reply = block->text;
    delivery->author = requester;
    if (!opening_ticket(desk, &opening, &ticket, error))
        return false;
    delivery_take_ticket(delivery, ticket);
    return delivery_store_message(delivery, ticket, VISIBILITY_PUBLIC, VISIBILITY_PUBLIC, NULL,
                                  &message, error) &&
           tell(delivery, ticket, requester, message, error) &&
           delivery_decide(delivery, VERDICT_TICKET, "a new ticket, passed on by an agent");
}

bool forwarding_take(Delivery *delivery, const CommandBlock *block, GError **error)
{
    const Person *actor = delivery->authority->person;
    g_autoptr(Run) run = commanding_run_new(delivery, NULL, actor);
    const char *why =
        why_not(block, delivery->mail->forwarded, strcmp(run->language, "fr") == 0);
    delivery->person = actor->id;
    notify_set_actor(delivery->notify, actor->id, false);
    commanding_note(delivery, block);
    return why ? answer_no(delivery, run, block, why, error) : open_for(delivery, block, error);
}
