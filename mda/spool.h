/* The spool: a mail from a pipe, in an unlinked file that vanishes with its descriptor. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Copies `in` to its end into a nameless file in `dir`. The caller closes *ret_fd. Every fault
 * is ERROR_TRANSIENT. */
bool spool_copy(int in, const char *dir, int *ret_fd, guint64 *ret_size, GError **error);
