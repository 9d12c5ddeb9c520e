/* The lines by which mail programs set off an earlier mail that follows whole: "-----Original
 * Message-----" and "Begin forwarded message:", by a table of phrases of many languages. */
#pragma once

#include <glib.h>

typedef enum {
    MARK_NONE,
    MARK_ORIGINAL, /* an earlier mail follows */
    MARK_FORWARD,  /* what the mail is about follows */
} MarkKind;

/* Of a line without quote marks. Cheap for lines that neither begin like a rule nor end in a
 * colon; a line over 200 bytes is none. */
MarkKind mark_of_line(const char *line, gsize length);
