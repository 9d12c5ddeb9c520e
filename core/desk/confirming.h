/* The one-time question "did you write this?", and its answer.
 *
 * Asked of an agent whose mail came without enough proof, at the address on record; valid 24
 * hours, bound to the held mail and to the person, used up in the transaction that answers. */
#pragma once

#include "core/desk/delivery.h"

/* Why somebody is asked: the held message's reason. */
extern const char ASK_PROOF[];    /* nothing proves enough that it is theirs */
extern const char ASK_DESTROYS[]; /* a command in it is not easily undone */
extern const char ASK_STRAY[];    /* what looks like a command stands below the text */
extern const char ASK_NEWER[];    /* it was written before something newer came */

/* Asks about held message `message`; at most CONFIRMING_PER_HOUR times an hour and person, past
 * which the mail is just held. */
#define CONFIRMING_PER_HOUR 5
bool confirming_ask(Delivery *delivery, gint64 message, GError **error);
/* A mail to a confirmation address that verifies. */
bool confirming_take(Delivery *delivery, GError **error);
