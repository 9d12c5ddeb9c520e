/* The buttons of a mail: mailto: links to its reader's own reply address, with a command in the
 * body, so that nothing needs to be typed. A list gets none: it has no address of its own. */
#pragma once

#include "core/base/template.h"
#include "core/desk/notice_facts.h"

/* Adds them to `data` as "buttons" {label, url, primary}; `reply_to`: where answers go. */
void notice_buttons_add(TemplateData *data, const NoticeFacts *facts, const char *reply_to);
