/* What can happen to a ticket. Every change writes its event in the same breath, so that no
 * change can be without one. */
#include "core/desk/ticket.h"

#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/desk/status.h"
#include "core/desk/token.h"
#include "core/desk/transcript_send.h"
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
    if (!record(desk, ticket, actor, "status", old, status, &event, error))
        return false;
    NoticeKind kind = strcmp(status, "resolved") == 0 ? NOTICE_RESOLVED : NOTICE_STATUS;
    return notify_customers(notify, ticket, kind, 0, event, error) &&
           (strcmp(status, "closed") != 0 ||
            transcript_send_closed(desk, ticket, notify, error));
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

static bool unassign_others(Desk *desk, const Ticket *ticket, gint64 keep, char **ret_old,
                            bool *ret_kept, GError **error)
{
    g_autoptr(GArray) assigned = NULL;
    g_autoptr(GString) names = g_string_new(NULL);
    *ret_kept = false;
    if (!tickets_assignees(desk->store, ticket->id, &assigned, error))
        return false;
    for (guint i = 0; i < assigned->len; i++) {
        gint64 id = g_array_index(assigned, gint64, i);
        g_autoptr(Person) person = NULL;
        if (!people_by_id(desk->store, id, &person, error))
            return false;
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", person_label(person));
        if (id == keep)
            *ret_kept = true;
        else if (!tickets_unassign(desk->store, ticket->id, id, error))
            return false;
    }
    *ret_old = g_string_free(g_steal_pointer(&names), FALSE);
    return true;
}

bool ticket_assign(Desk *desk, Ticket *ticket, const Person *person, gint64 actor,
                   Notify *notify, GError **error)
{
    g_autofree char *old = NULL;
    bool kept = false;
    gint64 event = 0;
    const char *new = person ? person_label(person) : "";
    if (person && person->role == ROLE_REQUESTER) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "%s is not on the desk: add them first with `mailwicket agent add`",
                    person->address);
        return false;
    }
    if (!unassign_others(desk, ticket, person ? person->id : 0, &old, &kept, error))
        return false;
    if (strcmp(old, new) == 0 && kept == (person != NULL))
        return true;
    if (person && !kept && !tickets_assign(desk->store, ticket->id, person->id, error))
        return false;
    if (!record(desk, ticket, actor, "assigned", old, new, &event, error))
        return false;
    if (!person || kept)
        return true;
    return notify_person(notify, ticket, person, PART_STAFF, NOTICE_ASSIGNED, 0, event, 0,
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
    /* Told as somebody of the desk before, brought in as a customer now; or an archive that has
     * become somebody. */
    if (*ret && ((*ret)->role == PART_STAFF || (*ret)->role == PART_ARCHIVE) &&
        role != (*ret)->role)
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
