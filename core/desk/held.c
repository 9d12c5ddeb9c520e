/* Deciding about held mail. The raw mail and the message row stay whatever is decided. */
#include "core/desk/held.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/commanding.h"
#include "core/desk/joining.h"
#include "core/desk/opening.h"
#include "core/desk/ticket.h"

#include <string.h>

static bool load_held(Desk *desk, gint64 id, Message **ret, GError **error)
{
    g_autoptr(Message) message = NULL;
    if (!messages_by_id(desk->store, id, &message, error))
        return false;
    if (!message || message->visibility != VISIBILITY_HELD) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "no mail %" G_GINT64_FORMAT
                    " is held: `mailwicket held list` shows those that are",
                    id);
        return false;
    }
    *ret = g_steal_pointer(&message);
    return true;
}

/* The ticket it belongs to, opened if it has none. */
static bool settle_ticket(Desk *desk, Message *message, Ticket **ret, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    g_autoptr(Person) requester = NULL;
    if (message->ticket != 0)
        return tickets_by_id(desk->store, message->ticket, ret, error);
    if (!address_is_safe(message->author_address)) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "mail %" G_GINT64_FORMAT
                    " has no sender that could be answered, so no ticket can be opened for it",
                    message->id);
        return false;
    }
    if (!queues_by_id(desk->store, message->queue, &queue, error) ||
        !opening_person(desk, message->author_address, message->author_name, &requester, error))
        return false;
    if (queue->removed) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "queue %s is removed, so no ticket can be opened in it", queue->name);
        return false;
    }
    Opening opening = {
        .queue = queue,
        .title = message->subject,
        .type = "",
        .priority = PRIORITY_NORMAL,
        .requester = requester,
        .brief = true,
        .root = message->message_id,
    };
    if (!opening_ticket(desk, &opening, ret, error))
        return false;
    message->ticket = (*ret)->id;
    message->author = requester->id;
    return true;
}

/* Its text only: whoever accepts it has not asked for what it commands. */
static void settle_words(Message *message, const Person *author)
{
    g_autoptr(CommandBlock) block = commanding_read(author, message->reply);
    message->visibility = message->intent;
    g_free(message->held_reason);
    message->held_reason = g_strdup("");
    g_free(message->reply);
    message->reply = g_strdup(block->text);
}

bool held_accept_within(Desk *desk, gint64 id, gint64 actor, char **ret_ticket, GError **error)
{
    g_autoptr(Message) message = NULL;
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Person) author = NULL;
    g_autoptr(Notify) notify = notify_new(desk);
    if (!load_held(desk, id, &message, error))
        return false;
    bool opened = message->ticket == 0;
    if (!settle_ticket(desk, message, &ticket, error) ||
        (message->author != 0 && !people_by_id(desk->store, message->author, &author, error)))
        return false;
    /* Who opens a ticket by it knows what they wrote; a participant whose name is on it may not
     * have written it, and hears. */
    notify_set_actor(notify, opened ? message->author : 0, false);
    settle_words(message, author);
    if (!messages_update(desk->store, message, error) ||
        !ticket_note_event(desk, ticket, actor, "accepted", "", "", NULL, error) ||
        !joining_tell(desk, ticket, message, author, true, notify, error) ||
        !notify_flush(notify, error))
        return false;
    *ret_ticket = ticket_name(ticket);
    return true;
}

bool held_accept(Desk *desk, gint64 message, gint64 actor, char **ret_ticket, GError **error)
{
    g_autofree char *ticket = NULL;
    if (!store_begin(desk->store, error))
        return false;
    if (!held_accept_within(desk, message, actor, &ticket, error)) {
        store_rollback(desk->store);
        return false;
    }
    if (!desk_commit(desk, error))
        return false;
    *ret_ticket = g_steal_pointer(&ticket);
    return true;
}

bool held_drop_within(Desk *desk, gint64 id, gint64 actor, GError **error)
{
    g_autoptr(Message) message = NULL;
    g_autoptr(Ticket) ticket = NULL;
    if (!load_held(desk, id, &message, error))
        return false;
    message->visibility = VISIBILITY_DROPPED;
    if (!messages_update(desk->store, message, error))
        return false;
    if (message->ticket == 0)
        return true;
    return tickets_by_id(desk->store, message->ticket, &ticket, error) &&
           ticket_note_event(desk, ticket, actor, "dropped", "", "", NULL, error);
}

bool held_drop(Desk *desk, gint64 message, gint64 actor, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    if (!held_drop_within(desk, message, actor, error)) {
        store_rollback(desk->store);
        return false;
    }
    return desk_commit(desk, error);
}
