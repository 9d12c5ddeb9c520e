/* One LMTP connection from its greeting to its end (RFC 2033). */
#pragma once

#include "mda/site.h"
#include "mda/writer.h"

/* What all sessions share; outlives them. */
typedef struct {
    SiteSlot *sites;
    Writer *writer;
    int stop;      /* becomes readable when the server stops */
    gint promised; /* atomic: mails that were taken and not yet answered for */
} Sessions;

/* Serves `fd` and closes it. `own`: the other side is mailwicket-mda in its pipe form, whose
 * SIZE is Postfix's word for what pipe(8) should have handed over. */
void session_run(Sessions *sessions, int fd, bool own);
/* Tells the other side to come back later, and closes. */
void session_refuse(int fd);
