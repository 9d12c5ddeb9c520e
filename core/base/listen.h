/* Where a server listens: unix and TCP sockets of its own, or those systemd hands over. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct {
    int fd;          /* not blocking */
    char *name;      /* "127.0.0.1:8025" or "unix:/run/mailwicket/page.sock" */
    char *unix_path; /* to be removed at the end; NULL: nothing is */
    bool loopback;   /* only this machine can reach it */
} Listener;

/* `where`: HOST:PORT, [IPV6]:PORT or unix:PATH; port 0 takes a free one. `mode`: of a unix
 * socket, who may connect; its group is that of its folder where that has the set-group-id bit.
 * What cannot be understood is ERROR_REJECTED; an address that is taken or not ours is
 * ERROR_TRANSIENT. */
bool listener_open(const char *where, mode_t mode, Listener **ret, GError **error);
/* Closes and, for a unix socket of our own, removes it. */
void listener_free(Listener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listener, listener_free)

/* Appends the sockets handed over by systemd (sd_listen_fds(3)), often none, and forgets that
 * there are any. To be called before there are threads. */
bool listeners_inherit(GPtrArray *listeners, GError **error);
