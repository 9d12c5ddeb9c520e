/* Somebody of the desk passes on another's request: the sender of the mail below becomes the
 * requester of a new ticket, as if they had written here themselves. */
#pragma once

#include "core/desk/command.h"
#include "core/desk/delivery.h"

/* `block`: holds the command `forward`. The requester is acknowledged only if the mail came to
 * its sender's own address for commands: a domain alone opens the ticket, but writes to nobody
 * outside. What cannot be is answered to the sender. */
bool forwarding_take(Delivery *delivery, const CommandBlock *block, GError **error);
