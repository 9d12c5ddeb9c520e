/* Collecting who hears what, and writing it to the outbox.
 *
 * The brakes that are about one address live in acknowledge.c; the global one, on mails that
 * unproven senders cause, is here: past it such mails are spread over time, never dropped. */
#include "core/desk/notify.h"

#include "core/base/timestamp.h"
#include "core/desk/route.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"
#include "schema/messages.h"
#include "schema/outbox.h"

#include <string.h>

#define BRAKE_SECONDS 600

typedef struct {
    const Ticket *ticket; /* borrowed: lives as long as the transaction */
    gint64 person;
    PartRole role;
    NoticeKind kind;
    gint64 message, event, confirmation, run;
    bool inside;
} Wanted;

struct Notify {
    Desk *desk;
    gint64 actor;
    bool unproven;
    GPtrArray *wanted; /* Wanted *, one a person */
    GPtrArray *kept;   /* Ticket * */
};

const char *notice_kind_name(NoticeKind kind)
{
    static const char *const names[] = {
        [NOTICE_STATUS] = "status",     [NOTICE_RESOLVED] = "resolved",
        [NOTICE_ASSIGNED] = "assigned", [NOTICE_NOTE] = "note",
        [NOTICE_HELD] = "held",         [NOTICE_MESSAGE] = "message",
        [NOTICE_TICKET] = "ticket",     [NOTICE_ACKNOWLEDGEMENT] = "acknowledgement",
        [NOTICE_CONFIRM] = "confirm",   [NOTICE_UNDELIVERED] = "undelivered",
        [NOTICE_ANSWER] = "answer",
    };
    return names[kind];
}

Notify *notify_new(Desk *desk)
{
    Notify *notify = g_new0(Notify, 1);
    notify->desk = desk;
    notify->wanted = g_ptr_array_new_with_free_func(g_free);
    notify->kept = g_ptr_array_new_with_free_func((GDestroyNotify)ticket_free);
    return notify;
}

void notify_set_actor(Notify *notify, gint64 actor, bool unproven)
{
    notify->actor = actor;
    notify->unproven = unproven;
}

void notify_free(Notify *notify)
{
    if (!notify)
        return;
    g_ptr_array_unref(notify->wanted);
    g_ptr_array_unref(notify->kept);
    g_free(notify);
}

/* --- collecting -------------------------------------------------------------------------- */

/* Of what they did themselves people hear only what they are asked or promised. */
static bool is_for_actor(NoticeKind kind)
{
    return kind == NOTICE_ACKNOWLEDGEMENT || kind == NOTICE_CONFIRM || kind == NOTICE_ANSWER;
}

static Wanted *wanted_of(Notify *notify, gint64 person)
{
    for (guint i = 0; i < notify->wanted->len; i++) {
        Wanted *wanted = notify->wanted->pdata[i];
        if (wanted->person == person)
            return wanted;
    }
    return NULL;
}

static void want_all(Notify *notify, const Wanted *more)
{
    Wanted *wanted = wanted_of(notify, more->person);
    if (more->person == notify->actor && !is_for_actor(more->kind))
        return;
    if (!wanted) {
        wanted = g_new0(Wanted, 1);
        g_ptr_array_add(notify->wanted, wanted);
    } else if (wanted->kind >= more->kind) {
        return;
    }
    *wanted = *more;
}

static void want(Notify *notify, const Ticket *ticket, gint64 person, PartRole role,
                 NoticeKind kind, gint64 message, gint64 event, gint64 confirmation)
{
    want_all(notify, &(Wanted){.ticket = ticket,
                               .person = person,
                               .role = role,
                               .kind = kind,
                               .message = message,
                               .event = event,
                               .confirmation = confirmation});
}

bool notify_answer(Notify *notify, const Ticket *ticket, const Person *person, bool inside,
                   gint64 run, GError **error)
{
    want_all(notify, &(Wanted){.ticket = ticket,
                               .person = person->id,
                               .role = PART_STAFF,
                               .kind = NOTICE_ANSWER,
                               .run = run,
                               .inside = inside});
    return true;
}

Ticket *notify_keep(Notify *notify, Ticket *ticket)
{
    g_ptr_array_add(notify->kept, ticket);
    return ticket;
}

void notify_forget(Notify *notify)
{
    g_ptr_array_set_size(notify->wanted, 0);
}

bool notify_person(Notify *notify, const Ticket *ticket, const Person *person, PartRole role,
                   NoticeKind kind, gint64 message, gint64 event, gint64 confirmation,
                   GError **error)
{
    want(notify, ticket, person->id, role, kind, message, event, confirmation);
    return true;
}

/* A machine, or whoever posted to a list, is answered, but not told how the ticket goes on:
 * nobody there asked. */
static bool hears_on(const Notify *notify, const Ticket *ticket, const Participation *part,
                     bool *ret, GError **error)
{
    bool machine = false;
    if (part->role == PART_REQUESTER &&
        !messages_of_machine_alone(notify->desk->store, ticket->id, part->person, &machine,
                                   error))
        return false;
    *ret = !machine;
    return true;
}

bool notify_customers(Notify *notify, const Ticket *ticket, NoticeKind kind, gint64 message,
                      gint64 event, GError **error)
{
    g_autoptr(GPtrArray) parts = NULL;
    if (!participations_of(notify->desk->store, ticket->id, &parts, error))
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const Participation *part = parts->pdata[i];
        bool sees = message == 0 || part->since <= message;
        if (message == 0 && !hears_on(notify, ticket, part, &sees, error))
            return false;
        if (part->role != PART_STAFF && part->visibility == VISIBILITY_PUBLIC && sees &&
            !part->muted)
            want(notify, ticket, part->person, part->role, kind, message, event, 0);
    }
    return true;
}

/* The queue's technicians; where nobody serves it, everybody on the desk: a ticket that nobody
 * hears of would be a lost mail. */
static bool queue_staff(Desk *desk, gint64 queue, GPtrArray **ret, GError **error)
{
    if (!people_of_queue(desk->store, queue, ret, error))
        return false;
    if ((*ret)->len > 0)
        return true;
    g_clear_pointer(ret, g_ptr_array_unref);
    return people_agents(desk->store, ret, error);
}

/* Can this assignee be told? Not who did it themselves, nor whose address bounces. */
static bool can_hear(const Notify *notify, gint64 id, bool *ret, GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!people_by_id(notify->desk->store, id, &person, error))
        return false;
    *ret = person && person->id != notify->actor && person->paused == 0;
    return true;
}

bool notify_staff(Notify *notify, const Ticket *ticket, NoticeKind kind, gint64 message,
                  gint64 event, GError **error)
{
    g_autoptr(GArray) assigned = NULL;
    g_autoptr(GPtrArray) staff = NULL;
    if (!tickets_assignees(notify->desk->store, ticket->id, &assigned, error))
        return false;
    bool heard = false;
    for (guint i = 0; i < assigned->len; i++) {
        gint64 id = g_array_index(assigned, gint64, i);
        bool reached = false;
        if (!can_hear(notify, id, &reached, error))
            return false;
        if (reached)
            want(notify, ticket, id, PART_STAFF, kind, message, event, 0);
        heard |= reached;
    }
    if (heard)
        return true;
    if (!queue_staff(notify->desk, ticket->served, &staff, error))
        return false;
    for (guint i = 0; i < staff->len; i++) {
        const Person *person = staff->pdata[i];
        want(notify, ticket, person->id, PART_STAFF, kind, message, event, 0);
    }
    return true;
}

/* --- writing ----------------------------------------------------------------------------- */

/* What an answer to this mail may at most become. */
static Visibility answer_visibility(const Wanted *wanted)
{
    NoticeKind kind = wanted->kind;
    bool internal = wanted->inside || kind == NOTICE_NOTE || kind == NOTICE_HELD ||
                    kind == NOTICE_CONFIRM || kind == NOTICE_UNDELIVERED;
    return internal ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC;
}

/* Their thread hangs on one Message-ID for good: the mail they opened the ticket with, else
 * the first one we wrote to them. */
static bool settle_root(Desk *desk, const Participation *part, const char *message_id,
                        GError **error)
{
    g_autoptr(Participation) twin = NULL;
    Visibility other =
        part->visibility == VISIBILITY_PUBLIC ? VISIBILITY_INTERNAL : VISIBILITY_PUBLIC;
    if (*part->root)
        return true;
    if (!participations_find(desk->store, part->ticket, part->person, other, &twin, error))
        return false;
    return participations_set_root(desk->store, part->id,
                                   twin && *twin->root ? twin->root : message_id, error);
}

/* Watchers never wrote to us, so what they are sent counts like what strangers cause. */
static bool is_braked(const Notify *notify, const Wanted *wanted)
{
    return notify->unproven || wanted->role == PART_WATCHER;
}

static bool not_before(Notify *notify, bool braked, gint64 now, gint64 *ret, GError **error)
{
    gint64 caused = 0, limit = notify->desk->config->limits.unproven_mails_per_ten_minutes;
    *ret = now;
    if (!braked)
        return true;
    if (!outbox_count_unproven(notify->desk->store, now - BRAKE_SECONDS, &caused, error))
        return false;
    *ret = now + BRAKE_SECONDS * (caused / MAX(limit, 1));
    return true;
}

/* What is about no ticket goes to the person, by an address of the queue that was written to.
 */
static bool write_plain_row(Notify *notify, const Wanted *wanted, const Person *person,
                            GError **error)
{
    gint64 now = now_utc(), row_id = 0;
    g_autofree char *id =
        token_message_id(notify->desk->ring, notify->desk->config->site.domain);
    OutboxRow row = {
        .kind = (char *)notice_kind_name(wanted->kind),
        .person = person->id,
        .address = person->address,
        .run = wanted->run,
        .message_id = id,
        .created = now,
        .next = now,
        .state = (char *)"waiting",
        .error = (char *)"",
    };
    return outbox_add(notify->desk->store, &row, &row_id, error);
}

static bool write_row(Notify *notify, const Wanted *wanted, const Person *person,
                      GError **error)
{
    bool brief = wanted->kind == NOTICE_ACKNOWLEDGEMENT && notify->unproven;
    gint64 now = now_utc(), next = now;
    Desk *desk = notify->desk;
    g_autoptr(Participation) part = NULL;
    g_autofree char *subject = ticket_subject(wanted->ticket, brief);
    g_autofree char *id = token_message_id(desk->ring, desk->config->site.domain);
    gint64 row_id = 0;
    if (!not_before(notify, is_braked(notify, wanted), now, &next, error))
        return false;
    if (!ticket_participation(desk, wanted->ticket, person->id, answer_visibility(wanted),
                              wanted->role, 0, subject, &part, error) ||
        !settle_root(desk, part, id, error))
        return false;
    OutboxRow row = {
        .kind = (char *)notice_kind_name(wanted->kind),
        .person = person->id,
        .address = person->address,
        .ticket = wanted->ticket->id,
        .participation = part->id,
        .message = wanted->message,
        .event = wanted->event,
        .confirmation = wanted->confirmation,
        .run = wanted->run,
        .message_id = id,
        .unproven = is_braked(notify, wanted),
        .brief = brief,
        .created = now,
        .next = next,
        .state = (char *)"waiting",
        .error = (char *)"",
    };
    return outbox_add(desk->store, &row, &row_id, error);
}

/* What is not written to a paused address is told on the ticket, lest nobody know. */
static bool write_or_tell(Notify *notify, const Wanted *wanted, const Person *person,
                          GError **error)
{
    if (!wanted->ticket)
        return write_plain_row(notify, wanted, person, error);
    if (person->paused == 0)
        return write_row(notify, wanted, person, error);
    return ticket_note_event(notify->desk, wanted->ticket, 0, "not-sent", person->address,
                             person->why_paused, NULL, error);
}

bool notify_flush(Notify *notify, GError **error)
{
    for (guint i = 0; i < notify->wanted->len; i++) {
        const Wanted *wanted = notify->wanted->pdata[i];
        g_autoptr(Person) person = NULL;
        bool own = false;
        if (!people_by_id(notify->desk->store, wanted->person, &person, error) ||
            !route_is_own_address(notify->desk, person->address, &own, error))
            return false;
        if (!own && !write_or_tell(notify, wanted, person, error))
            return false;
    }
    g_ptr_array_set_size(notify->wanted, 0);
    return true;
}
