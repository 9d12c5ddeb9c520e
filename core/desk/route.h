/* Which queue and which ticket a mail is for. Never who sent it: that is authority.h.
 *
 * Order: the secret address, the subject token, a Message-ID of ours it answers, the same mail
 * stored before, a stored foreign Message-ID it answers, a stored mail that answers it (it was
 * overtaken); else none: a new ticket. */
#pragma once

#include "core/desk/desk.h"
#include "core/desk/token.h"
#include "core/mail/mail.h"
#include "core/mail/scan.h"
#include "schema/ledger.h"
#include "schema/messages.h"
#include "schema/outbox.h"

typedef enum {
    WAY_NONE,         /* a new ticket */
    WAY_SECRET,       /* a reply address that verifies */
    WAY_CONFIRMATION, /* a confirmation address that verifies */
    WAY_DESK,         /* the address that one person of the desk commands by */
    WAY_BOUNCE,       /* an envelope sender address of ours that verifies */
    WAY_SUBJECT,
    WAY_OUR_ID,
    WAY_CONTENT, /* the same mail came before by another way */
    WAY_FOREIGN_ID,
    WAY_OVERTAKEN,
} RouteWay;

typedef struct {
    Queue *queue; /* NULL: the recipient is nobody here */
    char *tag;    /* "bug" of support+bug@: lower case, "" none */
    RouteWay way;
    Ticket *ticket;             /* NULL: none */
    Participation *secret;      /* WAY_SECRET */
    Person *secret_person;      /* WAY_SECRET, WAY_DESK: whose it is */
    Confirmation *confirmation; /* WAY_CONFIRMATION */
    OutboxRow *bounced;         /* WAY_BOUNCE */
    bool token;                 /* a subject token for this ticket verifies, whatever the way */
    gint64 answers_to;  /* person a Message-ID of ours, which this mail answers, was sent to */
    gint64 answered;    /* the message that mail was about; 0: none, or no such mail */
    gint64 answered_at; /* when it was written; 0: no such mail */
    bool answers_us;    /* it answers a Message-ID of ours */
    bool inside;        /* it answers a note: by its secret, or by the note's Message-ID */
    Message *related;   /* WAY_CONTENT, WAY_FOREIGN_ID, WAY_OVERTAKEN: the stored one */
} Route;

bool route_mail(Desk *desk, const char *recipient, const Scan *scan, const Mail *mail,
                Route **ret, GError **error);
void route_free(Route *route);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Route, route_free)

/* Could a stranger have found this ticket? A foreign Message-ID can be guessed or overheard;
 * secrets, tokens and Message-IDs of ours cannot. */
bool route_is_guessable(const Route *route);

/* Is this address one of our queues', with or without an extension? */
bool route_is_own_address(Desk *desk, const char *address, bool *ret, GError **error);
