/* The notifier's life: sending what is due, and keeping the store.
 *
 * As the keeper it holds the database open and is the only one to checkpoint. One notifier at a
 * time, by a lock on DATA_DIR/notifier.lock. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Runs until SIGTERM or SIGINT, which let the mail in hand be finished; SIGHUP reads the
 * configuration and the templates anew. `once`: until nothing is due. ERROR_TRANSIENT: another
 * notifier is running, the store cannot be used now, or, with `once`, nothing can be sent now.
 */
bool keeper_run(const char *config_file, bool once, GError **error);
