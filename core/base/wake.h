/* Waking the notifier: one empty datagram to a unix socket in the data directory.
 *
 * Best effort by design: nobody listening, a full queue or a missing socket are all fine, for
 * the notifier also polls. */
#pragma once

#include <glib.h>
#include <stdbool.h>

void wake_send(const char *data_dir);
/* Binds DATA_DIR/notifier.sock (replacing a stale one) and returns the descriptor. The caller
 * holds the notifier's lock, so no other listener can be alive. */
bool wake_listen(const char *data_dir, int *ret_fd, GError **error);
/* Waits up to `timeout_ms`, then swallows all that is queued. True if woken. */
bool wake_wait(int fd, int timeout_ms);
