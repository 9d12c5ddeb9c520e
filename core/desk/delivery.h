/* One delivery under way: what deliver.c hands to the rooms that decide it.
 *
 * Private to core/desk. Each room writes what happened into `outcome` and the ids below;
 * deliver.c alone writes the ledger row and commits. */
#pragma once

#include "core/desk/authority.h"
#include "core/desk/deliver.h"
#include "core/desk/desk.h"
#include "core/desk/notify.h"
#include "core/desk/route.h"

typedef struct {
    Desk *desk;
    const Envelope *envelope;
    const Scan *scan;
    const Mail *mail;
    const Route *route;
    const Authority *authority;
    Notify *notify;
    gint64 now;
    const Person *author; /* whose words they are, when not the sender's; NULL: the sender's */
    const char *reply;    /* the sender's words as they are kept: without commands */

    Outcome *outcome;
    gint64 ticket, message, raw, person; /* for the ledger; 0 none */
} Delivery;

/* Sets verdict and reason. Returns true, so that rooms can end with it. */
bool delivery_decide(Delivery *delivery, Verdict verdict, const char *reason);
/* Names the ticket in outcome and ledger. */
void delivery_take_ticket(Delivery *delivery, const Ticket *ticket);
/* Is this mail held already, outside any ticket, having come by another way? */
bool delivery_is_held(Delivery *delivery, bool *ret, GError **error);
/* Stores the raw mail, once a delivery. */
bool delivery_store_raw(Delivery *delivery, GError **error);

/* Stores the mail as a message of `ticket` (NULL: held outside any), scrubbed, with its
 * attachments, references and addressees. `held_reason` NULL unless held. */
bool delivery_store_message(Delivery *delivery, const Ticket *ticket, Visibility visibility,
                            Visibility intent, const char *held_reason, gint64 *ret_id,
                            GError **error);
