/* The lines by which mail programs set off what is not the sender's own, now written text.
 *
 * A table of marks, one row a form and language; a further language is further rows. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    MARK_ATTRIBUTION, /* "On … wrote:": a quote follows */
    MARK_ORIGINAL,    /* "-----Original Message-----": an earlier mail follows */
    MARK_FORWARD,     /* "Begin forwarded message:": what the mail is about follows */
    MARK_FOOTER,      /* "Sent from my iPhone" */
} MarkKind;

/* Does a row of that kind match the line? Cheap for the lines that begin or end unlike any. A
 * line over 2 KB matches nothing. */
bool mark_matches(MarkKind kind, const char *line, gsize length);
/* The same for rows that need no other line above them to be whole: "Ann <a@b> wrote:". */
bool mark_is_short_attribution(const char *line, gsize length);

/* Fields of the little header that Outlook and its kin put above the mail they answer. */
typedef enum {
    MARK_FROM = 1,
    MARK_DATE = 2,
    MARK_TO = 4,
    MARK_SUBJECT = 8,
    MARK_OTHER = 16,
} MarkField;
/* The field that a line like "*De :* Ann" gives, or 0. */
int mark_field(const char *line, gsize length);
