/* Ticking: tickets that have waited long enough are open again, and the desk hears of it. */
#include "core/desk/clock.h"

#include "core/desk/ticket.h"

#include <string.h>

#define TICKETS_A_TICK 50 /* deliveries wait for the lock meanwhile */

static bool wake_ticket(Desk *desk, gint64 id, Notify *notify, GError **error)
{
    g_autoptr(Ticket) found = NULL;
    if (!tickets_by_id(desk->store, id, &found, error))
        return false;
    Ticket *ticket = notify_keep(notify, g_steal_pointer(&found));
    ticket->until = 0;
    if (strcmp(ticket->status, "waiting") != 0)
        return tickets_update(desk->store, ticket, error);
    g_autoptr(Notify) nobody = notify_new(desk);
    gint64 event = 0;
    return ticket_set_status(desk, ticket, "open", 0, nobody, error) &&
           ticket_note_event(desk, ticket, 0, "woken", "", "", &event, error) &&
           notify_staff(notify, ticket, NOTICE_TICKET, 0, event, error);
}

static bool wake_all(Desk *desk, const GArray *ids, GError **error)
{
    g_autoptr(Notify) notify = notify_new(desk);
    for (guint i = 0; i < ids->len; i++)
        if (!wake_ticket(desk, g_array_index(ids, gint64, i), notify, error))
            return false;
    return notify_flush(notify, error);
}

bool clock_tick(Desk *desk, gint64 now, GError **error)
{
    g_autoptr(GArray) ids = NULL;
    if (!tickets_waited(desk->store, now, TICKETS_A_TICK, &ids, error))
        return false;
    if (ids->len == 0)
        return true;
    if (!store_begin(desk->store, error))
        return false;
    if (wake_all(desk, ids, error))
        return desk_commit(desk, error);
    store_rollback(desk->store);
    return false;
}
