/* Who wrote a mail, and what proves it. A From line alone proves nothing.
 *
 *   secret       it came to the reply address minted for this very person
 *   domain       our own server's Authentication-Results vouch for the From domain
 *   confirmation the person answered our one-time question
 *   token        the subject carries the ticket's token          } weak: only where no
 *   message-id   it answers a mail we sent to this very person   } authserv_id is configured
 *
 * Machine mail proves nothing, whatever it carries. */
#pragma once

#include "core/desk/desk.h"
#include "core/desk/route.h"
#include "core/mail/mail.h"
#include "schema/people.h"

typedef struct {
    char *address;  /* the single From mailbox, "" when there is not exactly one */
    Person *person; /* who that is on record; NULL: unknown */
    bool machine;   /* null sender or machine headers */
    bool secret, domain, confirmation, token, message_id;
} Authority;

bool authority_judge(Desk *desk, const char *envelope_sender, const Mail *mail,
                     const Route *route, Authority **ret, GError **error);
void authority_free(Authority *authority);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Authority, authority_free)

bool authority_is_agent(const Authority *authority);
/* Secret, domain or confirmation: enough for Cc, links at will and the like. */
bool authority_is_strong(const Authority *authority);
/* May a participant's words be published? */
bool authority_may_publish(const Desk *desk, const Authority *authority);

/* Names of the proofs found: char *, static text. */
GPtrArray *authority_proofs(const Authority *authority);
