/* Lines that mail programs and people put below what they wrote. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* "Sent from my iPhone", "Get Outlook for iOS" and kin, in many languages. Lines over 300 bytes
 * are none. */
bool footer_is_program(const char *line, gsize length);
/* "-- ": a signature follows, however long. */
bool footer_is_mark(const char *line, gsize length);
/* "___", "-----", "—": a signature may follow, if it is short. */
bool footer_is_rule(const char *line, gsize length);
