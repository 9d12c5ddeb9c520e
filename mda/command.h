/* One command line of LMTP, understood (RFC 2033; RFC 5321 section 4.1, with the parameters of
 * RFC 1870, 6152 and 6531, BDAT of RFC 3030, and Postfix's XFORWARD).
 *
 * Nothing here knows a connection: a line goes in, a command or the answer it deserves comes
 * out. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    COMMAND_LHLO,
    COMMAND_MAIL,
    COMMAND_RCPT,
    COMMAND_DATA,
    COMMAND_BDAT,
    COMMAND_RSET,
    COMMAND_NOOP,
    COMMAND_VRFY,
    COMMAND_QUIT,
    COMMAND_XFORWARD,
    COMMAND_WRONG, /* see `answer` */
} CommandVerb;

typedef struct {
    CommandVerb verb;
    const char *answer; /* COMMAND_WRONG: static text, code first, no line end */
    char *address;      /* MAIL ("" is the null sender), RCPT: without <>, as it was written */
    guint64 size;       /* MAIL: SIZE, 0 none; BDAT: the chunk's */
    bool last;          /* BDAT: LAST */
    char *ident;        /* XFORWARD: IDENT, "" when not available */
} Command;

/* `line` without its CRLF, any bytes. */
void command_parse(const char *line, gsize length, Command *ret);
void command_clear(Command *command);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Command, command_clear)
