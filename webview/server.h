/* The HTTP server, from its socket to its end. */
#pragma once

#include "core/base/config.h"

#define SERVER_DEFAULT_LISTEN "127.0.0.1:8025"

/* Serves until SIGTERM or SIGINT, then ends what is being sent and returns true. Once it takes
 * connections it prints one line, "listening on http://127.0.0.1:8025", to standard output.
 * The database need not exist yet: answers are 503 until it does. */
bool server_run(const Config *config, const char *listen, GError **error);
