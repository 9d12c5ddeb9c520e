/* Tickets and other tickets, and whose they are. Events as in ticket.c. */
#include "core/desk/ticket.h"

#include "core/base/timestamp.h"

#include <string.h>

static bool touch(Desk *desk, Ticket *ticket, GError **error)
{
    ticket->updated = now_utc();
    return tickets_update(desk->store, ticket, error);
}

bool ticket_link(Desk *desk, const Ticket *ticket, const Ticket *other, gint64 actor,
                 GError **error)
{
    g_autofree char *name = ticket_name(ticket), *other_name = ticket_name(other);
    return tickets_link(desk->store, ticket->id, other->id, error) &&
           ticket_note_event(desk, ticket, actor, "linked", "", other_name, NULL, error) &&
           ticket_note_event(desk, other, actor, "linked", "", name, NULL, error);
}

bool ticket_relate(Desk *desk, const Ticket *ticket, const Ticket *other, const char *what,
                   gint64 actor, GError **error)
{
    const char *back = strcmp(what, "depends") == 0 ? "needed" : "original";
    g_autofree char *name = ticket_name(ticket), *other_name = ticket_name(other);
    return tickets_relate(desk->store, ticket->id, other->id, what, back, error) &&
           ticket_note_event(desk, ticket, actor, what, "", other_name, NULL, error) &&
           ticket_note_event(desk, other, actor, back, "", name, NULL, error);
}

/* Finds or makes the participation of a person and sets what they are in it. */
static bool take_part(Desk *desk, const Ticket *ticket, gint64 person, PartRole role,
                      gint64 since, GError **error)
{
    g_autoptr(Participation) part = NULL;
    g_autofree char *subject = ticket_subject(ticket, false);
    if (!ticket_participation(desk, ticket, person, VISIBILITY_PUBLIC, role, since, subject,
                              &part, error))
        return false;
    return !part || part->role == role ||
           participations_set_role(desk->store, part->id, role, since, error);
}

bool ticket_set_requester(Desk *desk, Ticket *ticket, const Person *person, gint64 actor,
                          GError **error)
{
    g_autoptr(Person) old = NULL;
    if (ticket->requester == person->id)
        return true;
    if (!people_by_id(desk->store, ticket->requester, &old, error))
        return false;
    ticket->requester = person->id;
    return take_part(desk, ticket, old->id, PART_WATCHER, 0, error) &&
           take_part(desk, ticket, person->id, PART_REQUESTER, 0, error) &&
           touch(desk, ticket, error) &&
           ticket_note_event(desk, ticket, actor, "requester", person_label(old),
                             person_label(person), NULL, error);
}

/* Its people hear on; who was not in the ticket before sees of it what comes from now on. */
static bool bring_people(Desk *desk, const Ticket *ticket, const Ticket *other, GError **error)
{
    g_autoptr(GPtrArray) parts = NULL;
    gint64 next = 0;
    if (!participations_of(desk->store, other->id, &parts, error) ||
        !messages_next_id(desk->store, &next, error))
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const Participation *part = parts->pdata[i];
        g_autoptr(Participation) there = NULL;
        g_autofree char *subject = ticket_subject(ticket, false);
        if (part->role != PART_STAFF && part->visibility == VISIBILITY_PUBLIC &&
            !ticket_participation(desk, ticket, part->person, VISIBILITY_PUBLIC, PART_WATCHER,
                                  next, subject, &there, error))
            return false;
    }
    return true;
}

bool ticket_merge(Desk *desk, Ticket *ticket, Ticket *other, gint64 actor, GError **error)
{
    g_autofree char *name = ticket_name(ticket), *other_name = ticket_name(other);
    g_free(other->status);
    other->status = g_strdup("closed");
    other->merged = ticket->id;
    return bring_people(desk, ticket, other, error) &&
           messages_move(desk->store, other->id, 0, ticket->id, error) &&
           tickets_link(desk->store, ticket->id, other->id, error) &&
           touch(desk, other, error) && touch(desk, ticket, error) &&
           ticket_note_event(desk, other, actor, "merged", "", name, NULL, error) &&
           ticket_note_event(desk, ticket, actor, "merged-in", "", other_name, NULL, error);
}
