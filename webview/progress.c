/* Making one line out of a history that may go back and forth.
 *
 * A status counts as passed if the ticket was in it and is further now: a ticket opened again
 * has not been resolved any more. "waiting" is a detour, shown only while it lasts. */
#include "webview/progress.h"

#include "core/desk/status.h"

#include <string.h>

/* In the order of a ticket's life, as status_names has them. */
enum {
    LIFE_NEW,
    LIFE_OPEN,
    LIFE_SEEN,
    LIFE_IN_PROGRESS,
    LIFE_WAITING,
    LIFE_RESOLVED,
    LIFE_END
};

static int rank(const char *status)
{
    for (int i = 0; status_names[i]; i++)
        if (strcmp(status_names[i], status) == 0)
            return MIN(i, LIFE_END);
    return LIFE_OPEN; /* a word of a later version */
}

/* When the ticket last came into that status; 0: never, as far as its events tell. */
static gint64 reached(const Ticket *ticket, const GPtrArray *events, const char *status)
{
    for (guint i = events->len; i > 0; i--) {
        const Event *event = g_ptr_array_index(events, i - 1);
        if (strcmp(event->what, "status") == 0 && strcmp(event->new, status) == 0)
            return event->at;
    }
    return strcmp(status, "new") == 0 ? ticket->created : 0;
}

gsize progress_steps(const Ticket *ticket, const GPtrArray *events, Step steps[PROGRESS_STEPS])
{
    int now = rank(ticket->status);
    bool seen = now > LIFE_SEEN && reached(ticket, events, "seen") > 0;
    gsize n = 0;

    for (int i = LIFE_NEW; i < now; i++) {
        gint64 at = reached(ticket, events, status_names[i]);
        /* To open a mail is to see it: one step says both. */
        bool said = (i == LIFE_OPEN && seen) || i == LIFE_WAITING;
        if (at > 0 && !said)
            steps[n++] = (Step){status_names[i], at, STEP_DONE};
    }
    steps[n++] = (Step){ticket->status, reached(ticket, events, ticket->status), STEP_NOW};
    if (now < LIFE_IN_PROGRESS)
        steps[n++] = (Step){status_names[LIFE_IN_PROGRESS], 0, STEP_AHEAD};
    if (now < LIFE_RESOLVED)
        steps[n++] = (Step){status_names[LIFE_RESOLVED], 0, STEP_AHEAD};
    return n;
}
