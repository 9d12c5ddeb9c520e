/* Catching a note on its way to a customer: an answer that quotes the desk's internal words. */
#pragma once

#include "core/desk/desk.h"
#include "schema/tickets.h"

/* Does `reply`, meant for the public, repeat a line of one of the ticket's notes or held
 * mails? Quote marks, case and spacing do not matter; lines under 16 characters do not count.
 */
bool leak_quotes_note(Desk *desk, const Ticket *ticket, const char *reply, bool *ret,
                      GError **error);
