/* What a mail that answers commands says: each line with what came of it, the words that were
 * not published, and what was asked for. */
#pragma once

#include "core/base/template.h"
#include "core/desk/desk.h"
#include "schema/outbox.h"
#include "schema/people.h"
#include "schema/runs.h"

/* Run row->run. ERROR_CORRUPT when there is none. */
bool notice_answer_load(Desk *desk, const OutboxRow *row, Run **ret, GError **error);
/* Adds to `data` what `run` came to, for `reader`, whose own address for commands is `mail_to`.
 */
bool notice_answer_add(Desk *desk, const Run *run, const Person *reader, const char *mail_to,
                       TemplateData *data, GError **error);
