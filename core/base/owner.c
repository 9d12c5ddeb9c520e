/* Giving up root for the owner of a folder; group and supplementary groups first. */
#include "core/base/owner.h"

#include "core/base/error.h"

#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

bool owner_become(const char *dir, GError **error)
{
    struct stat status;
    if (geteuid() != 0)
        return true;
    if (stat(dir, &status) != 0) {
        if (errno != ENOENT)
            return error_errno(error, errno, "looking at %s", dir);
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "there is no data directory %s: run `mailwicket init` first", dir);
        return false;
    }
    if (status.st_uid == 0)
        return true;
    if (setgroups(0, NULL) != 0 || setgid(status.st_gid) != 0 || setuid(status.st_uid) != 0)
        return error_errno(error, errno, "becoming the owner of %s", dir);
    return true;
}
