/* Deciding what a reader may see, once, for every way of showing it.
 *
 * What is not theirs is removed here, so that no page or mail has to think of it again. */
#include "core/desk/view.h"

#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/desk/author.h"
#include "core/desk/token.h"
#include "schema/links.h"

#include <string.h>

static void message_view_free(MessageView *view)
{
    message_free(view->message);
    g_free(view->author);
    g_free(view);
}

void view_free(TicketView *view)
{
    if (!view)
        return;
    g_clear_pointer(&view->ticket, ticket_free);
    g_clear_pointer(&view->reader, person_free);
    g_clear_pointer(&view->requester, person_free);
    g_clear_pointer(&view->assignees, g_ptr_array_unref);
    g_clear_pointer(&view->watchers, g_ptr_array_unref);
    g_clear_pointer(&view->messages, g_ptr_array_unref);
    g_clear_pointer(&view->events, g_ptr_array_unref);
    g_clear_pointer(&view->linked, g_array_unref);
    g_free(view);
}

static GPtrArray *person_array(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
}

/* --- people ------------------------------------------------------------------------------ */

static bool add_person(Store *store, gint64 id, GPtrArray *list, GError **error)
{
    Person *person = NULL;
    if (!people_by_id(store, id, &person, error))
        return false;
    if (person)
        g_ptr_array_add(list, person);
    return true;
}

/* Assignees, watchers, and from which message on this reader may see. */
static bool load_people(Store *store, TicketView *view, gint64 *ret_since, bool *ret_takes_part,
                        GError **error)
{
    g_autoptr(GArray) assigned = NULL;
    g_autoptr(GPtrArray) parts = NULL;
    gint64 reader = view->reader ? view->reader->id : 0;

    if (!people_by_id(store, view->ticket->requester, &view->requester, error) ||
        !tickets_assignees(store, view->ticket->id, &assigned, error) ||
        !participations_of(store, view->ticket->id, &parts, error))
        return false;
    for (guint i = 0; i < assigned->len; i++)
        if (!add_person(store, g_array_index(assigned, gint64, i), view->assignees, error))
            return false;
    for (guint i = 0; i < parts->len; i++) {
        const Participation *part = parts->pdata[i];
        if (part->person == reader && part->visibility == VISIBILITY_PUBLIC &&
            part->role != PART_STAFF) {
            *ret_since = part->since;
            *ret_takes_part = true;
        }
        if (part->role == PART_WATCHER &&
            !add_person(store, part->person, view->watchers, error))
            return false;
    }
    return true;
}

/* --- messages ---------------------------------------------------------------------------- */

static void empty(char **text)
{
    g_free(*text);
    *text = g_strdup("");
}

static void drop_staff_attachments(GPtrArray *attachments)
{
    for (guint i = attachments->len; i > 0; i--) {
        const Attachment *attachment = attachments->pdata[i - 1];
        if (attachment->staff_only)
            g_ptr_array_remove_index(attachments, i - 1);
    }
}

/* What a technician quoted may hold the desk's own words, and our notification quoted back is
 * no news: customers see neither. */
static void trim_for_customer(MessageView *view)
{
    Message *message = view->message;
    if (view->from_desk || message->quotes_us)
        empty(&message->quoted);
    empty(&message->held_reason);
    empty(&message->unparsed);
    drop_staff_attachments(message->attachments);
}

static bool is_visible(const TicketView *view, const Message *message, gint64 since)
{
    if (message->visibility == VISIBILITY_DROPPED)
        return false;
    return view->staff || (message->visibility == VISIBILITY_PUBLIC && message->id >= since);
}

static char *author_of(const TicketView *view, const Message *message, const Person *author)
{
    bool own = author && view->reader && author->id == view->reader->id;
    return author_label(message, author, view->staff || own);
}

/* The same few people wrote all of it: each is looked up once. *ret is borrowed from `people`,
 * NULL for a stranger. */
static bool find_author(Store *store, GHashTable *people, gint64 id, const Person **ret,
                        GError **error)
{
    Person *person = NULL;
    *ret = NULL;
    if (id == 0)
        return true;
    if (g_hash_table_lookup_extended(people, &id, NULL, (gpointer *)ret))
        return true;
    if (!people_by_id(store, id, &person, error))
        return false;
    g_hash_table_insert(people, g_memdup2(&id, sizeof id), person);
    *ret = person;
    return true;
}

static bool load_messages(Store *store, TicketView *view, gint64 since, GError **error)
{
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GHashTable) people =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)person_free);
    if (!messages_of(store, view->ticket->id, &all, error))
        return false;
    for (guint i = 0; i < all->len; i++) {
        g_autoptr(Message) message = g_steal_pointer(&all->pdata[i]);
        const Person *author = NULL;
        if (!is_visible(view, message, since))
            continue;
        if (!find_author(store, people, message->author, &author, error))
            return false;
        MessageView *one = g_new0(MessageView, 1);
        one->author = author_of(view, message, author);
        one->from_desk =
            author && author->role != ROLE_REQUESTER && author->id != view->ticket->requester;
        one->from_reader = author && view->reader && author->id == view->reader->id;
        one->message = g_steal_pointer(&message);
        if (!view->staff)
            trim_for_customer(one);
        g_ptr_array_add(view->messages, one);
    }
    return true;
}

/* --- events ------------------------------------------------------------------------------ */

static bool load_events(Store *store, TicketView *view, GError **error)
{
    static const char *const for_customers[] = {"created", "status", "priority", "assigned",
                                                NULL};
    g_autoptr(GPtrArray) all = NULL;
    if (!events_of(store, view->ticket->id, &all, error))
        return false;
    for (guint i = 0; i < all->len; i++) {
        Event *event = all->pdata[i];
        if (view->staff || g_strv_contains(for_customers, event->what))
            g_ptr_array_add(view->events, g_steal_pointer(&all->pdata[i]));
    }
    return true;
}

/* --- loading ----------------------------------------------------------------------------- */

static bool refuse(GError **error, const char *what)
{
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "there is no such %s", what);
    return false;
}

bool view_load(Store *store, gint64 ticket, gint64 person, TicketView **ret, GError **error)
{
    g_autoptr(TicketView) view = g_new0(TicketView, 1);
    gint64 since = 0;
    bool takes_part = false;

    view->assignees = person_array();
    view->watchers = person_array();
    view->messages = g_ptr_array_new_with_free_func((GDestroyNotify)message_view_free);
    view->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    if (!tickets_by_id(store, ticket, &view->ticket, error))
        return false;
    if (!view->ticket)
        return refuse(error, "ticket");
    if (person != 0) {
        if (!people_by_id(store, person, &view->reader, error))
            return false;
        if (!view->reader)
            return refuse(error, "person");
    }
    view->staff = !view->reader || person_is_agent(view->reader);
    if (!load_people(store, view, &since, &takes_part, error))
        return false;
    if (!view->staff && (!takes_part || view->ticket->deleted != 0))
        return refuse(error, "ticket");
    view->whole = view->staff || since == 0;
    if (!load_messages(store, view, since, error) || !load_events(store, view, error) ||
        !tickets_linked(store, ticket, &view->linked, error))
        return false;
    if (!view->staff)
        g_array_set_size(view->linked, 0);
    *ret = g_steal_pointer(&view);
    return true;
}

bool view_open_page(Store *store, const char *page, TicketView **ret, GError **error)
{
    guint8 hash[32];
    gint64 ticket = 0, person = 0;
    GError *failure = NULL;
    *ret = NULL;
    if (!token_page_hash(page, hash))
        return true;
    if (!links_find(store, hash, now_utc(), &ticket, &person, &failure)) {
        if (failure)
            g_propagate_error(error, failure);
        return !failure;
    }
    if (view_load(store, ticket, person, ret, &failure))
        return true;
    bool refused = g_error_matches(failure, WICKET_ERROR, ERROR_REJECTED);
    if (refused)
        g_clear_error(&failure);
    else
        g_propagate_error(error, failure);
    return refused;
}
