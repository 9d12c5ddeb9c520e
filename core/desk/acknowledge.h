/* Whether a new ticket may be acknowledged: sparing towards senders who proved nothing, so that
 * the desk cannot be made to write to strangers. */
#pragma once

#include "core/desk/authority.h"
#include "core/desk/desk.h"

bool acknowledge_allowed(Desk *desk, const Authority *authority, const Person *requester,
                         bool *ret, GError **error);
