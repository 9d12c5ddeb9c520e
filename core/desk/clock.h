/* What happens because time has passed. The notifier ticks. */
#pragma once

#include "core/desk/desk.h"

/* Does what is due at `now`, in a transaction of its own, as far as one tick goes. */
bool clock_tick(Desk *desk, gint64 now, GError **error);
