/* Bringing people in by Cc. Our own addresses and people who take part already are passed over.
 * A ticket holds so many watchers and no more, whoever asks: else anybody with a domain of
 * their own could have us write to crowds. */
#include "core/desk/copies.h"

#include "core/base/address.h"
#include "core/desk/opening.h"
#include "core/desk/ticket.h"

static bool add_one(Delivery *delivery, const Ticket *ticket, const MailAddress *address,
                    gint64 since, bool *ret_added, GError **error)
{
    Desk *desk = delivery->desk;
    g_autoptr(Person) person = NULL;
    g_autoptr(Participation) part = NULL;
    bool own = false, already = false;

    *ret_added = false;
    if (!address_is_safe(address->address))
        return true;
    if (!route_is_own_address(desk, address->address, &own, error))
        return false;
    if (own)
        return true;
    if (!opening_person(desk, address->address, address->name, &person, error) ||
        !ticket_takes_part(desk, ticket, person, &already, error))
        return false;
    /* Somebody of the desk hears of this mail, whoever the ticket is assigned to. */
    if (person_is_agent(person))
        return notify_person(delivery->notify, ticket, person, PART_STAFF, NOTICE_MESSAGE,
                             since, 0, 0, error);
    if (already)
        return true;
    g_autofree char *subject = ticket_subject(ticket, false);
    *ret_added = true;
    return ticket_participation(desk, ticket, person->id, VISIBILITY_PUBLIC, PART_WATCHER,
                                since, subject, &part, error) &&
           ticket_note_event(desk, ticket, delivery->person, "watcher-added", "",
                             person_label(person), NULL, error);
}

static bool count_watchers(Desk *desk, const Ticket *ticket, int *ret, GError **error)
{
    g_autoptr(GPtrArray) parts = NULL;
    *ret = 0;
    if (!participations_of(desk->store, ticket->id, &parts, error))
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const Participation *part = parts->pdata[i];
        *ret += part->role == PART_WATCHER;
    }
    return true;
}

bool copies_add(Delivery *delivery, const Ticket *ticket, gint64 since, GError **error)
{
    const GPtrArray *cc = delivery->mail->cc;
    int watchers = 0;
    if (!authority_is_strong(delivery->authority))
        return true;
    if (!count_watchers(delivery->desk, ticket, &watchers, error))
        return false;
    for (guint i = 0; i < cc->len && watchers < COPIES_MAX; i++) {
        bool one = false;
        if (!add_one(delivery, ticket, cc->pdata[i], since, &one, error))
            return false;
        watchers += one;
    }
    return true;
}
