/* Searching tickets by words, by ticket id, and by the requester's address. Writes nothing. */
#pragma once

#include "core/desk/desk.h"
#include "schema/messages.h"
#include "schema/people.h"
#include "schema/tickets.h"

#define FINDING_TICKETS 50
#define FINDING_WORDS 16
#define FINDING_BYTES 1000

/* A ticket, by the newest of its messages that has the words; or a mail held outside any. */
typedef struct {
    Ticket *ticket;        /* NULL: held outside any ticket */
    gint64 message;        /* 0: found by its id or its requester alone */
    Visibility visibility; /* of the message; never dropped */
    char *title;           /* of the ticket, else the mail's subject */
    char *author;          /* of the message: name, else address; "" without one */
    gint64 at;             /* when it came; without one, when the ticket last changed */
    char *snippet; /* one line of what was written around a word, "…" where it is cut */
} Found;

typedef struct {
    GPtrArray
        *found; /* Found *, the latest first; the ticket whose id was asked for before all */
    bool full;  /* FINDING_TICKETS: there may be older ones */
    bool beginnings; /* false: too many words begin so; see search.h */
} Finding;

void finding_free(Finding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Finding, finding_free)

/* `words`: as a person writes them. All of them must be there, each as a word or the beginning
 * of one, without regard to case and accents; nothing in them is an operator. A text without
 * any word, and one past FINDING_WORDS or FINDING_BYTES, is ERROR_REJECTED and says so.
 *
 * `reader`: who asks, somebody on the desk (else ERROR_REJECTED); NULL: the admin's command
 * line. Technicians who serve queues find only what is in these; admins, and those who serve
 * none, all of it. */
bool finding_search(Desk *desk, const Person *reader, const char *words, Finding **ret,
                    GError **error);
