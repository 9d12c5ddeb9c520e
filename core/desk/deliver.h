/* The one way in: a raw mail with an envelope becomes a verdict.
 *
 * One delivery, one transaction: raw bytes, ledger row, ticket changes and notifications commit
 * together. True means the sender's server may hear "done" (or, for VERDICT_REFUSED, the
 * deliberate no in `refusal`); false is always our fault: keep the mail and try again. */
#pragma once

#include "core/desk/desk.h"
#include "core/mail/mail.h"
#include "core/mail/scan.h"

typedef enum {
    VERDICT_TICKET,
    VERDICT_REPLY,
    VERDICT_NOTE,
    VERDICT_COMMAND,
    VERDICT_HELD,
    VERDICT_BOUNCE,
    VERDICT_AUTO_REPLY,
    VERDICT_RECEIPT,
    VERDICT_LOOP,
    VERDICT_DUPLICATE,
    VERDICT_REFUSED,
    VERDICT_UNPARSED,
} Verdict;
const char *verdict_name(Verdict verdict);

typedef enum {
    REFUSAL_NONE,
    REFUSAL_UNKNOWN_RECIPIENT, /* exit 67, 550 5.1.1 */
    REFUSAL_TOO_BIG,           /* exit 65, 552 5.3.4 */
} Refusal;

typedef struct {
    const char *sender; /* "" is the null sender */
    const char *recipient;
    const char *queue_id; /* Postfix's, "" unknown */
    gint64 declared_size; /* Postfix's ${size}, -1 unknown: a shorter mail was cut, try again */
    int fd;               /* the spool: read with pread from 0 */
    guint64 size;         /* bytes in the spool */
} Envelope;

typedef struct {
    Verdict verdict;
    Refusal refusal;
    gint64 ledger;       /* row id, 0 in a dry run */
    char *queue;         /* name, "" none */
    char *ticket;        /* "SUP-42", "" none; in a dry run the number it would get */
    char *person;        /* address on record, "" unknown */
    GPtrArray *proofs;   /* char *: "secret", "domain", "confirmation", "token", "message-id" */
    GPtrArray *commands; /* char *: the verbs it commanded, "close", carried out or not */
    char *reason;        /* words for the ledger; ids only, no subject, no address */
} Outcome;
void outcome_free(Outcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outcome, outcome_free)

/* Scans, parses in the sandbox, opens the desk, decides, commits. */
bool deliver_mail(const Config *config, const Envelope *envelope, Outcome **ret,
                  GError **error);

/* Decides about one delivery and writes all of it, ledger row included, within the write
 * transaction that is open; own_quote_cut was done. After a failure the caller undoes it. */
bool deliver_decide(Desk *desk, const Envelope *envelope, const Scan *scan, const Mail *mail,
                    Outcome **ret, GError **error);
/* pipe(8) marks no end of mail: what is shorter than Postfix said was cut on the way, which is
 * ERROR_TRANSIENT. */
bool deliver_is_whole(const Envelope *envelope, const Scan *scan, GError **error);

/* What would be done: the same path, rolled back. */
bool deliver_preview(Desk *desk, const Envelope *envelope, const Scan *scan, Mail *mail,
                     Outcome **ret, GError **error);
