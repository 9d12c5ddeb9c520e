/* A VFS in front of the usual one. Only the log is wrapped; other files are opened by the usual
 * one as if this were not there.
 *
 * What has gathered is one run of bytes. Whatever does not continue it, any reading that
 * touches it, and every other operation on the file writes it out first. A failure to write is
 * the failure of the operation that made it necessary, the sync as a rule, and what had
 * gathered is dropped: SQLite takes none of it as written then. */
#include "schema/wal_buffer.h"

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>

/* The usual VFS writes less than 128 KiB at once. */
#define BUFFER_BYTES (127 * 1024)

typedef struct {
    sqlite3_file base;
    sqlite3_file *real; /* in the same allocation, behind this */
    guint8 *bytes;      /* BUFFER_BYTES, from the first write on */
    sqlite3_int64 offset;
    int used;
} Log;

static sqlite3_vfs *usual;

static int write_out(Log *log)
{
    int used = log->used;
    log->used = 0;
    return used > 0 ? log->real->pMethods->xWrite(log->real, log->bytes, used, log->offset)
                    : SQLITE_OK;
}

/* --- methods of a log -------------------------------------------------------------------- */

static int log_close(sqlite3_file *file)
{
    Log *log = (Log *)file;
    int wrote = write_out(log);
    int closed = log->real->pMethods->xClose(log->real);
    g_clear_pointer(&log->bytes, g_free);
    return wrote != SQLITE_OK ? wrote : closed;
}

static int log_read(sqlite3_file *file, void *out, int length, sqlite3_int64 offset)
{
    Log *log = (Log *)file;
    bool touches = offset < log->offset + log->used && offset + length > log->offset;
    int code = touches ? write_out(log) : SQLITE_OK;
    return code != SQLITE_OK ? code
                             : log->real->pMethods->xRead(log->real, out, length, offset);
}

static int log_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    Log *log = (Log *)file;
    bool continues = log->used > 0 && offset == log->offset + log->used &&
                     length <= BUFFER_BYTES - log->used;
    int code = continues ? SQLITE_OK : write_out(log);
    if (code != SQLITE_OK)
        return code;
    if (length > BUFFER_BYTES)
        return log->real->pMethods->xWrite(log->real, bytes, length, offset);
    if (!log->bytes)
        log->bytes = g_malloc(BUFFER_BYTES);
    if (log->used == 0)
        log->offset = offset;
    memcpy(log->bytes + log->used, bytes, (gsize)length);
    log->used += length;
    return SQLITE_OK;
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    Log *log = (Log *)file;
    int code = write_out(log);
    return code != SQLITE_OK ? code : log->real->pMethods->xTruncate(log->real, size);
}

static int log_sync(sqlite3_file *file, int flags)
{
    Log *log = (Log *)file;
    int code = write_out(log);
    return code != SQLITE_OK ? code : log->real->pMethods->xSync(log->real, flags);
}

static int log_file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    Log *log = (Log *)file;
    int code = write_out(log);
    return code != SQLITE_OK ? code : log->real->pMethods->xFileSize(log->real, ret);
}

static int log_lock(sqlite3_file *file, int level)
{
    Log *log = (Log *)file;
    return log->real->pMethods->xLock(log->real, level);
}

static int log_unlock(sqlite3_file *file, int level)
{
    Log *log = (Log *)file;
    return log->real->pMethods->xUnlock(log->real, level);
}

static int log_check_reserved_lock(sqlite3_file *file, int *ret)
{
    Log *log = (Log *)file;
    return log->real->pMethods->xCheckReservedLock(log->real, ret);
}

static int log_file_control(sqlite3_file *file, int what, void *argument)
{
    Log *log = (Log *)file;
    int code = write_out(log);
    return code != SQLITE_OK ? code
                             : log->real->pMethods->xFileControl(log->real, what, argument);
}

static int log_sector_size(sqlite3_file *file)
{
    Log *log = (Log *)file;
    return log->real->pMethods->xSectorSize(log->real);
}

static int log_device_characteristics(sqlite3_file *file)
{
    Log *log = (Log *)file;
    return log->real->pMethods->xDeviceCharacteristics(log->real);
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_file_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_reserved_lock,
    .xFileControl = log_file_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_device_characteristics,
};

/* --- the VFS ----------------------------------------------------------------------------- */

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                     int *ret_flags)
{
    if (!(flags & SQLITE_OPEN_WAL))
        return usual->xOpen(usual, name, file, flags, ret_flags);
    Log *log = (Log *)file;
    memset(log, 0, sizeof *log);
    log->real = (sqlite3_file *)(log + 1);
    int code = usual->xOpen(usual, name, log->real, flags, ret_flags);
    /* Without methods SQLite does not close it. */
    if (log->real->pMethods)
        log->base.pMethods = &log_methods;
    return code;
}

const char *wal_buffer_register(void)
{
    static sqlite3_vfs vfs;
    usual = sqlite3_vfs_find(NULL);
    if (!usual)
        return NULL;
    /* Its functions are given the usual one's data, which is all that they look at. */
    vfs = *usual;
    vfs.zName = "wal-buffer";
    vfs.szOsFile = (int)sizeof(Log) + usual->szOsFile;
    vfs.pNext = NULL;
    vfs.xOpen = open_file;
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK ? vfs.zName : NULL;
}
