/* A ticket's life as a line of a few steps: what it went through, where it is, what is ahead.
 */
#pragma once

#include "schema/tickets.h"

typedef enum { STEP_DONE, STEP_NOW, STEP_AHEAD } StepState;

typedef struct {
    const char *status; /* borrowed from the ticket, or static */
    gint64 at;          /* when it was reached (the last time); 0: unknown or ahead */
    StepState state;
} Step;

#define PROGRESS_STEPS 5

/* Fills `steps` and returns how many there are: at least one, and exactly one STEP_NOW.
 * `events`: Event *, oldest first. */
gsize progress_steps(const Ticket *ticket, const GPtrArray *events, Step steps[PROGRESS_STEPS]);
