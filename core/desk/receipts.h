/* Receipts (RFC 8098): what it means that somebody's mail program says they read a mail. */
#pragma once

#include "core/desk/delivery.h"

/* Takes a receipt: kept and counted. The one thing it may change is a new ticket, which a
 * technician's receipt makes seen. */
bool receipts_take(Delivery *delivery, GError **error);
