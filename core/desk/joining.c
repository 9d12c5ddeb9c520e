/* Deciding what a mail into a ticket may be, then making it so.
 *
 * The decision is one table of cases (judge); each outcome is one short act below it. Held is
 * always the answer when nothing else is certain. */
#include "core/desk/joining.h"

#include "core/base/address.h"
#include "core/base/timestamp.h"
#include "core/desk/commanding.h"
#include "core/desk/confirming.h"
#include "core/desk/copies.h"
#include "core/desk/leak.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "schema/outbox.h"
#include "schema/runs.h"

#include <string.h>

typedef enum {
    JOIN_PUBLISH,
    JOIN_NOTE,
    JOIN_HOLD,    /* the desk decides */
    JOIN_CONFIRM, /* an agent without proof: ask them at the address on record */
} JoinAct;

typedef struct {
    JoinAct act;
    const char *reason;
    bool quiet; /* nobody is told: telling is what must end */
} Judgement;

static bool is_participant(Delivery *delivery, bool *ret, GError **error)
{
    return ticket_takes_part(delivery->desk, delivery->route->ticket,
                             delivery->authority->person, ret, error);
}

/* Where no domain proves anything: the sender goes on with a mail of their own, in whichever
 * order the two came. They prove as much as when the ticket was opened. */
static bool is_own_thread(const Delivery *delivery)
{
    const Route *route = delivery->route;
    const Person *person = delivery->authority->person;
    return (route->way == WAY_OVERTAKEN || route->way == WAY_FOREIGN_ID) && person &&
           route->related->author == person->id &&
           route->related->visibility == VISIBILITY_PUBLIC &&
           !delivery->desk->config->mail.authserv_id;
}

static bool is_note(const Delivery *delivery, const CommandBlock *block)
{
    return delivery->route->inside || commanding_has(block, VERB_NOTE);
}

/* NULL: they may; else what is missing. */
static const char *why_ask_agent(const Delivery *delivery, const CommandBlock *block)
{
    const Authority *authority = delivery->authority;
    bool may = authority_may_publish(delivery->desk, authority);
    bool strong = authority_is_strong(authority);
    CommandsNeed need = commanding_need(block);
    bool silent = block->commands->len > 0 && *block->text == '\0';
    if (!(silent || is_note(delivery, block) ? strong : may) ||
        !(need > COMMANDS_INSIDE ? may : strong))
        return ASK_PROOF;
    if (authority->confirmation)
        return NULL;
    if (need == COMMANDS_DESTROY)
        return ASK_DESTROYS;
    return block->stray ? ASK_STRAY : NULL;
}

/* Has somebody else written since the mail that this one answers was sent? */
static bool is_overtaken(const Delivery *delivery, const CommandBlock *block, bool *ret,
                         GError **error)
{
    const Route *route = delivery->route;
    *ret = false;
    if (route->answers_to != delivery->authority->person->id || *block->text == '\0')
        return true;
    return messages_newer(delivery->desk->store, route->ticket->id, route->answered,
                          route->answered_at, delivery->authority->person->id, ret, error);
}

static bool judge_agent(Delivery *delivery, const CommandBlock *block, Judgement *judgement,
                        GError **error)
{
    const Mail *mail = delivery->mail;
    const char *ask = why_ask_agent(delivery, block);
    bool leaks = false, newer = false;

    if (!ask && !is_note(delivery, block) && !is_overtaken(delivery, block, &newer, error))
        return false;
    if (newer)
        ask = ASK_NEWER;

    if (ask) {
        *judgement = (Judgement){JOIN_CONFIRM, ask, false};
        return true;
    }
    if (is_note(delivery, block)) {
        *judgement = (Judgement){
            JOIN_NOTE, delivery->route->inside ? "an answer to a note" : "a note", false};
        return true;
    }
    if (!leak_quotes_note(delivery->desk, delivery->route->ticket, mail->reply, mail->signature,
                          &leaks, error))
        return false;
    *judgement = leaks ? (Judgement){JOIN_HOLD, "it repeats words of an internal note", false}
                       : (Judgement){JOIN_PUBLISH, "an agent's answer", false};
    return true;
}

/* How often one customer may speak in one ticket, in ever longer spans: more is a machine that
 * does not say so, answering another one. */
static bool speaks_too_often(Delivery *delivery, bool *ret, GError **error)
{
    static const struct {
        gint64 messages, seconds;
    } ladder[] = {{10, 600}, {15, 1800}, {25, 3600}, {50, 10800}, {100, 36000}};
    *ret = false;
    for (gsize i = 0; i < G_N_ELEMENTS(ladder) && !*ret; i++) {
        gint64 spoken = 0;
        if (!messages_count_by(delivery->desk->store, delivery->route->ticket->id,
                               delivery->authority->person->id,
                               delivery->now - ladder[i].seconds, &spoken, error))
            return false;
        *ret = spoken >= ladder[i].messages;
    }
    return true;
}

static bool judge_customer(Delivery *delivery, Judgement *judgement, GError **error)
{
    bool often = false;
    if (delivery->route->ticket->deleted != 0)
        *judgement = (Judgement){JOIN_HOLD, "the ticket is deleted", false};
    /* An address for answers to notes was never theirs. */
    else if (delivery->route->inside)
        *judgement = (Judgement){JOIN_HOLD, "it came to an address for notes", false};
    else if (!authority_may_publish(delivery->desk, delivery->authority) &&
             !is_own_thread(delivery))
        *judgement = (Judgement){JOIN_HOLD, "a participant's address without proof", false};
    else if (!speaks_too_often(delivery, &often, error))
        return false;
    else if (often)
        *judgement = (Judgement){JOIN_HOLD, "too many mails within a short time", true};
    else
        *judgement = (Judgement){JOIN_PUBLISH, "a participant's reply", false};
    return true;
}

static bool judge(Delivery *delivery, const CommandBlock *block, Judgement *judgement,
                  GError **error)
{
    bool participant = false;
    if (!is_participant(delivery, &participant, error))
        return false;
    if (!participant) {
        *judgement =
            (Judgement){JOIN_HOLD, "its sender does not take part in the ticket", false};
        return true;
    }
    return authority_is_agent(delivery->authority)
               ? judge_agent(delivery, block, judgement, error)
               : judge_customer(delivery, judgement, error);
}

bool joining_is_meant(Delivery *delivery, bool *ret, GError **error)
{
    const Authority *authority = delivery->authority;
    bool participant = false;
    *ret = true;
    if (delivery->route->way != WAY_FOREIGN_ID)
        return true;
    if (!is_participant(delivery, &participant, error))
        return false;
    if (participant &&
        (authority_is_agent(authority) || authority_may_publish(delivery->desk, authority) ||
         is_own_thread(delivery)))
        return true;
    g_autofree char *key = address_key(authority->address);
    *ret = false;
    return !key || messages_is_addressee(delivery->desk->store, delivery->route->related->id,
                                         key, ret, error);
}

/* --- what a published message does ------------------------------------------------------- */

/* A customer's words wake a ticket that rests; the desk's first answer opens a new one. */
static bool move_status(Desk *desk, Ticket *ticket, const Person *author, Notify *notify,
                        GError **error)
{
    gint64 actor = author ? author->id : 0;
    bool resting = !status_is_open(ticket->status) || strcmp(ticket->status, "waiting") == 0;
    bool fresh = strcmp(ticket->status, "new") == 0 || strcmp(ticket->status, "seen") == 0;
    if (person_is_agent(author) ? fresh : resting)
        return ticket_set_status(desk, ticket, "open", actor, notify, error);
    return true;
}

bool joining_tell(Desk *desk, Ticket *ticket, const Message *message, const Person *author,
                  bool moves, Notify *notify, GError **error)
{
    bool note = message->visibility == VISIBILITY_INTERNAL;
    NoticeKind kind = note ? NOTICE_NOTE : NOTICE_MESSAGE;
    ticket->updated = now_utc();
    if (!tickets_update(desk->store, ticket, error) ||
        !ticket_note_event(desk, ticket, author ? author->id : 0, note ? "note" : "message", "",
                           "", NULL, error) ||
        !notify_staff(notify, ticket, kind, message->id, 0, error))
        return false;
    if (note)
        return true;
    return notify_customers(notify, ticket, kind, message->id, 0, error) &&
           (!moves || move_status(desk, ticket, author, notify, error));
}

/* --- acts -------------------------------------------------------------------------------- */

static bool publish(Delivery *delivery, Visibility visibility, bool moves, GError **error)
{
    Desk *desk = delivery->desk;
    Ticket *ticket = delivery->route->ticket;
    g_autoptr(Message) message = NULL;
    gint64 id = 0;
    notify_set_actor(delivery->notify, delivery->person,
                     !authority_is_strong(delivery->authority));
    return delivery_store_message(delivery, ticket, visibility, visibility, NULL, &id, error) &&
           messages_by_id(desk->store, id, &message, error) &&
           joining_tell(desk, ticket, message, delivery->authority->person, moves,
                        delivery->notify, error) &&
           (visibility == VISIBILITY_INTERNAL || copies_add(delivery, ticket, id, error)) &&
           notify_flush(delivery->notify, error);
}

/* What was meant as a note, or as an answer to one, never becomes more. */
static Visibility intent_of(const Delivery *delivery)
{
    g_autoptr(CommandBlock) block =
        commanding_read(delivery->authority->person, delivery->mail->reply);
    return is_note(delivery, block) ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC;
}

static bool hold(Delivery *delivery, const Judgement *judgement, GError **error)
{
    const Ticket *ticket = delivery->route->ticket;
    gint64 id = 0;
    if (!delivery_store_message(delivery, ticket, VISIBILITY_HELD, intent_of(delivery),
                                judgement->reason, &id, error) ||
        !ticket_note_event(delivery->desk, ticket, 0, "held", "", judgement->reason, NULL,
                           error))
        return false;
    if (judgement->quiet)
        return true;
    if (judgement->act == JOIN_CONFIRM
            ? !confirming_ask(delivery, id, error)
            : !notify_staff(delivery->notify, ticket, NOTICE_HELD, id, 0, error))
        return false;
    return notify_flush(delivery->notify, error);
}

/* Carries out the commands first; then what stands below them is published, if they were good
 * and there is any. */
static bool take_in(Delivery *delivery, const CommandBlock *block, const Judgement *judgement,
                    GError **error)
{
    bool note = judgement->act == JOIN_NOTE;
    Commanded commanded = {.done = true};
    notify_set_actor(delivery->notify, delivery->person,
                     !authority_is_strong(delivery->authority));
    if (block->commands->len > 0 &&
        !commanding_run(delivery, delivery->route->ticket, delivery->authority->person, block,
                        &commanded, error))
        return false;
    if (commanded.silent)
        return delivery_store_raw(delivery, error) && notify_flush(delivery->notify, error) &&
               delivery_decide(delivery, VERDICT_COMMAND,
                               commanded.done ? "commands"
                                              : "commands that cannot be: none ran");
    delivery->reply = block->text;
    return publish(delivery, note ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC, !commanded.moved,
                   error) &&
           delivery_decide(delivery, note ? VERDICT_NOTE : VERDICT_REPLY, judgement->reason);
}

static bool act(Delivery *delivery, const CommandBlock *block, const Judgement *judgement,
                GError **error)
{
    switch (judgement->act) {
    case JOIN_PUBLISH:
    case JOIN_NOTE:
        return take_in(delivery, block, judgement, error);
    case JOIN_HOLD:
    case JOIN_CONFIRM:
        return hold(delivery, judgement, error) &&
               delivery_decide(delivery, VERDICT_HELD, judgement->reason);
    }
    g_assert_not_reached();
}

/* --- the same mail by another way -------------------------------------------------------- */

/* A mail enters a ticket once; a second copy only adds what it proves. */
static bool take_copy(Delivery *delivery, const CommandBlock *block, Message *first,
                      GError **error)
{
    Desk *desk = delivery->desk;
    Ticket *ticket = delivery->route->ticket;
    const Person *person = delivery->authority->person;
    Judgement judgement;
    delivery->message = first->id;
    delivery->raw = first->raw;
    if (!judge(delivery, block, &judgement, error))
        return false;
    bool better = judgement.act == JOIN_PUBLISH || judgement.act == JOIN_NOTE;
    if (first->visibility != VISIBILITY_HELD || !better)
        return delivery_decide(delivery, VERDICT_DUPLICATE, "the same mail is in the ticket");
    if (judgement.act == JOIN_NOTE)
        first->intent = VISIBILITY_INTERNAL;
    return outbox_withdraw(desk->store, ticket->id, first->id, delivery->now,
                           "answered before it was sent", error) &&
           joining_release(delivery, ticket, first, person,
                           "a held mail, proven by its second copy", error) &&
           (first->visibility != VISIBILITY_PUBLIC ||
            copies_add(delivery, ticket, first->id, error)) &&
           notify_flush(delivery->notify, error);
}

/* Commands alone, and those that cannot be, leave nothing to publish. */
static bool release_words(Message *held, const CommandBlock *block, const Commanded *commanded)
{
    bool nothing = commanded->silent;
    held->visibility = nothing              ? VISIBILITY_DROPPED
                       : commanded->is_note ? VISIBILITY_INTERNAL
                                            : held->intent;
    g_free(held->held_reason);
    held->held_reason = g_strdup("");
    if (!nothing) {
        g_free(held->reply);
        held->reply = g_strdup(block->text);
    }
    return !nothing;
}

bool joining_release(Delivery *delivery, Ticket *ticket, Message *held, const Person *author,
                     const char *reason, GError **error)
{
    Store *store = delivery->desk->store;
    g_autoptr(CommandBlock) block = commanding_read(author, held->reply);
    Commanded commanded = {.done = true};
    notify_set_actor(delivery->notify, author->id, !authority_is_strong(delivery->authority));
    held->author = author->id;
    if (block->commands->len > 0 &&
        !commanding_run(delivery, ticket, author, block, &commanded, error))
        return false;
    bool words = release_words(held, block, &commanded);
    Verdict verdict = !words                                    ? VERDICT_COMMAND
                      : held->visibility == VISIBILITY_INTERNAL ? VERDICT_NOTE
                                                                : VERDICT_REPLY;
    return messages_update(store, held, error) &&
           (!words || joining_tell(delivery->desk, ticket, held, author, !commanded.moved,
                                   delivery->notify, error)) &&
           delivery_decide(delivery, verdict, reason);
}

/* The same mail by another way: commands that left no message must not run twice. */
static bool ran_before(Delivery *delivery, bool *ret, GError **error)
{
    return runs_has_content(delivery->desk->store, delivery->scan->content_hash,
                            delivery->route->ticket->id, ret, error);
}

bool joining_take(Delivery *delivery, GError **error)
{
    const Authority *authority = delivery->authority;
    const Ticket *ticket = delivery->route->ticket;
    g_autoptr(Message) first = NULL;
    g_autoptr(CommandBlock) block = commanding_read(
        authority_is_strong(authority) ? authority->person : NULL, delivery->mail->reply);
    Judgement judgement;
    bool ran = false;

    delivery_take_ticket(delivery, ticket);
    if (authority->person)
        delivery->person = authority->person->id;
    /* Until something is published under their name they are nobody, and hear what is held in
     * it. */
    notify_set_actor(delivery->notify, 0, !authority_is_strong(authority));
    if (!messages_by_content(delivery->desk->store, delivery->scan->content_hash,
                             delivery->route->queue->id, ticket->id, &first, error))
        return false;
    if (first)
        return take_copy(delivery, block, first, error);
    if (!ran_before(delivery, &ran, error))
        return false;
    if (ran)
        return delivery_decide(delivery, VERDICT_DUPLICATE,
                               "its commands were carried out before");
    return judge(delivery, block, &judgement, error) && act(delivery, block, &judgement, error);
}
