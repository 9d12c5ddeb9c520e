/* Invitations: what an iCalendar object (RFC 5545, RFC 5546) says, as lines to be read. */
#pragma once

#include <glib.h>

/* Clean UTF-8 lines for the first event of `ics` (UTF-8, any line ends): what is asked or
 * answered, what, when, where, by whom; each only if it is there. French if the calendar says
 * that it is, else English. Times are as written, with the time zone's name beside them. NULL:
 * no event, an event without a start, or one that `beside`, the text it came with, tells of:
 * its name and its year stand there. */
char *calendar_to_text(const char *ics, gsize length, const char *beside);
