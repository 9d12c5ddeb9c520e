/* Never leaving root's files in the gateway's folder. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Run by root: becomes the owner of `dir`, for good. Anybody else stays who they are. A missing
 * directory is ERROR_CONFIG. */
bool owner_become(const char *dir, GError **error);
