/* Changes an admin asks for on the command line, each one transaction: all of it or nothing. */
#pragma once

#include "core/desk/desk.h"
#include "schema/people.h"
#include "schema/tickets.h"

typedef struct {
    const char *status;   /* a word in either language; NULL: as it is */
    const char *assign;   /* an agent's address, or "none"; NULL: as it is */
    const char *priority; /* a word in either language; NULL: as it is */
} TicketChange;

/* What cannot be is ERROR_REJECTED and names the valid values. */
bool change_ticket(Desk *desk, const char *name, const TicketChange *change, GError **error);

/* The page's address of ticket `name` for `address`, or for its requester when NULL. Somebody
 * who may not see the ticket is ERROR_REJECTED. */
bool change_mint_link(Desk *desk, const char *name, const char *address, char **ret,
                      GError **error);

/* Who `address` is to a ticket: somebody who may see it; anybody else is ERROR_REJECTED. NULL:
 * its requester. */
bool change_find_reader(Desk *desk, const Ticket *ticket, const char *address, Person **ret,
                        GError **error);
