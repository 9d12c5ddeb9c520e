/* Applying what the command line asks, with the same rooms a mail goes through. */
#include "core/desk/change.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/notify.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"

#include <string.h>

static bool set_status(Desk *desk, Ticket *ticket, const char *word, Notify *notify,
                       GError **error)
{
    const char *status = status_from_word(word);
    if (status)
        return ticket_set_status(desk, ticket, status, 0, notify, error);
    g_autofree char *known = g_strjoinv(", ", (char **)status_names);
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "\"%s\" is no status: %s", word, known);
    return false;
}

static bool set_priority(Desk *desk, Ticket *ticket, const char *word, GError **error)
{
    MailPriority priority;
    if (priority_from_word(word, &priority))
        return ticket_set_priority(desk, ticket, priority, 0, error);
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                "\"%s\" is no priority: low, normal, high, urgent", word);
    return false;
}

static bool set_assignee(Desk *desk, Ticket *ticket, const char *address, Notify *notify,
                         GError **error)
{
    g_autoptr(Person) person = NULL;
    g_autofree char *key = address_key(address);
    if (strcmp(address, "none") == 0)
        return ticket_assign(desk, ticket, NULL, 0, notify, error);
    if (key && !people_by_address(desk->store, key, &person, error))
        return false;
    if (person)
        return ticket_assign(desk, ticket, person, 0, notify, error);
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                "%s is not on the desk: add them first with `mailwicket agent add`", address);
    return false;
}

static bool apply(Desk *desk, const char *name, const TicketChange *change, GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Notify) notify = notify_new(desk);
    return ticket_find(desk, name, &ticket, error) &&
           (!change->status || set_status(desk, ticket, change->status, notify, error)) &&
           (!change->priority || set_priority(desk, ticket, change->priority, error)) &&
           (!change->assign || set_assignee(desk, ticket, change->assign, notify, error)) &&
           notify_flush(notify, error);
}

bool change_ticket(Desk *desk, const char *name, const TicketChange *change, GError **error)
{
    if (!store_begin(desk->store, error))
        return false;
    if (apply(desk, name, change, error))
        return desk_commit(desk, error);
    store_rollback(desk->store);
    return false;
}

/* --- links ------------------------------------------------------------------------------- */

bool change_find_reader(Desk *desk, const Ticket *ticket, const char *address, Person **ret,
                        GError **error)
{
    g_autoptr(Person) person = NULL;
    bool takes_part = false;
    g_autofree char *key = address ? address_key(address) : NULL;
    if (!address)
        return people_by_id(desk->store, ticket->requester, ret, error);
    if (key && !people_by_address(desk->store, key, &person, error))
        return false;
    if (person && !ticket_takes_part(desk, ticket, person, &takes_part, error))
        return false;
    if (!takes_part) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "%s takes no part in the ticket: its requester, watchers and the people of "
                    "the desk may see it",
                    address);
        return false;
    }
    *ret = g_steal_pointer(&person);
    return true;
}

static bool mint(Desk *desk, const char *name, const char *address, char **ret, GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(Person) reader = NULL;
    g_autofree char *page = NULL;
    if (!ticket_find(desk, name, &ticket, error) ||
        !change_find_reader(desk, ticket, address, &reader, error) ||
        !ticket_mint_link(desk, ticket->id, reader, &page, error))
        return false;
    *ret = g_strdup_printf("%s/ticket/%s", desk->config->site.base_url, page);
    return true;
}

bool change_mint_link(Desk *desk, const char *name, const char *address, char **ret,
                      GError **error)
{
    g_autofree char *url = NULL;
    if (!store_begin(desk->store, error))
        return false;
    if (!mint(desk, name, address, &url, error)) {
        store_rollback(desk->store);
        return false;
    }
    if (!store_commit(desk->store, error))
        return false;
    *ret = g_steal_pointer(&url);
    return true;
}
