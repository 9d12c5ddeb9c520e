/* mailwicket-mda as a server: LMTP on a unix socket or a loopback port. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Serves until SIGTERM or SIGINT, then finishes the mails that were taken. SIGHUP reads the
 * configuration anew; a broken one changes nothing. `where`: unix:PATH or HOST:PORT of this
 * machine, NULL: the sockets that systemd hands over, or only the server's own door (door.h).
 * Whatever goes wrong at the start is the error; later troubles are logged. */
bool lmtp_serve(const char *config_file, const char *where, GError **error);
