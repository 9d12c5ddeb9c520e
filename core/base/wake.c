/* The wake-up datagram: no content, no answer. The sender must never wait or fail for it, since
 * by then its mail is committed; a lost one costs the notifier's poll interval. */
#include "core/base/wake.h"

#include "core/base/error.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_NAME "notifier.sock"
/* A flood of wake-ups must not keep the notifier from its work. */
#define SWALLOW_MAX 1000

static bool fill_address(const char *data_dir, struct sockaddr_un *address)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    int length =
        g_snprintf(address->sun_path, sizeof address->sun_path, "%s/" SOCKET_NAME, data_dir);
    return length < (int)sizeof address->sun_path;
}

static int open_socket(void)
{
    return socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

void wake_send(const char *data_dir)
{
    struct sockaddr_un address;
    if (!fill_address(data_dir, &address))
        return;
    int fd = open_socket();
    if (fd < 0)
        return;
    sendto(fd, "", 0, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
    close(fd);
}

static bool is_socket(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

bool wake_listen(const char *data_dir, int *ret_fd, GError **error)
{
    struct sockaddr_un address;
    if (!fill_address(data_dir, &address)) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "%s: too long a path for a socket in it (at most %d bytes)", data_dir,
                    (int)(sizeof address.sun_path - sizeof "/" SOCKET_NAME));
        return false;
    }
    int fd = open_socket();
    if (fd < 0)
        return error_errno(error, errno, "socket");
    if (is_socket(address.sun_path))
        unlink(address.sun_path);
    /* Group writable: those who deliver mail wake us. */
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(address.sun_path, 0660) != 0) {
        error_errno(error, errno, "%s", address.sun_path);
        close(fd);
        return false;
    }
    *ret_fd = fd;
    return true;
}

bool wake_wait(int fd, int timeout_ms)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    /* A signal ends the wait: the caller looks at what it was. */
    if (poll(&wait, 1, timeout_ms) <= 0)
        return false;
    char byte;
    bool woken = false;
    for (int i = 0; i < SWALLOW_MAX && recv(fd, &byte, sizeof byte, 0) >= 0; i++)
        woken = true;
    return woken;
}
