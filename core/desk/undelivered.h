/* Addresses that take our mail no more: paused by a delivery failure, told to the desk. */
#pragma once

#include "core/desk/delivery.h"

/* Pauses the address `row` was sent to and tells the team, once a day on a ticket. `status`:
 * "5.1.1". Within a write transaction. */
bool undelivered_pause(Delivery *delivery, const Ticket *ticket, const OutboxRow *row,
                       const char *status, GError **error);

/* Writes to an address again. ERROR_REJECTED when it is nobody's or not paused. */
bool undelivered_resume(Desk *desk, const char *address, GError **error);
