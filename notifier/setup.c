/* Opening what the configuration names. Nothing is sent or written here; what cannot be opened
 * is told as config_load, templates_load, transport_open and desk_open tell it. */
#include "notifier/setup.h"

#include "core/base/owner.h"
#include "core/desk/notice_templates.h"

void setup_close(Setup *setup)
{
    if (!setup)
        return;
    g_clear_pointer(&setup->desk, desk_close);
    g_clear_pointer(&setup->transport, transport_free);
    g_clear_pointer(&setup->templates, templates_free);
    g_clear_pointer(&setup->config, config_free);
    g_free(setup);
}

bool setup_open(const char *config_file, Setup **ret, GError **error)
{
    g_autoptr(Setup) setup = g_new0(Setup, 1);
    if (!config_load(config_file, &setup->config, error) ||
        !owner_become(setup->config->site.data_dir, error) ||
        !notice_templates_load(setup->config, builtin_templates, &setup->templates, error) ||
        !desk_open(setup->config, &setup->desk, error) ||
        !transport_open(setup->config, &setup->transport, error))
        return false;
    *ret = g_steal_pointer(&setup);
    return true;
}
