/* Opening what the configuration names. Nothing is sent or written here; what cannot be opened
 * is told as config_load, templates_load, transport_open and desk_open tell it. */
#include "notifier/setup.h"

#include "core/base/owner.h"
#include "core/desk/notice.h"
#include "core/desk/notify.h"

/* Every kind of notice names a mail. */
static bool load_templates(const Config *config, Templates **ret, GError **error)
{
    const char *mails[NOTICE_KINDS + 1] = {NULL};
    for (int kind = 0; kind < NOTICE_KINDS; kind++)
        mails[kind] = notice_kind_name((NoticeKind)kind);
    return templates_load(builtin_templates, config->mail.template_dir, notice_template_names,
                          mails, ret, error);
}

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
        !load_templates(setup->config, &setup->templates, error) ||
        !desk_open(setup->config, &setup->desk, error) ||
        !transport_open(setup->config, &setup->transport, error))
        return false;
    *ret = g_steal_pointer(&setup);
    return true;
}
