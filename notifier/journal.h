/* The notifier's log: lines on standard error, or in the journal when that is where standard
 * error goes (then with facility mail, beside Postfix's lines).
 *
 * Ids only: no address, no subject, no word of a mail, nor what another server said of it. The
 * outbox has those, for those who may read it. */
#pragma once

#include <glib.h>

void journal_note(const char *format, ...) G_GNUC_PRINTF(1, 2);
void journal_warn(const char *format, ...) G_GNUC_PRINTF(1, 2);
