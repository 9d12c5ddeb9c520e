/* The desk: what its rooms share, and nothing else.
 *
 * A Desk is a configuration, the keys and an open store. Rules live in the rooms beside this
 * file; none of them prints, logs or exits. */
#pragma once

#include "core/base/config.h"
#include "core/base/secret.h"
#include "schema/store.h"

typedef struct {
    const Config *config; /* borrowed */
    Keyring *ring;
    Store *store;
} Desk;

bool desk_open(const Config *config, Desk **ret, GError **error);
void desk_close(Desk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Desk, desk_close)

/* Commits and wakes the notifier. */
bool desk_commit(Desk *desk, GError **error);
