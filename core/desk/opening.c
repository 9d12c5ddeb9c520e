/* Opening tickets, and the people who do.
 *
 * A sender who is not one single mailbox cannot be answered: such a mail is held. */
#include "core/desk/opening.h"

#include "core/base/address.h"
#include "core/base/timestamp.h"
#include "core/base/utf8.h"
#include "core/desk/acknowledge.h"
#include "core/desk/copies.h"
#include "core/desk/scrub.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"

#include <string.h>

#define TITLE_CHARS 300
#define NAME_CHARS 120

bool opening_person(Desk *desk, const char *address, const char *name, Person **ret,
                    GError **error)
{
    g_autofree char *key = address_key(address);
    g_autofree char *shown = utf8_shorten(name, NAME_CHARS);
    gint64 id = 0;
    if (!people_by_address(desk->store, key, ret, error))
        return false;
    if (*ret)
        return true;
    Person person = {
        .name = shown,
        .address = (char *)address,
        .role = ROLE_REQUESTER,
        .language = (char *)"",
    };
    return people_add(desk->store, &person, &id, error) &&
           people_by_id(desk->store, id, ret, error);
}

/* --- the bare act ------------------------------------------------------------------------ */

static char *title_of(const char *subject, const char *language)
{
    g_autofree char *bare = token_strip_subject(subject);
    if (*bare == '\0')
        return g_strdup(strcmp(language, "fr") == 0 ? "(sans objet)" : "(no subject)");
    return utf8_shorten(bare, TITLE_CHARS);
}

bool opening_ticket(Desk *desk, const Opening *opening, Ticket **ret, GError **error)
{
    const Queue *queue = opening->queue;
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Participation) part = NULL;
    g_autofree char *title = title_of(opening->title, queue->language);
    gint64 number = 0, id = 0, now = now_utc();

    if (!queues_next_number(desk->store, queue->id, &number, error))
        return false;
    g_autofree char *code = token_subject_code(desk->ring, queue->prefix, number);
    Ticket new = {
        .queue = queue->id,
        .number = number,
        .token = code,
        .title = title,
        .status = (char *)"new",
        .type = (char *)opening->type,
        .language = queue->language,
        .priority = (int)opening->priority,
        .requester = opening->requester->id,
        .created = now,
        .updated = now,
    };
    if (!tickets_add(desk->store, &new, &id, error) ||
        !tickets_by_id(desk->store, id, &ticket, error))
        return false;
    g_autofree char *subject = ticket_subject(ticket, opening->brief);
    if (!ticket_participation(desk, ticket, opening->requester->id, VISIBILITY_PUBLIC,
                              PART_REQUESTER, 0, subject, &part, error) ||
        (*opening->root &&
         !participations_set_root(desk->store, part->id, opening->root, error)) ||
        !ticket_note_event(desk, ticket, opening->actor, "created", "", "new", NULL, error))
        return false;
    *ret = g_steal_pointer(&ticket);
    return true;
}

/* --- within a delivery ------------------------------------------------------------------- */

static const char *sender_name(const Mail *mail)
{
    const MailAddress *from = mail->from->pdata[0];
    return from->name;
}

/* The same mail to two queues makes two tickets that know each other. */
static bool link_siblings(Delivery *delivery, const Ticket *ticket, GError **error)
{
    Desk *desk = delivery->desk;
    g_autoptr(GArray) siblings = NULL;
    if (!messages_tickets_elsewhere(desk->store, delivery->scan->content_hash,
                                    delivery->route->queue->id, &siblings, error))
        return false;
    for (guint i = 0; i < siblings->len; i++) {
        gint64 other = g_array_index(siblings, gint64, i);
        g_autoptr(Ticket) sibling = NULL;
        if (!tickets_by_id(desk->store, other, &sibling, error))
            return false;
        if (!ticket_link(desk, ticket, sibling, 0, error))
            return false;
    }
    return true;
}

static bool tell_everybody(Delivery *delivery, const Ticket *ticket, const Person *requester,
                           gint64 message, GError **error)
{
    bool acknowledge = false;
    if (!acknowledge_allowed(delivery->desk, delivery->authority, requester, &acknowledge,
                             error))
        return false;
    if (acknowledge && !notify_person(delivery->notify, ticket, requester, PART_REQUESTER,
                                      NOTICE_ACKNOWLEDGEMENT, message, 0, 0, error))
        return false;
    return notify_staff(delivery->notify, ticket, NOTICE_TICKET, message, 0, error);
}

static bool hold(Delivery *delivery, const char *reason, GError **error)
{
    return delivery_store_message(delivery, NULL, VISIBILITY_HELD, VISIBILITY_PUBLIC, reason,
                                  NULL, error) &&
           delivery_decide(delivery, VERDICT_HELD, reason);
}

/* So many tickets an hour are a machine's, whatever its headers say. */
static bool opens_too_many(Delivery *delivery, bool *ret, GError **error)
{
    const Person *person = delivery->authority->person;
    gint64 opened = 0;
    *ret = false;
    if (!person)
        return true;
    if (!messages_opened_since(delivery->desk->store, person->id, delivery->now - 3600, &opened,
                               error))
        return false;
    *ret = opened >= delivery->desk->config->limits.tickets_per_hour;
    return true;
}

bool opening_take(Delivery *delivery, GError **error)
{
    Desk *desk = delivery->desk;
    const Mail *mail = delivery->mail;
    const Authority *authority = delivery->authority;
    g_autoptr(Person) requester = NULL;
    g_autoptr(Ticket) ticket = NULL;
    g_autofree char *title = NULL;
    gint64 message = 0;
    bool too_many = false;

    if (*authority->address == '\0')
        return hold(delivery, "no single sender address", error);
    if (!opens_too_many(delivery, &too_many, error))
        return false;
    if (too_many)
        return hold(delivery, "more than tickets_per_hour of one sender", error);
    if (!opening_person(desk, authority->address, sender_name(mail), &requester, error) ||
        !scrub_text(desk, mail->subject, &title, error))
        return false;
    delivery->person = requester->id;
    notify_set_actor(delivery->notify, requester->id, !authority_is_strong(authority));
    Opening opening = {
        .queue = delivery->route->queue,
        .title = title,
        .type = delivery->route->tag,
        .priority = mail->priority,
        .requester = requester,
        .actor = requester->id,
        .brief = !authority_is_strong(authority),
        .root = mail->message_id,
    };
    if (!opening_ticket(desk, &opening, &ticket, error))
        return false;
    delivery_take_ticket(delivery, ticket);
    if (!delivery_store_message(delivery, ticket, VISIBILITY_PUBLIC, VISIBILITY_PUBLIC, NULL,
                                &message, error) ||
        !link_siblings(delivery, ticket, error) ||
        !copies_add(delivery, ticket, message, error) ||
        !tell_everybody(delivery, ticket, requester, message, error) ||
        !notify_flush(delivery->notify, error))
        return false;
    return delivery_decide(delivery, VERDICT_TICKET,
                           authority->machine ? "a new ticket, opened by a machine"
                                              : "a new ticket");
}
