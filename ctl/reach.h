/* What of the desk can be reached from here: the outgoing transport, our own programs. Opens,
 * looks, sends nothing. */
#pragma once

#include "core/base/config.h"

/* NULL, or what is wrong with its cure; g_free it. */
char *reach_transport(const Config *config);

/* Is a notifier running? */
bool reach_notifier(const Config *config, bool *ret, GError **error);

typedef enum {
    SERVER_ABSENT, /* there is no socket: mail comes by pipe(8), or the server was stopped */
    SERVER_DEAD,   /* there is one and nobody answers */
    SERVER_LIVES,
} ServerLife;
ServerLife reach_server(const Config *config);
