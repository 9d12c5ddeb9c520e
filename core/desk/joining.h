/* A person's mail for a ticket that exists: published, noted, or held. */
#pragma once

#include "core/desk/delivery.h"

bool joining_take(Delivery *delivery, GError **error);

/* A foreign Message-ID can be guessed, so a ticket found by one counts only for a participant
 * who may publish or who goes on with a mail of their own, for people of the desk, and, to be
 * held there, for somebody the mail it
 * answers was written to. For anybody else *ret is false: a new ticket. */
bool joining_is_meant(Delivery *delivery, bool *ret, GError **error);

/* What a message that became public, or a note, does to its ticket and whom it reaches. Shared
 * with held.c. `author` NULL: a stranger whose mail was accepted. `moves`: it may change the
 * status. */
bool joining_tell(Desk *desk, Ticket *ticket, const Message *message, const Person *author,
                  bool moves, Notify *notify, GError **error);

/* A held mail of `author`, whose proof has come: its commands are carried out, what stands
 * below them becomes what it was meant for, the verdict is set. The caller flushes what is to
 * be told. */
bool joining_release(Delivery *delivery, Ticket *ticket, Message *held, const Person *author,
                     const char *reason, GError **error);
