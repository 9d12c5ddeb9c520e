/* The parser's process, from the fork on. */
#pragma once

#include "core/mail/confine.h"
#include "core/mail/spam.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

enum { WORKER_EXIT_SETUP = 71 }; /* it could not limit or lock itself: our fault */

typedef struct {
    ConfineLimits limits;
    bool lasting; /* after the first mail, further ones come by the channel (channel.h) */
    int channel;
    pid_t parent; /* it dies with it */
    int fd;       /* the first mail */
    guint64 size;
    const SpamRule *spam; /* NULL: none */
} Worker;

/* Answers each mail with one packed Mail (wire.h), until there are no more. To be called in a
 * fresh child; never returns, and runs nothing of the caller's again. */
G_GNUC_NORETURN void worker_run(const Worker *worker);
