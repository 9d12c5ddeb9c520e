/* Opening and closing what the rooms of the desk share. */
#include "core/desk/desk.h"

#include "core/base/wake.h"
#include "core/mail/spam.h"

bool desk_open(const Config *config, Desk **ret, GError **error)
{
    g_autoptr(Desk) desk = g_new0(Desk, 1);
    g_autoptr(SpamRule) spam = NULL;
    desk->config = config;
    /* A pattern that cannot be used is told by whatever program starts first. */
    if (!spam_rule_new(config, &spam, error) ||
        !keyring_load(config->site.key_file, &desk->ring, error) ||
        !store_open(config->site.data_dir, STORE_READ_WRITE, &desk->store, error))
        return false;
    *ret = g_steal_pointer(&desk);
    return true;
}

void desk_close(Desk *desk)
{
    if (!desk)
        return;
    g_clear_pointer(&desk->store, store_close);
    g_clear_pointer(&desk->ring, keyring_free);
    g_free(desk);
}

bool desk_commit(Desk *desk, GError **error)
{
    if (!store_commit(desk->store, error))
        return false;
    wake_send(desk->config->site.data_dir);
    return true;
}
