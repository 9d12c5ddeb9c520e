/* Mail that is held without anybody being told: of senders on the block list, and what the
 * site's filter marks as spam. */
#pragma once

#include "core/desk/delivery.h"

/* `who`: an address, or a domain, which stands for those below it too. ERROR_REJECTED when it
 * is neither, or is not there to remove. */
bool blocking_add(Desk *desk, const char *who, GError **error);
bool blocking_remove(Desk *desk, const char *who, GError **error);

/* Holds the mail if it is such: *ret true, and the outcome is decided. */
bool blocking_take(Delivery *delivery, bool *ret, GError **error);
