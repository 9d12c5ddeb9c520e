/* Memory first, then a file. */
#include "mda/spool.h"

#include "core/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define BLOCK (64 * 1024)
#define MEMORY_BYTES (256 * 1024)

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

static bool open_file(const char *dir, int *ret_fd, GError **error)
{
    int fd = open_nameless(dir);
    if (fd < 0)
        return error_errno(error, errno, "making a spool file in %s", dir);
    *ret_fd = fd;
    return true;
}

bool spool_open(Spool *spool, const char *dir, GError **error)
{
    *spool = (Spool){.fd = memfd_create("mail", MFD_CLOEXEC), .dir = dir};
    spool->in_memory = spool->fd >= 0;
    return spool->in_memory || open_file(dir, &spool->fd, error);
}

void spool_close(Spool *spool)
{
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = -1;
}

static bool copy_all(int from, int to, guint64 size)
{
    off_t offset = 0;
    while ((guint64)offset < size) {
        ssize_t n = sendfile(to, from, &offset, (size_t)(size - (guint64)offset));
        if (n <= 0 && errno != EINTR)
            return false;
    }
    return true;
}

static bool move_to_file(Spool *spool, GError **error)
{
    int fd = -1;
    if (!open_file(spool->dir, &fd, error))
        return false;
    if (!copy_all(spool->fd, fd, spool->size)) {
        int saved = errno;
        close(fd);
        return error_errno(error, saved, "spooling the mail");
    }
    close(spool->fd);
    spool->fd = fd;
    spool->in_memory = false;
    return true;
}

bool spool_append(Spool *spool, const void *bytes, gsize length, GError **error)
{
    if (spool->in_memory && spool->size + length > MEMORY_BYTES && !move_to_file(spool, error))
        return false;
    for (const guint8 *at = bytes; length > 0;) {
        ssize_t n = write(spool->fd, at, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(error, errno, "spooling the mail");
        at += n;
        length -= (gsize)n;
        spool->size += (guint64)n;
    }
    return true;
}

bool spool_copy(Spool *spool, int in, GError **error)
{
    g_autofree guint8 *block = g_malloc(BLOCK);
    ssize_t n;
    while ((n = read(in, block, BLOCK)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_errno(error, errno, "reading the mail");
        if (!spool_append(spool, block, (gsize)n, error))
            return false;
    }
    return true;
}
