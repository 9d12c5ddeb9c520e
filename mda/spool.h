/* The spool: a mail on its way in, kept where it can be read twice and where nothing is left of
 * it when it is let go.
 *
 * A small mail is kept in memory, for making a file costs more than all else that is done with
 * it here; a large one moves to a nameless file, so that memory stays flat. Nothing is synced:
 * until the database commits, the mail is still the sending server's. Every fault is
 * ERROR_TRANSIENT. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    int fd; /* to be read with pread from 0; -1: not opened */
    guint64 size;
    const char *dir; /* borrowed; where a large mail's file is made */
    bool in_memory;
} Spool;

bool spool_open(Spool *spool, const char *dir, GError **error);
bool spool_append(Spool *spool, const void *bytes, gsize length, GError **error);
/* Appends all there is of `in`. */
bool spool_copy(Spool *spool, int in, GError **error);
/* Harmless on one that was not opened. */
void spool_close(Spool *spool);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Spool, spool_close)
