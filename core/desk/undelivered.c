/* Pausing an address that refused our mail for good, and writing to it again.
 *
 * The desk is told when an address that was written to is paused, not of each further failure;
 * and on one ticket once a day, should the address come and go. Whoever of the desk has the
 * failing address is paused by the time the others are told, so no mail about it goes there. */
#include "core/desk/undelivered.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/ticket.h"

#include <string.h>

#define TELL_AGAIN_SECONDS (24 * 3600)

/* Was the desk told on this ticket, a short while ago, that this address fails? */
static bool told_lately(Delivery *delivery, const Ticket *ticket, const char *address,
                        bool *ret, GError **error)
{
    g_autoptr(GPtrArray) events = NULL;
    if (!events_of(delivery->desk->store, ticket->id, &events, error))
        return false;
    *ret = false;
    for (guint i = 0; i < events->len && !*ret; i++) {
        const Event *event = events->pdata[i];
        *ret = strcmp(event->what, "paused") == 0 && strcmp(event->new, address) == 0 &&
               event->at > delivery->now - TELL_AGAIN_SECONDS;
    }
    return true;
}

bool undelivered_pause(Delivery *delivery, const Ticket *ticket, const OutboxRow *row,
                       const char *status, GError **error)
{
    Desk *desk = delivery->desk;
    g_autofree char *key = address_key(row->address);
    g_autoptr(Person) person = NULL;
    gint64 event = 0;
    bool told = false;
    if (!people_by_address(desk->store, key, &person, error) ||
        !told_lately(delivery, ticket, row->address, &told, error) ||
        !people_pause(desk->store, key, delivery->now, status, error))
        return false;
    if (told || (person && person->paused != 0))
        return true;
    return ticket_note_event(desk, ticket, 0, "paused", status, row->address, &event, error) &&
           notify_staff(delivery->notify, ticket, NOTICE_UNDELIVERED, 0, event, error) &&
           notify_flush(delivery->notify, error);
}

static bool resume(Desk *desk, const char *address, GError **error)
{
    g_autofree char *key = address_key(address);
    bool paused = false;
    if (key && !people_is_paused(desk->store, key, &paused, error))
        return false;
    if (!paused) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "%s is not paused: `mailwicket address list` shows which are", address);
        return false;
    }
    return people_resume(desk->store, key, error);
}

bool undelivered_resume(Desk *desk, const char *address, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    if (resume(desk, address, error))
        return desk_commit(desk, error);
    store_rollback(desk->store);
    return false;
}
