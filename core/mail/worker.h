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
    pid_t parent; /* it dies with it; 0: it ends when the channel does */
    int fd;       /* the first mail; -1: that comes by the channel too */
    guint64 size;
    const SpamRule *spam; /* NULL: none */
} Worker;

/* Answers each mail with one packed Mail (wire.h), until there are no more. To be called in a
 * fresh child; never returns, and runs nothing of the caller's again. */
G_GNUC_NORETURN void worker_run(const Worker *worker);

/* --- as a program of its own, for callers that have threads and so must not fork --- */

/* Starts `program` with arguments that make its main call worker_main. `spam_header` as in the
 * configuration, NULL: none. *ret_channel is the caller's; it is all that the program has of
 * the caller, whose death it sees by it. */
bool worker_spawn(const char *program, const ConfineLimits *limits, const char *spam_header,
                  pid_t *ret_pid, int *ret_channel, GError **error);
/* Are these arguments of worker_spawn's? */
bool worker_is_meant(int argc, char *const *argv);
G_GNUC_NORETURN void worker_main(int argc, char *const *argv);
