/* The outbox, one row at a time: render if that was not done, send, record how it went. */
#pragma once

#include "notifier/setup.h"

typedef enum {
    DRAIN_IDLE, /* nothing is due, or sending rests */
    DRAIN_DONE, /* a row was handled, whatever came of it */
    DRAIN_DOWN, /* a row was tried and nothing can be sent for now */
} DrainStep;

typedef struct Drain Drain;

Drain *drain_new(void);
void drain_free(Drain *drain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drain, drain_free)

/* Handles the first row that is due. *ret_next: seconds until there is more to do, -1 when
 * nothing waits. An error is the store's: nothing is sent until what was sent is recorded. */
bool drain_step(Drain *drain, const Setup *setup, DrainStep *ret, gint64 *ret_next,
                GError **error);
/* Sending no longer rests: the configuration changed. */
void drain_resume(Drain *drain);
