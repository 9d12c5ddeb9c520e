/* Bringing people in by Cc. Our own addresses, people who take part already and people of the
 * desk, who hear anyway, are passed over. */
#include "core/desk/copies.h"

#include "core/base/address.h"
#include "core/desk/opening.h"
#include "core/desk/ticket.h"

static bool takes_part(Desk *desk, const Ticket *ticket, gint64 person, bool *ret,
                       GError **error)
{
    g_autoptr(Participation) part = NULL;
    if (!participations_find(desk->store, ticket->id, person, VISIBILITY_PUBLIC, &part, error))
        return false;
    *ret = part != NULL;
    return true;
}

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
        !takes_part(desk, ticket, person->id, &already, error))
        return false;
    if (already || person->role != ROLE_REQUESTER)
        return true;
    g_autofree char *subject = ticket_subject(ticket, false);
    *ret_added = true;
    return ticket_participation(desk, ticket, person->id, VISIBILITY_PUBLIC, PART_WATCHER,
                                since, subject, &part, error) &&
           ticket_note_event(desk, ticket, delivery->person, "watcher-added", "",
                             person_label(person), NULL, error);
}

bool copies_add(Delivery *delivery, const Ticket *ticket, gint64 since, GError **error)
{
    const GPtrArray *cc = delivery->mail->cc;
    int added = 0;
    if (!authority_is_strong(delivery->authority))
        return true;
    for (guint i = 0; i < cc->len && added < COPIES_MAX; i++) {
        bool one = false;
        if (!add_one(delivery, ticket, cc->pdata[i], since, &one, error))
            return false;
        added += one;
    }
    return true;
}
