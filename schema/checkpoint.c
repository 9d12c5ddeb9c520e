/* Moving the write-ahead log into the database file.
 *
 * SQLite offers no way to ask how full the log is without working on it, and the file's size
 * says nothing once the log has started over: it is kept, because overwriting is cheaper than
 * growing. So its headers are read (https://www.sqlite.org/walformat.html): frames of the
 * present round carry the salts of the file's header and stand before all others. No lock
 * of SQLite's lies on this file, so opening and closing it drops none.
 *
 * RESTART mode waits a moment for readers of old frames; if one stays, as much as can be is
 * moved and the rest waits for the next time. */
#include "schema/store.h"

#include "core/base/error.h"
#include "schema/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_DEADLINE_MS 30000
/* Deliveries wait for the lock meanwhile. */
#define READERS_PATIENCE (G_USEC_PER_SEC / 4)

#define HEADER_BYTES 32
#define HEADER_PAGE_SIZE 8
#define HEADER_SALTS 16
#define FRAME_HEADER_BYTES 24
#define FRAME_SALTS 8
#define SALTS_BYTES 8

static bool read_at(int fd, void *out, gsize length, goffset offset)
{
    return pread(fd, out, length, offset) == (gssize)length;
}

/* Bytes in front of which every frame belongs to the present round; 0 for an unused log. */
static gint64 used_bytes(int fd, gint64 size)
{
    guint8 header[HEADER_BYTES], salts[SALTS_BYTES];
    if (!read_at(fd, header, sizeof header, 0))
        return 0;
    guint32 page_size;
    memcpy(&page_size, header + HEADER_PAGE_SIZE, sizeof page_size);
    page_size = GUINT32_FROM_BE(page_size);
    if (page_size < 512 || page_size > 65536)
        return 0;
    gint64 frame = FRAME_HEADER_BYTES + (gint64)page_size;
    gint64 low = 0,
           high = (size - HEADER_BYTES) / frame; /* frames: low are ours, high + 1 not */
    while (low < high) {
        gint64 middle = low + (high - low + 1) / 2;
        bool ours = read_at(fd, salts, sizeof salts,
                            HEADER_BYTES + (middle - 1) * frame + FRAME_SALTS) &&
                    memcmp(salts, header + HEADER_SALTS, sizeof salts) == 0;
        if (ours)
            low = middle;
        else
            high = middle - 1;
    }
    return low ? HEADER_BYTES + low * frame : 0;
}

bool store_wal_bytes(Store *store, gint64 *ret, GError **error)
{
    g_autofree char *path = g_strconcat(store->path, "-wal", NULL);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        *ret = 0;
        return true;
    }
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        int saved = errno;
        if (fd >= 0)
            close(fd);
        return error_errno(error, saved, "%s", path);
    }
    *ret = used_bytes(fd, st.st_size);
    close(fd);
    return true;
}

static bool checkpoint_locked(Store *store, GError **error)
{
    gint64 patience = store->patience;
    store->patience = READERS_PATIENCE;
    int code =
        sqlite3_wal_checkpoint_v2(store->db, "main", SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    store->patience = patience;
    return code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY || store_fail(store, code, error);
}

bool store_checkpoint(Store *store, gint64 wal_bytes, gint64 *ret_wal_bytes, GError **error)
{
    g_assert(store->lock && !store->writing && sqlite3_get_autocommit(store->db));
    gint64 used = 0;
    if (!store_wal_bytes(store, &used, error))
        return false;
    if (used > wal_bytes) {
        if (!file_lock_take(store->lock, LOCK_DEADLINE_MS, error))
            return false;
        bool done = checkpoint_locked(store, error);
        file_lock_drop(store->lock);
        if (!done)
            return false;
    }
    if (ret_wal_bytes)
        *ret_wal_bytes = used;
    return true;
}
