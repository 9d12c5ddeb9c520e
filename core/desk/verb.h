/* The verbs that people write in mails. One table is the source of the parser, of the help mail
 * and of mailwicket-commands(7), in both languages. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    VERB_STATUS,
    VERB_OPEN,
    VERB_PROGRESS,
    VERB_WAITING,
    VERB_RESOLVE,
    VERB_CLOSE,
    VERB_CANCEL,
    VERB_REOPEN,
    VERB_SPAM,
    VERB_TAKE,
    VERB_ASSIGN,
    VERB_QUEUE,
    VERB_CC,
    VERB_REQUESTER,
    VERB_FORWARD,
    VERB_TITLE,
    VERB_PRIORITY,
    VERB_TYPE,
    VERB_TAG,
    VERB_DUE,
    VERB_NOTE,
    VERB_QUIET,
    VERB_MERGE,
    VERB_SPLIT,
    VERB_LINK,
    VERB_DEPENDS,
    VERB_DUPLICATE,
    VERB_ACCEPT,
    VERB_DROP,
    VERB_AMEND,
    VERB_REDACT,
    VERB_DELETE,
    VERB_RESTORE,
    VERB_UNDO,
    VERB_LIST,
    VERB_TRASH,
    VERB_SHOW,
    VERB_FIND,
    VERB_HISTORY,
    VERB_TRANSCRIPT,
    VERB_RATE,
    VERB_MUTE,
    VERB_UNMUTE,
    VERB_HELP,
} VerbId;

typedef enum {
    VERB_FOR_AGENT = 1,     /* people on the desk */
    VERB_FOR_ADMIN = 2,     /* admins alone */
    VERB_FOR_REQUESTER = 4, /* proven requesters and watchers */
    VERB_ASKS = 8,          /* changes nothing and is answered to its sender */
    VERB_INSIDE = 16,       /* stays inside the house: the domain's proof is enough */
    VERB_DESTROYS = 32,     /* asks for a confirmation first */
    VERB_NO_TICKET = 64,    /* makes sense without a ticket */
} VerbFlags;

#define VERB_SPELLINGS 6

typedef struct {
    VerbId id;
    guint flags;
    const char *name[2];              /* English, French; lower case, with accents */
    const char *also[VERB_SPELLINGS]; /* other spellings, NULL-terminated unless full */
    const char *arguments[2];         /* "[until WHEN]"; "" none */
    const char *help[2];              /* one sentence */
    const char *undo[2];              /* what undo does; "" there is none */
} Verb;

extern const Verb verb_table[];
extern const guint verb_count;

/* By any spelling, case and accents aside; NULL: unknown. */
const Verb *verb_find(const char *word);
/* The one that is spelled most nearly so, NULL: none is near. */
const Verb *verb_nearest(const char *word);
/* "fermer"; `french` else English. */
const char *verb_name(const Verb *verb, bool french);
