/* One store a thread, in thread-local storage: SQLite connections are not shared, and the
 * threads are libmicrohttpd's. The threads' exit releases them. */
#include "webview/reading.h"

#include "core/base/error.h"

#include <errno.h>
#include <sys/stat.h>

static void release(void *reading)
{
    reading_unref(reading);
}

static GPrivate mine = G_PRIVATE_INIT(release);

static void clear(void *data)
{
    Reading *reading = data;
    page_cache_free(reading->pages);
    store_close(reading->store);
}

Reading *reading_ref(Reading *reading)
{
    return g_atomic_rc_box_acquire(reading);
}

void reading_unref(Reading *reading)
{
    g_atomic_rc_box_release_full(reading, clear);
}

void reading_forget(void)
{
    g_private_replace(&mine, NULL);
}

static bool open_store(const char *data_dir, const struct stat *file, Reading **ret,
                       GError **error)
{
    g_autoptr(Store) store = NULL;
    if (!store_open(data_dir, STORE_READ_ONLY, &store, error))
        return false;
    Reading *reading = g_atomic_rc_box_new0(Reading);
    reading->store = g_steal_pointer(&store);
    reading->pages = page_cache_new();
    reading->device = file->st_dev;
    reading->inode = file->st_ino;
    g_private_replace(&mine, reading);
    *ret = reading;
    return true;
}

bool reading_get(const char *data_dir, Reading **ret, GError **error)
{
    struct stat file;
    g_autofree char *path = g_build_filename(data_dir, "mailwicket.db", NULL);
    if (stat(path, &file) < 0) {
        reading_forget();
        return error_errno(error, errno, "cannot find %s", path);
    }
    Reading *reading = g_private_get(&mine);
    if (reading && reading->device == file.st_dev && reading->inode == file.st_ino) {
        *ret = reading;
        return true;
    }
    reading_forget();
    return open_store(data_dir, &file, ret, error);
}
