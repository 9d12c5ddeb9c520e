/* Emptying the outbox, some tens of rows at a time: render what was not yet, send, record how
 * it went. */
#pragma once

#include "notifier/setup.h"

typedef enum {
    DRAIN_IDLE, /* nothing is due, or sending rests */
    DRAIN_DONE, /* rows were handled, whatever came of them */
    DRAIN_DOWN, /* a row was tried and nothing can be sent for now */
} DrainState;

typedef struct {
    DrainState state;
    guint mails; /* rows handled */
    gint64 next; /* seconds until there is more to do, -1 when nothing waits */
} DrainStep;

typedef struct Drain Drain;

Drain *drain_new(void);
void drain_free(Drain *drain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drain, drain_free)

/* Handles the first rows that are due. Returns when all mails that were begun have ended; when
 * `go_on` says no, which is asked before each, no other is begun. An error is the store's:
 * nothing is sent until what was sent is recorded. */
bool drain_step(Drain *drain, const Setup *setup, SendGoOn go_on, void *user, DrainStep *ret,
                GError **error);
/* Sending no longer rests: the configuration changed. */
void drain_resume(Drain *drain);
