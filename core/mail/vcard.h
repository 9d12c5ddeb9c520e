/* Visiting cards (RFC 6350, and vCard 2.1 and 3.0 before it) as lines to be read. */
#pragma once

#include <glib.h>

/* Clean UTF-8: who, what for, how to reach; a blank line between cards. `cards` is UTF-8 with
 * any line ends. NULL: there is nothing to say. */
char *vcard_to_text(const char *cards, gsize length);
