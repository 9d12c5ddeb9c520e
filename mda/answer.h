/* What became of a delivery, told to those who wait for it: as an exit status to pipe(8), as a
 * reply to an LMTP client, as a line to the log.
 *
 * Only a Refusal may become a permanent no; whatever else went wrong means "keep the mail". */
#pragma once

#include "core/desk/deliver.h"

/* Of sysexits.h: 0, 65, 67. */
int answer_exit_status(const Outcome *outcome);
/* One line, code first, no line end. `outcome` NULL: it failed for `error`, whose words are for
 * the log and not for the other side. Owned by the caller. */
char *answer_reply(const Outcome *outcome, const GError *error);
/* The exit status that stands for a reply of answer_reply; 75 for everything else. */
int answer_status_of_reply(const char *reply);
/* Ids only, never an address or a subject. */
void answer_log(const char *queue_id, const Outcome *outcome, const GError *error);
