/* The templates of everything the desk writes, checked as a set. */
#pragma once

#include "core/base/config.h"
#include "core/base/template-set.h"

/* `builtin`, and the admin's folder (template_dir) over it. Every kind of notice names a mail,
 * which every language must have. Errors as of templates_load. */
bool notice_templates_load(const Config *config, const BuiltinTemplate *builtin,
                           Templates **ret, GError **error);
