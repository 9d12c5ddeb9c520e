/* Which names templates may use, and which templates there must be. */
#include "core/desk/notice_templates.h"

#include "core/desk/notice.h"
#include "core/desk/notify.h"

bool notice_templates_load(const Config *config, const BuiltinTemplate *builtin,
                           Templates **ret, GError **error)
{
    const char *mails[NOTICE_KINDS + 1] = {NULL};
    for (int kind = 0; kind < NOTICE_KINDS; kind++)
        mails[kind] = notice_kind_name((NoticeKind)kind);
    return templates_load(builtin, config->mail.template_dir, notice_template_names, mails, ret,
                          error);
}
