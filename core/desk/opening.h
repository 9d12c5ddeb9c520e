/* A mail that belongs to no ticket opens one. Anyone may. */
#pragma once

#include "core/desk/delivery.h"

/* Within a delivery: opens the ticket, tells the desk, acknowledges if that is allowed. */
bool opening_take(Delivery *delivery, GError **error);

/* The bare act, shared with accepting a held mail: numbers the ticket, makes the requester's
 * participation hang on `root` (their Message-ID, may be "") and writes the event. */
typedef struct {
    const Queue *queue;
    const char *title;
    const char *type;
    MailPriority priority;
    const Person *requester;
    gint64 actor;
    bool brief; /* the requester proved nothing: their subject says nothing they wrote */
    const char *root;
} Opening;
bool opening_ticket(Desk *desk, const Opening *opening, Ticket **ret, GError **error);

/* The person of an address, made on first sight. */
bool opening_person(Desk *desk, const char *address, const char *name, Person **ret,
                    GError **error);
