/* One mail from pipe(8): spool, deliver, answer by exit status.
 *
 * Postfix bounces on every status but 0, 71, 75 and deaths by signal, so only a Refusal may
 * become another one. pipe(8) marks no end of mail: when it is killed amid a copy, we read an
 * end too; so we die with it, which defers, and look whether it lives when the end comes. */
#include "mda/pipe.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/desk/deliver.h"
#include "mda/spool.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <syslog.h>
#include <unistd.h>

static int exit_status(const Outcome *outcome)
{
    switch (outcome->refusal) {
    case REFUSAL_NONE:
        return EX_OK;
    case REFUSAL_UNKNOWN_RECIPIENT:
        return EX_NOUSER;
    case REFUSAL_TOO_BIG:
        return EX_DATAERR;
    }
    return EX_TEMPFAIL;
}

static bool deliver_stdin(const Config *config, const PipeArguments *arguments, Outcome **ret,
                          GError **error)
{
    g_autofree char *sender =
        utf8_clean(arguments->sender, strlen(arguments->sender), TEXT_LINE);
    g_autofree char *recipient =
        utf8_clean(arguments->recipient, strlen(arguments->recipient), TEXT_LINE);
    g_autofree char *queue_id =
        utf8_clean(arguments->queue_id, strlen(arguments->queue_id), TEXT_LINE);
    Envelope envelope = {
        .sender = sender,
        .recipient = recipient,
        .queue_id = queue_id,
        .declared_size = arguments->size,
    };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pid_t parent = getppid();
    if (!spool_copy(STDIN_FILENO, config->site.data_dir, &envelope.fd, &envelope.size, error))
        return false;
    if (getppid() != parent) {
        close(envelope.fd);
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "pipe(8) died amid the mail");
        return false;
    }
    bool done = deliver_mail(config, &envelope, ret, error);
    close(envelope.fd);
    return done;
}

int pipe_deliver(const Config *config, const PipeArguments *arguments)
{
    g_autoptr(Outcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    if (!deliver_stdin(config, arguments, &outcome, &error)) {
        syslog(LOG_ERR, "queue_id=%s deferred: %s", arguments->queue_id, error->message);
        return EX_TEMPFAIL;
    }
    syslog(LOG_INFO, "queue_id=%s ledger=%" G_GINT64_FORMAT " verdict=%s ticket=%s",
           arguments->queue_id, outcome->ledger, verdict_name(outcome->verdict),
           *outcome->ticket ? outcome->ticket : "-");
    return exit_status(outcome);
}
