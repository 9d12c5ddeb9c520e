/* Asking and being answered. Whatever is not a clean yes from the right person leaves the held
 * mail held; the answer itself is never published. */
#include "core/desk/confirming.h"

#include "core/desk/joining.h"
#include "core/desk/leak.h"
#include "core/desk/ticket.h"
#include "schema/outbox.h"

#include <string.h>

#define VALID_SECONDS (24 * 3600)

const char ASK_PROOF[] = "an agent's mail without enough proof";
const char ASK_DESTROYS[] = "a command that asks for a confirmation";
const char ASK_STRAY[] = "a command stands below the text";
const char ASK_NEWER[] = "it was written before something newer came";

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

/* Somebody who says no, or that it was not them, has not said yes. */
static bool says_no(const char *reply)
{
    static const char *const first[] = {"no", "non", "not", "nope", "never", "jamais", NULL};
    static const char *const within[] = {
        "pas moi",   "pas écrit",    "pas envoyé",   "not me",   "wasn't me",   "wasn’t me",
        "not write", "didn't write", "didn’t write", "not send", "didn't send", "didn’t send"};
    g_autofree char *folded = g_utf8_strdown(reply, -1);
    const char *start = folded + strspn(folded, " \t\n\"'");
    g_autofree char *word = g_strndup(start, strcspn(start, " ,.;:!?\t\n"));
    if (g_strv_contains(first, word))
        return true;
    for (gsize i = 0; i < G_N_ELEMENTS(within); i++)
        if (strstr(folded, within[i]))
            return true;
    return false;
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
    if (says_no(delivery->mail->reply))
        return "its author says it is not theirs";
    return NULL;
}

static bool release(Delivery *delivery, Message *held, GError **error)
{
    Desk *desk = delivery->desk;
    Ticket *ticket = delivery->route->ticket;
    const Person *person = delivery->authority->person;
    return confirmations_use(desk->store, delivery->route->confirmation->id, delivery->now,
                             error) &&
           ticket_note_event(desk, ticket, person->id, "confirmed", "", "", NULL, error) &&
           joining_release(delivery, ticket, held, person, "confirmed by its author", error) &&
           notify_flush(delivery->notify, error);
}

/* What was confirmed may still repeat a note to a customer. */
static bool leaks(Delivery *delivery, const Message *held, bool *ret, GError **error)
{
    *ret = false;
    return held->intent != VISIBILITY_PUBLIC ||
           leak_quotes_note(delivery->desk, delivery->route->ticket, held->reply,
                            held->signature, ret, error);
}

/* Whoever doubts that they want to send what is theirs, drops it by saying no. */
static bool takes_back(const Delivery *delivery, const Message *held)
{
    return delivery->authority->confirmation && held->visibility == VISIBILITY_HELD &&
           strcmp(held->held_reason, ASK_PROOF) != 0 && says_no(delivery->mail->reply);
}

static bool drop(Delivery *delivery, Message *held, GError **error)
{
    Desk *desk = delivery->desk;
    held->visibility = VISIBILITY_DROPPED;
    return confirmations_use(desk->store, delivery->route->confirmation->id, delivery->now,
                             error) &&
           messages_update(desk->store, held, error) &&
           ticket_note_event(desk, delivery->route->ticket, delivery->person, "dropped", "", "",
                             NULL, error) &&
           delivery_decide(delivery, VERDICT_COMMAND, "its author took it back");
}

/* The held mail stays held, and the desk hears that somebody must decide. */
static bool refuse(Delivery *delivery, const Message *held, const char *reason, GError **error)
{
    return ticket_note_event(delivery->desk, delivery->route->ticket, 0, "not-confirmed", "",
                             reason, NULL, error) &&
           (held->visibility != VISIBILITY_HELD ||
            notify_staff(delivery->notify, delivery->route->ticket, NOTICE_HELD, held->id, 0,
                         error)) &&
           notify_flush(delivery->notify, error) &&
           delivery_decide(delivery, VERDICT_HELD, reason);
}

bool confirming_take(Delivery *delivery, GError **error)
{
    const Route *route = delivery->route;
    g_autoptr(Message) held = NULL;
    bool leaking = false;
    if (!messages_by_id(delivery->desk->store, route->confirmation->message, &held, error) ||
        !delivery_store_raw(delivery, error))
        return false;
    delivery_take_ticket(delivery, route->ticket);
    delivery->message = held->id;
    if (delivery->authority->person)
        delivery->person = delivery->authority->person->id;
    if (takes_back(delivery, held))
        return drop(delivery, held, error);
    const char *reason = why_not(delivery, held);
    if (!reason && !leaks(delivery, held, &leaking, error))
        return false;
    if (leaking)
        reason = "it repeats words of an internal note";
    if (!reason)
        return release(delivery, held, error);
    return refuse(delivery, held, reason, error);
}
