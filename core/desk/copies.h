/* Cc: a proven participant may bring people in. They hear from then on and never see what came
 * before. An unproven mail's Cc does nothing. */
#pragma once

#include "core/desk/delivery.h"

/* Makes the Cc addresses of the mail watchers of `ticket` from message `since` on, if its
 * sender is proven; a ticket has at most COPIES_MAX watchers. */
#define COPIES_MAX 10
bool copies_add(Delivery *delivery, const Ticket *ticket, gint64 since, GError **error);

/* By command: brings in whoever has this address, from the next message on; takes out a
 * watcher. *ret_changed false: there is nothing to change. More than COPIES_MAX is
 * ERROR_REJECTED. */
bool copies_bring_in(Desk *desk, const Ticket *ticket, const char *address, gint64 actor,
                     bool *ret_changed, GError **error);
bool copies_remove(Desk *desk, const Ticket *ticket, const char *address, gint64 actor,
                   bool *ret_changed, GError **error);
