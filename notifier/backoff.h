/* When to try again. Pure arithmetic: no clock, no randomness of its own. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define BACKOFF_GIVE_UP (5 * 24 * 3600) /* RFC 5321 section 4.5.4.1: at least 4 to 5 days */
#define BACKOFF_LEAST_TRIES 3           /* however old a mail became while nobody tried */

/* When the mail made at `created` is due again, after `tries` failed tries, the last at `now`.
 * The wait doubles from one minute to four hours, times 0.75 to 1.25 as `jitter` goes from 0 to
 * 1, so that mails that failed together do not return together. The last try falls on the day
 * of giving up; false: that was it. */
bool backoff_next(gint64 created, gint64 now, gint64 tries, double jitter, gint64 *ret_next);

/* Seconds to leave the transport alone after it was down `downs` times in a row (from 1): ten
 * seconds, doubling to five minutes, with the same jitter. */
gint64 backoff_pause(int downs, double jitter);
