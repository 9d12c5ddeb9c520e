/* Pausing an address that refused our mail for good, and writing to it again.
 *
 * The desk is told when an address that was written to is paused, not of each further failure;
 * and once a day, whatever the tickets, should the address come and go. Whoever of the desk has
 * the failing address is paused by the time the others are told, so no mail about it goes
 * there. */
#include "core/desk/undelivered.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/ticket.h"

#include <string.h>

#define TELL_AGAIN_SECONDS (24 * 3600)

bool undelivered_pause(Delivery *delivery, const Ticket *ticket, const OutboxRow *row,
                       const char *status, GError **error)
{
    Desk *desk = delivery->desk;
    g_autofree char *key = address_key(row->address);
    g_autoptr(Person) person = NULL;
    gint64 event = 0;
    bool tell = false;
    if (!people_by_address(desk->store, key, &person, error) ||
        !people_pause(desk->store, key, delivery->now, status, error))
        return false;
    if (person && person->paused != 0)
        return true;
    if (!people_claim_telling(desk->store, key, delivery->now - TELL_AGAIN_SECONDS,
                              delivery->now, &tell, error) ||
        !ticket_note_event(desk, ticket, 0, "paused", status, row->address, &event, error))
        return false;
    return !tell ||
           (notify_staff(delivery->notify, ticket, NOTICE_UNDELIVERED, 0, event, error) &&
            notify_flush(delivery->notify, error));
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
