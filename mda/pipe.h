/* The pipe front door: one mail on standard input, as Postfix's pipe(8) hands it over. */
#pragma once

#include "core/base/config.h"

typedef struct {
    const char *sender, *recipient, *queue_id;
    gint64 size; /* Postfix's ${size}; -1 unknown */
} PipeArguments;

/* Delivers the mail on standard input and returns the exit status: 0 done, 65 or 67 a
 * deliberate refusal, 75 for every other fault, which keeps the mail with Postfix. Logs one
 * line, of ids only, and prints nothing. */
int pipe_deliver(const Config *config, const PipeArguments *arguments);
