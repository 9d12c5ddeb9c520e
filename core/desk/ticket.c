/* What can happen to a ticket. Every change writes its event in the same breath, so that no
 * change can be without one. */
#include "core/desk/ticket.h"

#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/desk/status.h"
#include "core/desk/token.h"
#include "schema/links.h"

#include <string.h>

char *ticket_name(const Ticket *ticket)
{
    return g_strdup_printf("%s-%" G_GINT64_FORMAT, ticket->prefix, ticket->number);
}

bool ticket_find(Desk *desk, const char *name, Ticket **ret, GError **error)
{
    const char *dash = strrchr(name, '-');
    char *end = NULL;
    gint64 number = dash ? g_ascii_strtoll(dash + 1, &end, 10) : 0;
    if (!dash || dash == name || number <= 0 || *end != '\0') {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "\"%s\" is not a ticket id: they look like SUP-42", name);
        return false;
    }
    g_autofree char *head = g_strndup(name, (gsize)(dash - name));
    g_autofree char *prefix = g_ascii_strup(head, -1);
    g_autoptr(Ticket) ticket = NULL;
    if (!tickets_by_number(desk->store, prefix, number, &ticket, error))
        return false;
    if (!ticket) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "there is no ticket %s: `mailwicket ticket list` shows those there are",
                    name);
        return false;
    }
    *ret = g_steal_pointer(&ticket);
    return true;
}

bool ticket_note_event(Desk *desk, const Ticket *ticket, gint64 actor, const char *what,
                       const char *old, const char *new, gint64 *ret_id, GError **error)
{
    gint64 id = 0;
    Event event = {
        .ticket = ticket->id,
        .at = now_utc(),
        .actor = actor,
        .what = (char *)what,
        .old = (char *)old,
        .new = (char *)new,
    };
    if (!events_add(desk->store, &event, &id, error))
        return false;
    if (ret_id)
        *ret_id = id;
    return true;
}

/* Writes the ticket as it is now, and the event that tells how it differs. */
static bool record(Desk *desk, Ticket *ticket, gint64 actor, const char *what, const char *old,
                   const char *new, gint64 *ret_event, GError **error)
{
    ticket->updated = now_utc();
    return tickets_update(desk->store, ticket, error) &&
           ticket_note_event(desk, ticket, actor, what, old, new, ret_event, error);
}

bool ticket_set_status(Desk *desk, Ticket *ticket, const char *status, gint64 actor,
                       Notify *notify, GError **error)
{
    gint64 event = 0;
    if (strcmp(ticket->status, status) == 0)
        return true;
    g_autofree char *old = ticket->status;
    ticket->status = g_strdup(status);
    ticket->until = 0;
    if (!record(desk, ticket, actor, "status", old, status, &event, error))
        return false;
    NoticeKind kind = strcmp(status, "resolved") == 0 ? NOTICE_RESOLVED : NOTICE_STATUS;
    return notify_customers(notify, ticket, kind, 0, event, error);
}

bool ticket_set_priority(Desk *desk, Ticket *ticket, MailPriority priority, gint64 actor,
                         GError **error)
{
    MailPriority old = (MailPriority)ticket->priority;
    if (old == priority)
        return true;
    ticket->priority = (int)priority;
    return record(desk, ticket, actor, "priority", priority_name(old), priority_name(priority),
                  NULL, error);
}

static bool is_among(const GPtrArray *people, gint64 id)
{
    for (guint i = 0; i < people->len; i++)
        if (((const Person *)people->pdata[i])->id == id)
            return true;
    return false;
}

/* Takes those off who are not in `people`. *ret_before: the ids there were, *ret_old: how they
 * are called. */
static bool unassign_others(Desk *desk, const Ticket *ticket, const GPtrArray *people,
                            GArray **ret_before, char **ret_old, GError **error)
{
    g_autoptr(GArray) assigned = NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    if (!tickets_assignees(desk->store, ticket->id, &assigned, error))
        return false;
    for (guint i = 0; i < assigned->len; i++) {
        gint64 id = g_array_index(assigned, gint64, i);
        g_autoptr(Person) person = NULL;
        if (!people_by_id(desk->store, id, &person, error))
            return false;
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", person_label(person));
        if (!is_among(people, id) && !tickets_unassign(desk->store, ticket->id, id, error))
            return false;
    }
    *ret_before = g_steal_pointer(&assigned);
    *ret_old = g_string_free(g_steal_pointer(&names), FALSE);
    return true;
}

static bool was_assigned(const GArray *before, gint64 id)
{
    for (guint i = 0; i < before->len; i++)
        if (g_array_index(before, gint64, i) == id)
            return true;
    return false;
}

static bool assign_new(Desk *desk, const Ticket *ticket, const GPtrArray *people,
                       const GArray *before, guint *ret_kept, GError **error)
{
    *ret_kept = 0;
    for (guint i = 0; i < people->len; i++) {
        const Person *person = people->pdata[i];
        if (person->role == ROLE_REQUESTER) {
            g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                        "%s is not on the desk: add them first with `mailwicket agent add`",
                        person->address);
            return false;
        }
        if (was_assigned(before, person->id))
            ++*ret_kept;
        else if (!tickets_assign(desk->store, ticket->id, person->id, error))
            return false;
    }
    return true;
}

static bool tell_assigned(const Ticket *ticket, const GPtrArray *people, const GArray *before,
                          Notify *notify, gint64 event, GError **error)
{
    for (guint i = 0; i < people->len; i++) {
        const Person *person = people->pdata[i];
        if (!was_assigned(before, person->id) &&
            !notify_person(notify, ticket, person, PART_STAFF, NOTICE_ASSIGNED, 0, event, 0,
                           error))
            return false;
    }
    return true;
}

bool ticket_assign_all(Desk *desk, Ticket *ticket, const GPtrArray *people, gint64 actor,
                       Notify *notify, bool *ret_changed, GError **error)
{
    g_autoptr(GArray) before = NULL;
    g_autofree char *old = NULL;
    g_autoptr(GString) new = g_string_new(NULL);
    gint64 event = 0;
    guint kept = 0;
    if (!unassign_others(desk, ticket, people, &before, &old, error) ||
        !assign_new(desk, ticket, people, before, &kept, error))
        return false;
    *ret_changed = kept != people->len || kept != before->len;
    if (!*ret_changed)
        return true;
    for (guint i = 0; i < people->len; i++)
        g_string_append_printf(new, "%s%s", i ? ", " : "", person_label(people->pdata[i]));
    return record(desk, ticket, actor, "assigned", old, new->str, &event, error) &&
           tell_assigned(ticket, people, before, notify, event, error);
}

bool ticket_assign(Desk *desk, Ticket *ticket, const Person *person, gint64 actor,
                   Notify *notify, GError **error)
{
    g_autoptr(GPtrArray) people = g_ptr_array_new();
    bool changed = false;
    if (person)
        g_ptr_array_add(people, (Person *)person);
    return ticket_assign_all(desk, ticket, people, actor, notify, &changed, error);
}

bool ticket_set_due(Desk *desk, Ticket *ticket, gint64 due, gint64 actor, GError **error)
{
    if (ticket->due == due)
        return true;
    g_autofree char *old = ticket->due ? timestamp_rfc3339(ticket->due) : g_strdup("");
    g_autofree char *new = due ? timestamp_rfc3339(due) : g_strdup("");
    ticket->due = due;
    return record(desk, ticket, actor, "due", old, new, NULL, error);
}

bool ticket_set_title(Desk *desk, Ticket *ticket, const char *title, gint64 actor,
                      GError **error)
{
    if (strcmp(ticket->title, title) == 0)
        return true;
    g_autofree char *old = ticket->title;
    ticket->title = g_strdup(title);
    return record(desk, ticket, actor, "title", old, title, NULL, error);
}

bool ticket_set_type(Desk *desk, Ticket *ticket, const char *type, gint64 actor, GError **error)
{
    if (strcmp(ticket->type, type) == 0)
        return true;
    g_autofree char *old = ticket->type;
    ticket->type = g_strdup(type);
    return record(desk, ticket, actor, "type", old, type, NULL, error);
}

bool ticket_set_tag(Desk *desk, Ticket *ticket, const char *tag, bool on, gint64 actor,
                    GError **error)
{
    bool done = on ? tickets_tag(desk->store, ticket->id, tag, error)
                   : tickets_untag(desk->store, ticket->id, tag, error);
    return done &&
           record(desk, ticket, actor, "tag", on ? "" : tag, on ? tag : "", NULL, error);
}

bool ticket_move(Desk *desk, Ticket *ticket, const Queue *queue, gint64 actor, GError **error)
{
    if (ticket->served == queue->id)
        return true;
    g_autofree char *old = ticket->queue_name;
    ticket->queue_name = g_strdup(queue->name);
    ticket->served = queue->id;
    return record(desk, ticket, actor, "queue", old, queue->name, NULL, error);
}

bool ticket_delete(Desk *desk, Ticket *ticket, bool deleted, gint64 actor, GError **error)
{
    ticket->deleted = deleted ? now_utc() : 0;
    return record(desk, ticket, actor, deleted ? "deleted" : "restored", "", "", NULL, error);
}

bool ticket_rate(Desk *desk, Ticket *ticket, int rating, const char *comment, gint64 actor,
                 GError **error)
{
    g_autofree char *old = g_strdup_printf("%d", ticket->rating);
    g_autofree char *new = g_strdup_printf("%d%s%s", rating, *comment ? " " : "", comment);
    ticket->rating = rating;
    g_free(ticket->rating_comment);
    ticket->rating_comment = g_strdup(comment);
    return record(desk, ticket, actor, "rated", strcmp(old, "0") == 0 ? "" : old, new, NULL,
                  error);
}

char *ticket_subject(const Ticket *ticket, bool brief)
{
    g_autofree char *token = token_subject(ticket);
    bool french = strcmp(ticket->language, "fr") == 0;
    const char *words = brief ? (french ? "Votre demande" : "Your request") : ticket->title;
    return g_strdup_printf("%s %s", token, words);
}

bool ticket_participation(Desk *desk, const Ticket *ticket, gint64 person,
                          Visibility visibility, PartRole role, gint64 since,
                          const char *subject, Participation **ret, GError **error)
{
    if (!participations_find(desk->store, ticket->id, person, visibility, ret, error))
        return false;
    /* Told as somebody of the desk before, brought in as a customer now. */
    if (*ret && (*ret)->role == PART_STAFF && role != PART_STAFF)
        return participations_set_role(desk->store, (*ret)->id, role, since, error);
    if (*ret)
        return true;
    g_autoptr(Participation) part = g_new0(Participation, 1);
    part->ticket = ticket->id;
    part->person = person;
    part->visibility = visibility;
    part->role = role;
    part->since = since;
    part->subject = g_strdup(subject);
    part->root = g_strdup("");
    if (!participations_add(desk->store, part, &part->id, error))
        return false;
    *ret = g_steal_pointer(&part);
    return true;
}

bool ticket_takes_part(Desk *desk, const Ticket *ticket, const Person *person, bool *ret,
                       GError **error)
{
    g_autoptr(Participation) part = NULL;
    *ret = person_is_agent(person);
    if (*ret || !person)
        return true;
    if (!participations_find(desk->store, ticket->id, person->id, VISIBILITY_PUBLIC, &part,
                             error))
        return false;
    *ret = part && part->role != PART_STAFF;
    return true;
}

bool ticket_mint_link(Desk *desk, gint64 ticket, const Person *person, char **ret_page,
                      GError **error)
{
    g_autofree char *page = token_page(desk->ring, ticket, person->id, person->epoch);
    guint8 hash[32];
    gint64 days = desk->config->limits.link_days;
    gint64 expires = days > 0 ? now_utc() + days * 86400 : 0;
    if (!token_page_hash(page, hash) ||
        !links_add(desk->store, hash, ticket, person->id, person->epoch, expires, error))
        return false;
    if (ret_page)
        *ret_page = g_steal_pointer(&page);
    return true;
}
