/* A person's mail for a ticket that exists: published, noted, or held. */
#pragma once

#include "core/desk/delivery.h"

bool joining_take(Delivery *delivery, GError **error);

/* What a message that became public, or a note, does to its ticket and whom it reaches. Shared
 * with held.c and confirming.c. `author` NULL: a stranger whose mail was accepted. */
bool joining_tell(Desk *desk, Ticket *ticket, const Message *message, const Person *author,
                  Notify *notify, GError **error);
