/* Growing, jittered waits between tries. What failed and why is not asked here. */
#include "notifier/backoff.h"

/* `first` doubled `times` times, at most `most`, then jittered. */
static gint64 grow(gint64 first, gint64 most, gint64 times, double jitter)
{
    gint64 wait = first;
    for (; times > 0 && wait < most; times--)
        wait *= 2;
    return (gint64)((double)MIN(wait, most) * (0.75 + jitter / 2));
}

bool backoff_next(gint64 created, gint64 now, gint64 tries, double jitter, gint64 *ret_next)
{
    gint64 deadline = created + BACKOFF_GIVE_UP;
    gint64 next = now + grow(60, 4 * 3600, tries - 1, jitter);
    if (now >= deadline && tries >= BACKOFF_LEAST_TRIES)
        return false;
    /* While the least number of tries is not reached, a passed deadline does not pull in. */
    *ret_next = now < deadline ? MIN(next, deadline) : next;
    return true;
}

gint64 backoff_pause(int downs, double jitter)
{
    return grow(10, 300, downs - 1, jitter);
}
