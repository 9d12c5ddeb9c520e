/* Are our own programs running? Each look is told by a mark. */
#pragma once

#include "core/base/config.h"
#include "ctl/marks.h"

typedef enum {
    SERVER_ABSENT, /* there is no socket: mail comes by pipe(8), or the server was stopped */
    SERVER_DEAD,   /* there is one and nobody answers within two seconds */
    SERVER_BUSY,   /* it turns connections away */
    SERVER_LIVES,
} ServerLife;

/* "none", "dead", "busy", "running": for JSON */
const char *server_life_name(ServerLife life);

/* Greets the mail server at its own door. */
ServerLife running_server(const Config *config, Marks *marks);
/* Does somebody hold the notifier's lock? Takes it for an instant if nobody does, which a
 * notifier that starts waits for. */
bool running_notifier(const Config *config, Marks *marks);
