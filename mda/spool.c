/* Copying standard input to where it can be read twice. Not synced: until the database commits,
 * the mail is still the sending server's. */
#include "mda/spool.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define BLOCK (64 * 1024)

static int open_nameless(const char *dir)
{
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
        return fd;
    /* A file system without nameless files. */
    g_autofree char *name = g_build_filename(dir, "spool.XXXXXX", NULL);
    fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0)
        unlink(name);
    return fd;
}

static bool write_all(int fd, const guint8 *bytes, gsize length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        length -= (gsize)n;
    }
    return true;
}

bool spool_copy(int in, const char *dir, int *ret_fd, guint64 *ret_size, GError **error)
{
    g_autofree guint8 *block = g_malloc(BLOCK);
    guint64 size = 0;
    int fd = open_nameless(dir);
    if (fd < 0)
        return error_errno(error, errno, "making a spool file in %s", dir);
    for (;;) {
        ssize_t n = read(in, block, BLOCK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            break;
        if (n < 0 || !write_all(fd, block, (gsize)n)) {
            int saved = errno;
            close(fd);
            return error_errno(error, saved, n < 0 ? "reading the mail" : "spooling the mail");
        }
        size += (guint64)n;
    }
    *ret_fd = fd;
    *ret_size = size;
    return true;
}
