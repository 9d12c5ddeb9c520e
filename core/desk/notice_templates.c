/* Which names templates may use, and which templates there must be. */
#include "core/desk/notice_templates.h"

#include "core/desk/notice.h"
#include "core/desk/notify.h"
#include "core/desk/transcript.h"

static void add_names(GPtrArray *all, const char *const *names)
{
    for (; *names; names++)
        g_ptr_array_add(all, (char *)*names);
}

/* One set for mails and documents: they share partials. */
static GPtrArray *all_names(void)
{
    GPtrArray *all = g_ptr_array_new();
    add_names(all, notice_template_names);
    add_names(all, transcript_template_names);
    g_ptr_array_add(all, NULL);
    return all;
}

bool notice_templates_load(const Config *config, const BuiltinTemplate *builtin,
                           Templates **ret, GError **error)
{
    g_autoptr(GPtrArray) names = all_names();
    const char *mails[NOTICE_KINDS + 1] = {NULL};
    for (int kind = 0; kind < NOTICE_KINDS; kind++)
        mails[kind] = notice_kind_name((NoticeKind)kind);
    return templates_load(builtin, config->mail.template_dir, (const char *const *)names->pdata,
                          mails, ret, error);
}
