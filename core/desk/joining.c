/* Deciding what a mail into a ticket may be, then making it so.
 *
 * The decision is one table of cases (judge); each outcome is one short act below it. Held is
 * always the answer when nothing else is certain. */
#include "core/desk/joining.h"

#include "core/base/address.h"
#include "core/desk/confirming.h"
#include "core/desk/copies.h"
#include "core/desk/leak.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"

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
} Judgement;

/* Is the sender somebody of this ticket? Agents always are; others when they take part. */
static bool is_participant(Delivery *delivery, bool *ret, GError **error)
{
    const Authority *authority = delivery->authority;
    g_autoptr(Participation) part = NULL;
    *ret = authority_is_agent(authority);
    if (*ret || !authority->person)
        return true;
    if (!participations_find(delivery->desk->store, delivery->route->ticket->id,
                             authority->person->id, VISIBILITY_PUBLIC, &part, error))
        return false;
    *ret = part != NULL;
    return true;
}

/* Where no domain proves anything: the sender goes on with a mail of their own, in whichever
 * order the two came. They prove as much as when the ticket was opened. */
static bool is_own_thread(const Delivery *delivery)
{
    const Route *route = delivery->route;
    const Person *person = delivery->authority->person;
    return (route->way == WAY_OVERTAKEN || route->way == WAY_FOREIGN_ID) && person &&
           route->related->author == person->id && !delivery->desk->config->mail.authserv_id;
}

static bool judge_agent(Delivery *delivery, Judgement *judgement, GError **error)
{
    const Authority *authority = delivery->authority;
    const Route *route = delivery->route;
    bool leaks = false;
    bool inside = route->secret && route->secret->visibility == VISIBILITY_INTERNAL;

    if (inside && authority_is_strong(authority)) {
        *judgement = (Judgement){JOIN_NOTE, "an answer to a note"};
        return true;
    }
    if (!authority_may_publish(delivery->desk, authority)) {
        *judgement = (Judgement){JOIN_CONFIRM, "an agent's mail without enough proof"};
        return true;
    }
    if (!leak_quotes_note(delivery->desk, route->ticket, delivery->mail->reply, &leaks, error))
        return false;
    *judgement = leaks ? (Judgement){JOIN_HOLD, "it repeats words of an internal note"}
                       : (Judgement){JOIN_PUBLISH, "an agent's answer"};
    return true;
}

static bool judge(Delivery *delivery, Judgement *judgement, GError **error)
{
    const Authority *authority = delivery->authority;
    bool participant = false;
    if (!is_participant(delivery, &participant, error))
        return false;
    if (!participant) {
        *judgement = (Judgement){JOIN_HOLD, "its sender does not take part in the ticket"};
        return true;
    }
    if (authority_is_agent(authority))
        return judge_agent(delivery, judgement, error);
    if (authority_may_publish(delivery->desk, authority) || is_own_thread(delivery))
        *judgement = (Judgement){JOIN_PUBLISH, "a participant's reply"};
    else
        *judgement = (Judgement){JOIN_HOLD, "a participant's address without proof"};
    return true;
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

static bool is_agent(const Person *person)
{
    return person && person->role != ROLE_REQUESTER;
}

/* A customer's words wake a ticket that rests; the desk's first answer opens a new one. */
static bool move_status(Desk *desk, Ticket *ticket, const Person *author, Notify *notify,
                        GError **error)
{
    gint64 actor = author ? author->id : 0;
    bool resting = !status_is_open(ticket->status) || strcmp(ticket->status, "waiting") == 0;
    bool fresh = strcmp(ticket->status, "new") == 0 || strcmp(ticket->status, "seen") == 0;
    if (is_agent(author) ? fresh : resting)
        return ticket_set_status(desk, ticket, "open", actor, notify, error);
    return true;
}

bool joining_tell(Desk *desk, Ticket *ticket, const Message *message, const Person *author,
                  Notify *notify, GError **error)
{
    bool note = message->visibility == VISIBILITY_INTERNAL;
    NoticeKind kind = note ? NOTICE_NOTE : NOTICE_MESSAGE;
    if (!ticket_note_event(desk, ticket, author ? author->id : 0, note ? "note" : "message", "",
                           "", NULL, error) ||
        !notify_staff(notify, ticket, kind, message->id, 0, error))
        return false;
    if (note)
        return true;
    return notify_customers(notify, ticket, kind, message->id, 0, error) &&
           move_status(desk, ticket, author, notify, error);
}

/* --- acts -------------------------------------------------------------------------------- */

static bool publish(Delivery *delivery, Visibility visibility, GError **error)
{
    Desk *desk = delivery->desk;
    Ticket *ticket = delivery->route->ticket;
    g_autoptr(Message) message = NULL;
    gint64 id = 0;
    return delivery_store_message(delivery, ticket, visibility, visibility, NULL, &id, error) &&
           messages_by_id(desk->store, id, &message, error) &&
           joining_tell(desk, ticket, message, delivery->authority->person, delivery->notify,
                        error) &&
           (visibility == VISIBILITY_INTERNAL || copies_add(delivery, ticket, id, error)) &&
           notify_flush(delivery->notify, error);
}

static bool hold(Delivery *delivery, const char *reason, GError **error)
{
    const Ticket *ticket = delivery->route->ticket;
    gint64 id = 0;
    return delivery_store_message(delivery, ticket, VISIBILITY_HELD, VISIBILITY_PUBLIC, reason,
                                  &id, error) &&
           ticket_note_event(delivery->desk, ticket, 0, "held", "", reason, NULL, error) &&
           notify_staff(delivery->notify, ticket, NOTICE_HELD, id, 0, error) &&
           notify_flush(delivery->notify, error);
}

/* An answer to a note stays a note even when its author must first be asked. */
static bool hold_and_ask(Delivery *delivery, const char *reason, GError **error)
{
    const Route *route = delivery->route;
    bool inside = route->secret && route->secret->visibility == VISIBILITY_INTERNAL;
    gint64 id = 0;
    return delivery_store_message(delivery, route->ticket, VISIBILITY_HELD,
                                  inside ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC, reason, &id,
                                  error) &&
           ticket_note_event(delivery->desk, route->ticket, 0, "held", "", reason, NULL,
                             error) &&
           confirming_ask(delivery, id, error) && notify_flush(delivery->notify, error);
}

static bool act(Delivery *delivery, const Judgement *judgement, GError **error)
{
    switch (judgement->act) {
    case JOIN_PUBLISH:
        return publish(delivery, VISIBILITY_PUBLIC, error) &&
               delivery_decide(delivery, VERDICT_REPLY, judgement->reason);
    case JOIN_NOTE:
        return publish(delivery, VISIBILITY_INTERNAL, error) &&
               delivery_decide(delivery, VERDICT_NOTE, judgement->reason);
    case JOIN_HOLD:
        return hold(delivery, judgement->reason, error) &&
               delivery_decide(delivery, VERDICT_HELD, judgement->reason);
    case JOIN_CONFIRM:
        return hold_and_ask(delivery, judgement->reason, error) &&
               delivery_decide(delivery, VERDICT_HELD, judgement->reason);
    }
    g_assert_not_reached();
}

/* --- the same mail by another way -------------------------------------------------------- */

/* A mail enters a ticket once; a second copy only adds what it proves. */
static bool take_copy(Delivery *delivery, Message *first, GError **error)
{
    Desk *desk = delivery->desk;
    Ticket *ticket = delivery->route->ticket;
    const Person *person = delivery->authority->person;
    Judgement judgement;
    delivery->message = first->id;
    delivery->raw = first->raw;
    if (!judge(delivery, &judgement, error))
        return false;
    bool better = judgement.act == JOIN_PUBLISH || judgement.act == JOIN_NOTE;
    if (first->visibility != VISIBILITY_HELD || !better)
        return delivery_decide(delivery, VERDICT_DUPLICATE, "the same mail is in the ticket");
    bool note = judgement.act == JOIN_NOTE || first->intent == VISIBILITY_INTERNAL;
    first->visibility = note ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC;
    first->author = person->id;
    return messages_update(desk->store, first, error) &&
           joining_tell(desk, ticket, first, person, delivery->notify, error) &&
           (note || copies_add(delivery, ticket, first->id, error)) &&
           notify_flush(delivery->notify, error) &&
           delivery_decide(delivery, note ? VERDICT_NOTE : VERDICT_REPLY,
                           "a held mail, proven by its second copy");
}

bool joining_take(Delivery *delivery, GError **error)
{
    const Authority *authority = delivery->authority;
    const Ticket *ticket = delivery->route->ticket;
    g_autoptr(Message) first = NULL;
    Judgement judgement;

    delivery_take_ticket(delivery, ticket);
    if (authority->person) {
        delivery->person = authority->person->id;
        notify_set_actor(delivery->notify, authority->person->id,
                         !authority_is_strong(authority));
    } else {
        notify_set_actor(delivery->notify, 0, true);
    }
    if (!messages_by_content(delivery->desk->store, delivery->scan->content_hash,
                             delivery->route->queue->id, ticket->id, &first, error))
        return false;
    if (first)
        return take_copy(delivery, first, error);
    return judge(delivery, &judgement, error) && act(delivery, &judgement, error);
}
