/* Deciding what a mail into a ticket may be, then making it so.
 *
 * The decision is one table of cases (judge); each outcome is one short act below it. Held is
 * always the answer when nothing else is certain. */
#include "core/desk/joining.h"

#include "core/base/address.h"
#include "core/base/timestamp.h"
#include "core/desk/confirming.h"
#include "core/desk/copies.h"
#include "core/desk/leak.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "schema/outbox.h"

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

static bool judge_agent(Delivery *delivery, Judgement *judgement, GError **error)
{
    const Authority *authority = delivery->authority;
    const Mail *mail = delivery->mail;
    bool leaks = false;

    if (delivery->route->inside && authority_is_strong(authority)) {
        *judgement = (Judgement){JOIN_NOTE, "an answer to a note", false};
        return true;
    }
    if (delivery->route->inside || !authority_may_publish(delivery->desk, authority)) {
        *judgement = (Judgement){JOIN_CONFIRM, "an agent's mail without enough proof", false};
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
    /* An address for answers to notes was never theirs. */
    if (delivery->route->inside)
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

static bool judge(Delivery *delivery, Judgement *judgement, GError **error)
{
    bool participant = false;
    if (!is_participant(delivery, &participant, error))
        return false;
    if (!participant) {
        *judgement =
            (Judgement){JOIN_HOLD, "its sender does not take part in the ticket", false};
        return true;
    }
    return authority_is_agent(delivery->authority) ? judge_agent(delivery, judgement, error)
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
                  Notify *notify, GError **error)
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
           move_status(desk, ticket, author, notify, error);
}

/* --- acts -------------------------------------------------------------------------------- */

static bool publish(Delivery *delivery, Visibility visibility, GError **error)
{
    Desk *desk = delivery->desk;
    Ticket *ticket = delivery->route->ticket;
    g_autoptr(Message) message = NULL;
    gint64 id = 0;
    notify_set_actor(delivery->notify, delivery->person,
                     !authority_is_strong(delivery->authority));
    return delivery_store_message(delivery, ticket, visibility, visibility, NULL, &id, error) &&
           messages_by_id(desk->store, id, &message, error) &&
           joining_tell(desk, ticket, message, delivery->authority->person, delivery->notify,
                        error) &&
           (visibility == VISIBILITY_INTERNAL || copies_add(delivery, ticket, id, error)) &&
           notify_flush(delivery->notify, error);
}

/* What was meant as an answer to a note never becomes more than one. */
static Visibility intent_of(const Delivery *delivery)
{
    return delivery->route->inside ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC;
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
    case JOIN_CONFIRM:
        return hold(delivery, judgement, error) &&
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
    notify_set_actor(delivery->notify, person->id, !authority_is_strong(delivery->authority));
    return messages_update(desk->store, first, error) &&
           outbox_withdraw(desk->store, ticket->id, first->id, delivery->now,
                           "answered before it was sent", error) &&
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
    if (authority->person)
        delivery->person = authority->person->id;
    /* Until something is published under their name they are nobody, and hear what is held in
     * it. */
    notify_set_actor(delivery->notify, 0, !authority_is_strong(authority));
    if (!messages_by_content(delivery->desk->store, delivery->scan->content_hash,
                             delivery->route->queue->id, ticket->id, &first, error))
        return false;
    if (first)
        return take_copy(delivery, first, error);
    return judge(delivery, &judgement, error) && act(delivery, &judgement, error);
}
