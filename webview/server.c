/* Starting and ending libmicrohttpd.
 *
 * Two threads, each with an epoll loop of its own: rendering is short, and the machine has mail
 * to do. The limits bound what a stranger can take: 512 connections of 32 KB, ten seconds
 * without a byte. A listener the world can reach gets a limit for each address, too; behind a
 * proxy all connections have one address, and the proxy does that.
 *
 * Not here: answers (handle.c). */
#include "webview/server.h"

#include "core/base/error.h"
#include "core/base/listen.h"
#include "webview/handle.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define THREADS 2u
#define CONNECTIONS 512u
#define CONNECTIONS_PER_ADDRESS 32u
#define CONNECTION_BYTES ((size_t)32 * 1024)
#define IDLE_SECONDS 10u

/* Paths are taken as they stand: what is not exactly a route is none. */
static size_t keep_escapes(void *user, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

static struct MHD_Daemon *start(Site *site, const Listener *listener)
{
    unsigned int per_address = listener->loopback ? 0 : CONNECTIONS_PER_ADDRESS;
    /* The library closes its socket at the end, and so does the listener. */
    int fd = dup(listener->fd);
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, handle_request, site,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, THREADS,
        MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        per_address, MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_END);
}

/* Before any thread is started, so that all of them leave the signals to sigwait. */
static void block_signals(sigset_t *ending)
{
    sigemptyset(ending);
    sigaddset(ending, SIGTERM);
    sigaddset(ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, ending, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool server_run(const Config *config, const char *listen, GError **error)
{
    g_autoptr(Listener) listener = NULL;
    g_autoptr(Answers) answers = NULL;
    sigset_t ending;
    int caught;

    block_signals(&ending);
    if (!answers_new(config, &answers, error) || !listener_open(listen, 0660, &listener, error))
        return false;
    Site site = {.config = config, .answers = answers};
    struct MHD_Daemon *daemon = start(&site, listener);
    if (!daemon)
        return error_errno(error, errno, "cannot start serving on %s", listener->name);
    printf("listening on %s%s\n", listener->unix_path ? "" : "http://", listener->name);
    fflush(stdout);
    sigwait(&ending, &caught);
    answers_stop(answers);
    MHD_stop_daemon(daemon);
    return true;
}
