/* Asking and being answered. Whatever is not a clean yes from the right person leaves the held
 * mail held; the answer itself is never published. */
#include "core/desk/confirming.h"

#include "core/desk/joining.h"
#include "core/desk/ticket.h"
#include "schema/outbox.h"

#define VALID_SECONDS (24 * 3600)

bool confirming_ask(Delivery *delivery, gint64 message, GError **error)
{
    Desk *desk = delivery->desk;
    const Person *person = delivery->authority->person;
    gint64 asked = 0, id = 0;
    if (!outbox_count_to(desk->store, person->address, notice_kind_name(NOTICE_CONFIRM),
                         delivery->now - 3600, &asked, error))
        return false;
    if (person->is_list || asked >= CONFIRMING_PER_HOUR)
        return notify_staff(delivery->notify, delivery->route->ticket, NOTICE_HELD, message, 0,
                            error);
    Confirmation question = {
        .person = person->id,
        .message = message,
        .expires = delivery->now + VALID_SECONDS,
    };
    return confirmations_add(desk->store, &question, &id, error) &&
           notify_person(delivery->notify, delivery->route->ticket, person, PART_STAFF,
                         NOTICE_CONFIRM, message, 0, id, error);
}

static const char *why_not(const Delivery *delivery, const Message *held)
{
    const Confirmation *asked = delivery->route->confirmation;
    if (!delivery->authority->confirmation)
        return "a confirmation from somebody else";
    if (!authority_may_publish(delivery->desk, delivery->authority))
        return "a confirmation without enough proof";
    if (asked->used || held->visibility != VISIBILITY_HELD)
        return "a confirmation of what is decided already";
    if (asked->expires < delivery->now)
        return "a confirmation that came too late";
    return NULL;
}

static bool release(Delivery *delivery, Message *held, GError **error)
{
    Desk *desk = delivery->desk;
    const Person *person = delivery->authority->person;
    held->visibility = held->intent;
    held->author = person->id;
    notify_set_actor(delivery->notify, person->id, false);
    return confirmations_use(desk->store, delivery->route->confirmation->id, delivery->now,
                             error) &&
           messages_update(desk->store, held, error) &&
           ticket_note_event(desk, delivery->route->ticket, person->id, "confirmed", "", "",
                             NULL, error) &&
           joining_tell(desk, delivery->route->ticket, held, person, delivery->notify, error) &&
           notify_flush(delivery->notify, error);
}

bool confirming_take(Delivery *delivery, GError **error)
{
    const Route *route = delivery->route;
    g_autoptr(Message) held = NULL;
    if (!messages_by_id(delivery->desk->store, route->confirmation->message, &held, error) ||
        !delivery_store_raw(delivery, error))
        return false;
    delivery_take_ticket(delivery, route->ticket);
    delivery->message = held->id;
    if (delivery->authority->person)
        delivery->person = delivery->authority->person->id;
    const char *reason = why_not(delivery, held);
    if (!reason)
        return release(delivery, held, error) &&
               delivery_decide(delivery,
                               held->visibility == VISIBILITY_PUBLIC ? VERDICT_REPLY
                                                                     : VERDICT_NOTE,
                               "confirmed by its author");
    return ticket_note_event(delivery->desk, route->ticket, 0, "not-confirmed", "", reason,
                             NULL, error) &&
           delivery_decide(delivery, VERDICT_HELD, reason);
}
