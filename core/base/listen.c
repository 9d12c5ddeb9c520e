/* Opening listening sockets.
 *
 * A unix socket left behind by a process that died is replaced; one that somebody listens on,
 * or a file that is no socket, is not. */
#include "core/base/listen.h"

#include "core/base/error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool refuse(GError **error, const char *where, const char *why)
{
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED, "cannot listen on \"%s\": %s", where, why);
    return false;
}

void listener_free(Listener *listener)
{
    if (!listener)
        return;
    if (listener->fd >= 0)
        close(listener->fd);
    if (listener->unix_path)
        unlink(listener->unix_path);
    g_free(listener->unix_path);
    g_free(listener->name);
    g_free(listener);
}

/* --- unix -------------------------------------------------------------------------------- */

static bool is_abandoned(const struct sockaddr_un *address)
{
    struct stat st;
    if (lstat(address->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
        return false;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool refused = connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 &&
                   errno == ECONNREFUSED;
    close(fd);
    return refused;
}

static bool bind_unix(int fd, const struct sockaddr_un *address, mode_t mode)
{
    if (is_abandoned(address))
        unlink(address->sun_path);
    mode_t mask = umask(0777 & ~mode);
    bool bound = bind(fd, (const struct sockaddr *)address, sizeof *address) == 0;
    umask(mask);
    return bound;
}

static bool open_unix(const char *where, mode_t mode, Listener *listener, GError **error)
{
    const char *path = where + strlen("unix:");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (*path != '/' || strlen(path) >= sizeof address.sun_path)
        return refuse(error, where, "wanted unix:/PATH of at most 107 bytes");
    memcpy(address.sun_path, path, strlen(path) + 1);
    listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener->fd < 0 || !bind_unix(listener->fd, &address, mode))
        return error_errno(error, errno, "cannot listen on %s", where);
    listener->unix_path = g_strdup(path);
    listener->name = g_strdup(where);
    listener->loopback = true;
    return true;
}

/* --- TCP --------------------------------------------------------------------------------- */

/* "[::1]:8025" → "::1", "8025". */
static bool split(const char *where, char **host, char **port)
{
    const char *colon = strrchr(where, ':');
    if (!colon || colon == where || colon[1] == '\0')
        return false;
    gsize length = (gsize)(colon - where);
    bool bracketed = where[0] == '[' && colon[-1] == ']';
    if (!bracketed && memchr(where, ':', length))
        return false;
    *host = bracketed ? g_strndup(where + 1, length - 2) : g_strndup(where, length);
    *port = g_strdup(colon + 1);
    return strspn(*port, "0123456789") == strlen(*port) && strlen(*port) <= 5 &&
           g_ascii_strtoull(*port, NULL, 10) <= 65535;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
    return (ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24) == 127;
}

static char *name_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[NI_MAXHOST] = "", port[NI_MAXSERV] = "";
    getsockname(fd, (struct sockaddr *)&address, &length);
    getnameinfo((struct sockaddr *)&address, length, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    bool v6 = address.ss_family == AF_INET6;
    return g_strdup_printf("%s%s%s:%s", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

static bool bind_tcp(int fd, const struct addrinfo *found)
{
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(fd, found->ai_addr, found->ai_addrlen) == 0;
}

static bool open_tcp(const char *where, Listener *listener, GError **error)
{
    g_autofree char *host = NULL, *port = NULL;
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    if (!split(where, &host, &port))
        return refuse(error, where, "wanted HOST:PORT, [IPV6]:PORT or unix:/PATH");
    int code = getaddrinfo(host, port, &hints, &found);
    if (code != 0)
        return refuse(error, where, gai_strerror(code));
    listener->fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool bound = listener->fd >= 0 && bind_tcp(listener->fd, found);
    int saved = errno;
    listener->loopback = is_loopback(found->ai_addr);
    freeaddrinfo(found);
    if (!bound)
        return error_errno(error, saved, "cannot listen on %s", where);
    listener->name = name_of(listener->fd);
    return true;
}

bool listener_open(const char *where, mode_t mode, Listener **ret, GError **error)
{
    g_autoptr(Listener) listener = g_new0(Listener, 1);
    listener->fd = -1;
    bool opened = g_str_has_prefix(where, "unix:") ? open_unix(where, mode, listener, error)
                                                   : open_tcp(where, listener, error);
    if (!opened)
        return false;
    if (listen(listener->fd, SOMAXCONN) < 0)
        return error_errno(error, errno, "cannot listen on %s", where);
    *ret = g_steal_pointer(&listener);
    return true;
}

/* --- from systemd ------------------------------------------------------------------------ */

#define FIRST_INHERITED 3

/* sd_listen_fds(3): how many, starting at FIRST_INHERITED, if they are meant for us. */
static int count_inherited(void)
{
    const char *pid = g_getenv("LISTEN_PID"), *count = g_getenv("LISTEN_FDS");
    if (!pid || !count || g_ascii_strtoll(pid, NULL, 10) != getpid())
        return 0;
    return (int)CLAMP(g_ascii_strtoll(count, NULL, 10), 0, 64);
}

static bool adopt(int fd, GPtrArray *listeners, GError **error)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || !listening) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "descriptor %d, handed over as LISTEN_FDS says, is no listening socket",
                    fd);
        return false;
    }
    Listener *listener = g_new0(Listener, 1);
    listener->fd = fd;
    listener->loopback =
        address.ss_family == AF_UNIX || is_loopback((struct sockaddr *)&address);
    listener->name =
        address.ss_family == AF_UNIX
            ? g_strdup_printf("unix:%.*s",
                              (int)sizeof((struct sockaddr_un *)&address)->sun_path,
                              ((struct sockaddr_un *)&address)->sun_path)
            : name_of(fd);
    g_ptr_array_add(listeners, listener);
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
           fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0;
}

bool listeners_inherit(GPtrArray *listeners, GError **error)
{
    int count = count_inherited();
    g_unsetenv("LISTEN_PID");
    g_unsetenv("LISTEN_FDS");
    for (int i = 0; i < count; i++)
        if (!adopt(FIRST_INHERITED + i, listeners, error))
            return false;
    return true;
}
