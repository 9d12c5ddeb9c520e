/* Bringing people in by Cc. Our own addresses and people who take part already are passed over.
 * A ticket holds so many watchers and no more, whoever asks: else anybody with a domain of
 * their own could have us write to crowds. */
#include "core/desk/copies.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/opening.h"
#include "core/desk/ticket.h"
#include "schema/messages.h"

/* Makes them a watcher, unless they take part already. */
static bool watch(Desk *desk, const Ticket *ticket, const Person *person, gint64 since,
                  gint64 actor, bool *ret_added, GError **error)
{
    g_autoptr(Participation) part = NULL;
    g_autofree char *subject = ticket_subject(ticket, false);
    bool already = false;
    *ret_added = false;
    if (!ticket_takes_part(desk, ticket, person, &already, error))
        return false;
    if (already)
        return true;
    *ret_added = true;
    return ticket_participation(desk, ticket, person->id, VISIBILITY_PUBLIC, PART_WATCHER,
                                since, subject, &part, error) &&
           ticket_note_event(desk, ticket, actor, "watcher-added", "", person_label(person),
                             NULL, error);
}

static bool add_one(Delivery *delivery, const Ticket *ticket, const MailAddress *address,
                    gint64 since, bool *ret_added, GError **error)
{
    Desk *desk = delivery->desk;
    g_autoptr(Person) person = NULL;
    bool own = false;

    *ret_added = false;
    if (!address_is_safe(address->address))
        return true;
    if (!route_is_own_address(desk, address->address, &own, error))
        return false;
    if (own)
        return true;
    if (!opening_person(desk, address->address, address->name, &person, error))
        return false;
    /* Somebody of the desk hears of this mail, whoever the ticket is assigned to. */
    if (person_is_agent(person))
        return notify_person(delivery->notify, ticket, person, PART_STAFF, NOTICE_MESSAGE,
                             since, 0, 0, error);
    return watch(desk, ticket, person, since, delivery->person, ret_added, error);
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

/* --- by command -------------------------------------------------------------------------- */

static bool has_room(Desk *desk, const Ticket *ticket, GError **error)
{
    int watchers = 0;
    if (!count_watchers(desk, ticket, &watchers, error))
        return false;
    if (watchers < COPIES_MAX)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "a ticket has at most %d watchers",
                COPIES_MAX);
    return false;
}

bool copies_bring_in(Desk *desk, const Ticket *ticket, const char *address, gint64 actor,
                     bool *ret_changed, GError **error)
{
    g_autoptr(Person) person = NULL;
    gint64 next = 0;
    bool own = false;
    *ret_changed = false;
    if (!route_is_own_address(desk, address, &own, error))
        return false;
    if (own)
        return true;
    return has_room(desk, ticket, error) && opening_person(desk, address, "", &person, error) &&
           messages_next_id(desk->store, &next, error) &&
           watch(desk, ticket, person, next, actor, ret_changed, error);
}

/* Who left is kept like somebody who was on the desk: their secret answers to nobody. */
bool copies_remove(Desk *desk, const Ticket *ticket, const char *address, gint64 actor,
                   bool *ret_changed, GError **error)
{
    g_autoptr(Person) person = NULL;
    g_autoptr(Participation) part = NULL;
    g_autofree char *key = address_key(address);
    *ret_changed = false;
    if (!key || !people_by_address(desk->store, key, &person, error))
        return false;
    if (!person)
        return true;
    if (!participations_find(desk->store, ticket->id, person->id, VISIBILITY_PUBLIC, &part,
                             error))
        return false;
    if (!part || part->role != PART_WATCHER)
        return true;
    *ret_changed = true;
    return participations_set_role(desk->store, part->id, PART_STAFF, part->since, error) &&
           ticket_note_event(desk, ticket, actor, "watcher-removed", person_label(person), "",
                             NULL, error);
}
