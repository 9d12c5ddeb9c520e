/* What a mail that answers commands says: each line with what came of it, the words that were
 * not published, and what was asked for. */
#pragma once

#include "core/base/template.h"
#include "core/desk/notice_facts.h"

/* Adds to `data` what run facts->row->run came to. */
bool notice_answer_add(Desk *desk, const NoticeFacts *facts, TemplateData *data,
                       GError **error);
