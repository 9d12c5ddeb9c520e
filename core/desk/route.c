/* Finding the queue and the ticket of a mail.
 *
 * A token, address or Message-ID that does not verify is treated exactly like none at all, so
 * that guessing teaches nothing. Ids of other queues' tickets found by foreign Message-IDs do
 * not count: a mail to two queues lives in two tickets. */
#include "core/desk/route.h"

#include "core/base/address.h"

#include <string.h>

#define MERGES_MAX 20 /* one after another */

void route_free(Route *route)
{
    if (!route)
        return;
    g_clear_pointer(&route->queue, queue_free);
    g_clear_pointer(&route->ticket, ticket_free);
    g_clear_pointer(&route->secret, participation_free);
    g_clear_pointer(&route->secret_person, person_free);
    g_clear_pointer(&route->bounced, outbox_row_free);
    g_clear_pointer(&route->related, message_free);
    g_free(route->confirmation);
    g_free(route->tag);
    g_free(route);
}

static bool queue_of_address(Desk *desk, const char *address, Queue **ret, char **ret_extension,
                             GError **error)
{
    g_autofree char *base = NULL, *extension = NULL;
    *ret = NULL;
    *ret_extension = NULL;
    g_autofree char *whole = address_key(address);
    if (!whole)
        return true;
    /* An address that is a queue's as it stands wins over its reading as an extension. */
    if (!queues_by_address(desk->store, whole, ret, error))
        return false;
    if (*ret || !address_split(whole, &base, &extension) || !extension)
        return true;
    if (!queues_by_address(desk->store, base, ret, error))
        return false;
    if (*ret)
        *ret_extension = g_steal_pointer(&extension);
    return true;
}

bool route_is_own_address(Desk *desk, const char *address, bool *ret, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    g_autofree char *extension = NULL;
    if (!queue_of_address(desk, address, &queue, &extension, error))
        return false;
    *ret = queue != NULL;
    return true;
}

/* --- by what stands after the + ---------------------------------------------------------- */

static bool follow_secret(Desk *desk, const char *extension, gint64 id, Route *route,
                          GError **error)
{
    g_autoptr(Participation) part = NULL;
    g_autoptr(Person) person = NULL;
    if (!participations_by_id(desk->store, id, &part, error))
        return false;
    if (!part)
        return true;
    if (!people_by_id(desk->store, part->person, &person, error))
        return false;
    if (!token_verify_extension(desk->ring, extension, person->epoch))
        return true;
    if (!tickets_by_id(desk->store, part->ticket, &route->ticket, error))
        return false;
    route->way = WAY_SECRET;
    route->inside = part->visibility == VISIBILITY_INTERNAL;
    route->secret = g_steal_pointer(&part);
    route->secret_person = g_steal_pointer(&person);
    return true;
}

static bool follow_bounce(Desk *desk, const char *extension, gint64 id, Route *route,
                          GError **error)
{
    if (!token_verify_extension(desk->ring, extension, 0))
        return true;
    if (!outbox_by_id(desk->store, id, &route->bounced, error))
        return false;
    if (!route->bounced)
        return true;
    route->way = WAY_BOUNCE;
    return route->bounced->ticket == 0 ||
           tickets_by_id(desk->store, route->bounced->ticket, &route->ticket, error);
}

static bool follow_confirmation(Desk *desk, const char *extension, gint64 id, Route *route,
                                GError **error)
{
    g_autofree Confirmation *asked = NULL;
    g_autoptr(Person) person = NULL;
    g_autoptr(Message) message = NULL;
    if (!confirmations_by_id(desk->store, id, &asked, error))
        return false;
    if (!asked)
        return true;
    if (!people_by_id(desk->store, asked->person, &person, error) ||
        !messages_by_id(desk->store, asked->message, &message, error))
        return false;
    if (!token_verify_extension(desk->ring, extension, person->epoch))
        return true;
    if (message->ticket != 0 &&
        !tickets_by_id(desk->store, message->ticket, &route->ticket, error))
        return false;
    route->way = WAY_CONFIRMATION;
    route->confirmation = g_steal_pointer(&asked);
    return true;
}

static bool follow_desk(Desk *desk, const char *extension, gint64 id, Route *route,
                        GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!people_by_id(desk->store, id, &person, error))
        return false;
    if (!person || !token_verify_extension(desk->ring, extension, person->epoch))
        return true;
    route->way = WAY_DESK;
    route->secret_person = g_steal_pointer(&person);
    return true;
}

static bool follow_extension(Desk *desk, const char *extension, Route *route, GError **error)
{
    gint64 id = 0;
    switch (token_read_extension(extension, &id)) {
    case EXTENSION_REPLY:
        return follow_secret(desk, extension, id, route, error);
    case EXTENSION_BOUNCE:
        return follow_bounce(desk, extension, id, route, error);
    case EXTENSION_CONFIRM:
        return follow_confirmation(desk, extension, id, route, error);
    case EXTENSION_DESK:
        return follow_desk(desk, extension, id, route, error);
    case EXTENSION_NONE:
        break;
    }
    return true;
}

/* "bug" of support+bug@; what is not a plain word is no tag. */
static char *tag_of(const char *extension)
{
    gint64 id = 0;
    if (!extension || token_read_extension(extension, &id) != EXTENSION_NONE)
        return g_strdup("");
    gsize plain = strspn(extension, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return g_strdup(plain <= 32 && extension[plain] == '\0' ? extension : "");
}

/* --- by subject and by Message-ID -------------------------------------------------------- */

/* The token counts as a weak proof even when a stronger way found the ticket. */
static bool follow_subject(Desk *desk, const char *subject, Route *route, GError **error)
{
    g_autofree char *prefix = NULL;
    g_autoptr(Ticket) ticket = NULL;
    gint64 number = 0;
    if (!token_find_in_subject(desk->ring, subject, &prefix, &number))
        return true;
    if (!tickets_by_number(desk->store, prefix, number, &ticket, error))
        return false;
    if (!ticket)
        return true;
    if (!route->ticket) {
        route->way = WAY_SUBJECT;
        route->ticket = g_steal_pointer(&ticket);
        route->token = true;
    } else {
        route->token = route->ticket->id == ticket->id;
    }
    return true;
}

/* In-Reply-To first, then References from the nearest to the oldest. */
static GPtrArray *answered_ids(const Mail *mail)
{
    GPtrArray *ids = g_ptr_array_new();
    for (guint i = 0; i < mail->in_reply_to->len; i++)
        g_ptr_array_add(ids, mail->in_reply_to->pdata[i]);
    for (guint i = mail->references->len; i > 0; i--)
        g_ptr_array_add(ids, mail->references->pdata[i - 1]);
    return ids;
}

/* Who was sent the mail that this one answers, and whether it was a note. */
static bool follow_our_mail(Desk *desk, const OutboxRow *row, Route *route, GError **error)
{
    g_autoptr(Participation) part = NULL;
    if (!participations_by_id(desk->store, row->participation, &part, error))
        return false;
    route->answers_to = row->person;
    route->answered = row->message;
    route->answered_at = row->created;
    route->inside |= part && part->visibility == VISIBILITY_INTERNAL;
    return true;
}

static bool follow_our_ids(Desk *desk, const GPtrArray *ids, Route *route, GError **error)
{
    for (guint i = 0; i < ids->len; i++) {
        const char *id = ids->pdata[i];
        g_autoptr(OutboxRow) row = NULL;
        if (!token_message_id_is_ours(desk->ring, id))
            continue;
        route->answers_us = true;
        if (!outbox_by_message_id(desk->store, id, &row, error))
            return false;
        if (!row || row->ticket == 0)
            continue;
        if (!route->ticket) {
            if (!tickets_by_id(desk->store, row->ticket, &route->ticket, error))
                return false;
            route->way = WAY_OUR_ID;
        }
        if (route->ticket->id == row->ticket)
            return follow_our_mail(desk, row, route, error);
    }
    return true;
}

/* Takes the ticket of a stored message, when it has one, as the way. */
static bool take_related(Desk *desk, Message *message, RouteWay way, Route *route,
                         GError **error)
{
    g_autoptr(Message) related = message;
    if (!related || related->ticket == 0)
        return true;
    if (!tickets_by_id(desk->store, related->ticket, &route->ticket, error))
        return false;
    route->way = way;
    route->related = g_steal_pointer(&related);
    return true;
}

static bool follow_stored_mail(Desk *desk, const Scan *scan, const Mail *mail,
                               const GPtrArray *ids, Route *route, GError **error)
{
    gint64 queue = route->queue->id;
    Message *found = NULL;
    if (!messages_by_content(desk->store, scan->content_hash, queue, -1, &found, error) ||
        !take_related(desk, found, WAY_CONTENT, route, error))
        return false;
    if (route->ticket)
        return true;
    if (!messages_by_message_ids(desk->store, queue, ids, &found, error) ||
        !take_related(desk, found, WAY_FOREIGN_ID, route, error))
        return false;
    if (route->ticket || *mail->message_id == '\0')
        return true;
    return messages_answering(desk->store, queue, mail->message_id, &found, error) &&
           take_related(desk, found, WAY_OVERTAKEN, route, error);
}

/* What was merged is where it went; nothing is merged into itself, whatever the way round. */
static bool follow_merged(Desk *desk, Route *route, GError **error)
{
    for (int step = 0; route->ticket && route->ticket->merged != 0 && step < MERGES_MAX;
         step++) {
        gint64 into = route->ticket->merged;
        g_clear_pointer(&route->ticket, ticket_free);
        if (!tickets_by_id(desk->store, into, &route->ticket, error))
            return false;
    }
    return true;
}

bool route_is_guessable(const Route *route)
{
    return route->way == WAY_FOREIGN_ID || route->way == WAY_OVERTAKEN ||
           route->way == WAY_CONTENT;
}

static bool follow_ticket(Desk *desk, const Scan *scan, const Mail *mail, const GPtrArray *ids,
                          Route *route, GError **error)
{
    return follow_subject(desk, mail->subject, route, error) &&
           follow_our_ids(desk, ids, route, error) &&
           (route->ticket || follow_stored_mail(desk, scan, mail, ids, route, error)) &&
           follow_merged(desk, route, error);
}

bool route_mail(Desk *desk, const char *recipient, const Scan *scan, const Mail *mail,
                Route **ret, GError **error)
{
    g_autoptr(Route) route = g_new0(Route, 1);
    g_autofree char *extension = NULL;
    g_autoptr(GPtrArray) ids = answered_ids(mail);

    if (!queue_of_address(desk, recipient, &route->queue, &extension, error))
        return false;
    route->tag = tag_of(extension);
    if (route->queue) {
        if (!follow_extension(desk, extension, route, error) ||
            (route->way != WAY_DESK && !follow_ticket(desk, scan, mail, ids, route, error)))
            return false;
    }
    *ret = g_steal_pointer(&route);
    return true;
}
