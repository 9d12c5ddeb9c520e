/* Held mail: seen by technicians, by nobody else, until somebody decides. */
#pragma once

#include "core/desk/desk.h"
#include "schema/messages.h"

/* Publishes its text at the visibility it was meant for, opening a ticket if it has none.
 * Runs no command, takes no Cc, makes nobody a participant. Unknown or decided already:
 * ERROR_REJECTED. */
bool held_accept(Desk *desk, gint64 message, gint64 actor, char **ret_ticket, GError **error);
/* Shows it to nobody; the raw mail stays. */
bool held_drop(Desk *desk, gint64 message, gint64 actor, GError **error);

/* The same within a write transaction that is open. */
bool held_accept_within(Desk *desk, gint64 message, gint64 actor, char **ret_ticket,
                        GError **error);
bool held_drop_within(Desk *desk, gint64 message, gint64 actor, GError **error);
