/* Where the page listens. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    int fd;
    char *name;      /* "http://127.0.0.1:8025" or "unix:/run/mailwicket/page.sock" */
    char *unix_path; /* to be removed at the end; NULL for TCP */
    bool loopback;   /* only this machine can reach it: a proxy, or the admin */
} Listener;

/* `where`: HOST:PORT, [IPV6]:PORT or unix:PATH; port 0 takes a free one. What cannot be
 * understood is ERROR_REJECTED; an address that is taken or not ours is ERROR_TRANSIENT. */
bool listener_open(const char *where, Listener **ret, GError **error);
/* Closes and, for unix, removes the socket. */
void listener_free(Listener *listener);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listener, listener_free)
