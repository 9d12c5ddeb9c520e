/* mailwicket init: data directory, key file, database. Safe to repeat: what exists is left. */
#include "core/base/error.h"
#include "core/base/owner.h"
#include "core/base/secret.h"
#include "ctl/ctl.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whom new files belong to: --user, else the user mailwicket if root runs this, else whoever
 * runs this. Root's own files would be no use to a gateway that must not run as root. */
static bool find_user(const char *wish, struct passwd **ret, GError **error)
{
    *ret = NULL;
    if (wish || geteuid() == 0)
        *ret = getpwnam(wish ? wish : "mailwicket");
    if (*ret || !(wish || geteuid() == 0))
        return true;
    const char *name = wish ? wish : "mailwicket";
    g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                "there is no user %s: make one with `adduser --system --group --no-create-home "
                "%s`, or name another with --user",
                name, name);
    return false;
}

static bool give(const char *path, const struct passwd *user, GError **error)
{
    if (user && chown(path, user->pw_uid, user->pw_gid) != 0)
        return error_errno(error, errno, "giving %s to %s", path, user->pw_name);
    return true;
}

static bool make_directory(const char *path, const struct passwd *user, int mode,
                           GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    g_autofree char *parent = g_path_get_dirname(path);
    if (!make_directory(parent, NULL, 0755, error))
        return false;
    if (mkdir(path, (mode_t)mode) != 0)
        return error_errno(error, errno, "making %s", path);
    return give(path, user, error);
}

static bool make_key(const char *path, const struct passwd *user, GError **error)
{
    g_autofree char *dir = g_path_get_dirname(path);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return true;
    return make_directory(dir, user, 0750, error) && keyring_create(path, error) &&
           give(path, user, error);
}

static bool set_up(const Config *config, const char *wish, GError **error)
{
    struct passwd *user = NULL;
    const char *dir = config->site.data_dir;
    struct stat status;
    g_autoptr(Keyring) ring = NULL;
    g_autoptr(Store) store = NULL;

    /* A directory that stands already says whose the gateway is. */
    if (!wish && stat(dir, &status) == 0)
        user = getpwuid(status.st_uid);
    else if (!find_user(wish, &user, error))
        return false;
    if (geteuid() != 0)
        user = NULL;
    return make_directory(dir, user, 0750, error) &&
           make_key(config->site.key_file, user, error) && owner_become(dir, error) &&
           keyring_load(config->site.key_file, &ring, error) &&
           store_open(dir, STORE_CREATE, &store, error);
}

int cmd_init(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *user = NULL;
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    const GOptionEntry entries[] = {{"user", 0, 0, G_OPTION_ARG_FILENAME, &user,
                                     "who the gateway runs as (root only)", "NAME"},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 0, 0, argc, argv, &words, &status))
        return status;
    if (!ctl_open_config(ctl, &status))
        return status;
    if (!set_up(ctl->config, user, &error))
        return ctl_fail(error);
    printf("ready: %s, key in %s\n", ctl->config->site.data_dir, ctl->config->site.key_file);
    puts("next: mailwicket queue add support --address support@YOUR.DOMAIN --prefix SUP");
    return STATUS_DONE;
}
