/* Sending transcripts. Not here: what is in one (transcript.c), how it is attached (notice.c).
 *
 * An archive is a person only because the outbox writes to persons. Its part in the ticket says
 * what it is (PART_ARCHIVE): it is sent everything, takes no part and gets no secret. Somebody
 * of the desk whose address is given as one is simply somebody of the desk. */
#include "core/desk/transcript_send.h"

#include "core/base/error.h"
#include "core/desk/author.h"
#include "core/desk/opening.h"
#include "schema/messages.h"
#include "schema/queues.h"

static bool send_as(const Ticket *ticket, const Person *person, PartRole role, Notify *notify,
                    GError **error)
{
    return notify_person(notify, ticket, person, person_is_agent(person) ? PART_STAFF : role,
                         NOTICE_TRANSCRIPT, 0, 0, 0, error);
}

static bool refuse(const Person *person, GError **error)
{
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "%s takes no part in the ticket",
                person->address);
    return false;
}

bool transcript_send(Desk *desk, const Ticket *ticket, const Person *person, Notify *notify,
                     GError **error)
{
    g_autoptr(Participation) part = NULL;
    if (person_is_agent(person))
        return send_as(ticket, person, PART_STAFF, notify, error);
    if (!participations_find(desk->store, ticket->id, person->id, VISIBILITY_PUBLIC, &part,
                             error))
        return false;
    if (!part || part->role == PART_STAFF)
        return refuse(person, error);
    return send_as(ticket, person, part->role, notify, error);
}

static bool send_archive(Desk *desk, const Ticket *ticket, const Queue *queue, Notify *notify,
                         GError **error)
{
    g_autoptr(Person) archive = NULL;
    return !*queue->archive || (opening_person(desk, queue->archive, "", &archive, error) &&
                                send_as(ticket, archive, PART_ARCHIVE, notify, error));
}

/* A machine that opened a ticket never asked how it went. */
static bool send_requester(Desk *desk, const Ticket *ticket, const Queue *queue, Notify *notify,
                           GError **error)
{
    g_autoptr(Person) requester = NULL;
    bool machine = false;
    if (!queue->transcript)
        return true;
    if (!people_by_id(desk->store, ticket->requester, &requester, error) ||
        !messages_of_machine_alone(desk->store, ticket->id, ticket->requester, &machine, error))
        return false;
    return machine || send_as(ticket, requester, PART_REQUESTER, notify, error);
}

bool transcript_send_closed(Desk *desk, const Ticket *ticket, Notify *notify, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    return queues_by_id(desk->store, ticket->served, &queue, error) &&
           send_archive(desk, ticket, queue, notify, error) &&
           send_requester(desk, ticket, queue, notify, error);
}
