/* One table of the ways in which a delivery can end. */
#include "mda/answer.h"

#include <string.h>
#include <sysexits.h>
#include <syslog.h>

static const struct {
    Refusal refusal;
    int status;
    const char *reply; /* its first words tell them apart */
} refusals[] = {
    {REFUSAL_UNKNOWN_RECIPIENT, EX_NOUSER, "550 5.1.1 no such address at this desk"},
    {REFUSAL_TOO_BIG, EX_DATAERR, "552 5.3.4 the message is larger than this desk takes"},
};

int answer_exit_status(const Outcome *outcome)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (outcome->refusal == refusals[i].refusal)
            return refusals[i].status;
    return EX_OK;
}

/* The ledger's number tells an admin what there is to know, and the sender nothing: Postfix
 * quotes this line in the receipt that a sender may ask for. */
char *answer_reply(const Outcome *outcome, const GError *error)
{
    if (!outcome)
        return g_strdup("451 4.3.0 not now, the log says why; keep the mail and try again");
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (outcome->refusal == refusals[i].refusal)
            return g_strdup(refusals[i].reply);
    return g_strdup_printf("250 2.0.0 done, ledger %" G_GINT64_FORMAT, outcome->ledger);
}

int answer_status_of_reply(const char *reply)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (strncmp(reply, refusals[i].reply, strlen("550 5.1.1")) == 0)
            return refusals[i].status;
    return strncmp(reply, "250", 3) == 0 ? EX_OK : EX_TEMPFAIL;
}

void answer_log(const char *queue_id, const Outcome *outcome, const GError *error)
{
    if (!outcome)
        syslog(LOG_ERR, "queue_id=%s deferred: %s", queue_id, error->message);
    else
        syslog(LOG_INFO, "queue_id=%s ledger=%" G_GINT64_FORMAT " verdict=%s ticket=%s",
               queue_id, outcome->ledger, verdict_name(outcome->verdict),
               *outcome->ticket ? outcome->ticket : "-");
}
