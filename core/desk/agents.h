/* Queues and the people on the desk, as the admin sets them up. Each is a transaction of its
 * own; what cannot be is ERROR_REJECTED and says why and what to do instead. */
#pragma once

#include "core/desk/desk.h"
#include "schema/people.h"
#include "schema/queues.h"

/* Checks name, prefix (2 to 8 of A-Z0-9, a letter first), language, and that reply addresses
 * made from the address stay within 64 octets left of the @. */
typedef struct {
    const char *address, *language;
    const char *machines;   /* "hold" or "ticket": what becomes of their mail */
    const char *archive;    /* where transcripts of closed tickets go; "" or "none": nowhere */
    const char *transcript; /* "yes" or "no": does the requester of a closed ticket get one? */
} QueueFields;

/* NULL: the site's language, machines are held, nobody gets transcripts. */
bool queue_create(Desk *desk, const char *name, const char *prefix, const QueueFields *fields,
                  GError **error);
/* NULL leaves a field as it is. The address stays once the queue has tickets: what was sent out
 * for them names it. A removed queue does not change any more. */
bool queue_change(Desk *desk, const char *name, const QueueFields *fields, GError **error);
/* No new tickets from then on; its old ones stay, and replies to them come in. */
bool queue_remove(Desk *desk, const char *name, GError **error);
/* Removed ones too. */
bool queue_find(Desk *desk, const char *name, Queue **ret, GError **error);

/* `queues`: names, NULL-terminated, empty: every queue. `aliases`: other addresses and logins
 * of the same person, NULL-terminated or NULL; never those of somebody else. Somebody who
 * already wrote keeps their history and becomes an agent. */
bool agent_add(Desk *desk, const char *address, const char *name, Role role, bool is_list,
               const char *const *queues, const char *const *aliases, GError **error);
/* NULL name or queues, role -1: as it is. Aliases come to those there are. */
bool agent_change(Desk *desk, const char *address, const char *name, int role,
                  const char *const *queues, const char *const *aliases, GError **error);
/* Anybody known, customers too: every secret and link of theirs dies; new mails carry new
 * ones. */
bool agent_revoke(Desk *desk, const char *address, GError **error);
/* Back to being a plain requester, revoked and unassigned. */
bool agent_remove(Desk *desk, const char *address, GError **error);
