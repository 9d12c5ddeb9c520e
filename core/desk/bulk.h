/* Commands without a ticket around them: mail to the address that one person of the desk has
 * for it. Each line names its tickets ("close SUP-12 SUP-13") or asks ("list late"); the answer
 * is a transcript, line by line. */
#pragma once

#include "core/desk/delivery.h"

/* A mail to such an address that verifies. */
bool bulk_take(Delivery *delivery, GError **error);

/* A mail of the desk that is for no ticket and begins with commands, to a queue's own address:
 * `forward` and questions are carried out, all else is held. */
bool bulk_is_meant(const Delivery *delivery);
bool bulk_take_plain(Delivery *delivery, GError **error);
