/* Looking at the transport without using it: a connection that is closed again, a program that
 * can be run, a folder that can be written. */
#include "ctl/reach.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define CONNECT_SECONDS 5

static bool connects(const struct addrinfo *to)
{
    const struct timeval patience = {.tv_sec = CONNECT_SECONDS};
    int fd = socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC, to->ai_protocol);
    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    bool done = connect(fd, to->ai_addr, to->ai_addrlen) == 0;
    int saved = errno;
    close(fd);
    errno = saved;
    return done;
}

/* "[::1]" as in a URL is "::1" to the resolver. */
static char *bare_host(const char *host)
{
    gsize length = strlen(host);
    if (*host == '[' && length > 2)
        return g_strndup(host + 1, length - 2);
    return g_strdup(host);
}

static char *reach_host(const char *host, int port)
{
    const struct addrinfo wish = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    g_autofree char *name = bare_host(host);
    g_autofree char *service = g_strdup_printf("%d", port);
    bool done = false;
    int failure = getaddrinfo(name, service, &wish, &found);
    if (failure != 0)
        return g_strdup_printf("[mail] transport: %s: %s: correct the host name", host,
                               gai_strerror(failure));
    for (const struct addrinfo *to = found; to && !done; to = to->ai_next)
        done = connects(to);
    int saved = errno;
    freeaddrinfo(found);
    if (done)
        return NULL;
    return g_strdup_printf(
        "[mail] transport: %s port %d does not answer (%s): start the server "
        "or correct host and port",
        host, port, g_strerror(saved));
}

static char *reach_maildir(const char *path)
{
    g_autofree char *parent = g_path_get_dirname(path);
    const char *looked = g_file_test(path, G_FILE_TEST_EXISTS) ? path : parent;
    if (access(looked, W_OK | X_OK) == 0)
        return NULL;
    return g_strdup_printf("[mail] transport: %s cannot be written (%s)", looked,
                           g_strerror(errno));
}

char *reach_transport(const Config *config)
{
    switch (config->mail.transport) {
    case TRANSPORT_SMTP:
    case TRANSPORT_SMTPS:
        return reach_host(config->mail.host, config->mail.port);
    case TRANSPORT_SENDMAIL:
        if (access(config->mail.path, X_OK) == 0)
            return NULL;
        return g_strdup_printf("[mail] transport: %s cannot be run (%s)", config->mail.path,
                               g_strerror(errno));
    case TRANSPORT_MAILDIR:
        return reach_maildir(config->mail.path);
    }
    return NULL;
}
