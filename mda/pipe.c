/* One mail from pipe(8): spool, deliver, answer by exit status.
 *
 * Postfix bounces on every status but 0, 71, 75 and deaths by signal, so only a Refusal may
 * become another one. pipe(8) marks no end of mail: when it is killed amid a copy, we read an
 * end too; so we die with it, which defers, and look whether it lives when the end comes. */
#include "mda/pipe.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/desk/deliver.h"
#include "mda/answer.h"
#include "mda/spool.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

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
    g_auto(Spool) spool = {.fd = -1};
    if (!spool_open(&spool, config->site.data_dir, error) ||
        !spool_copy(&spool, STDIN_FILENO, error))
        return false;
    if (getppid() != parent) {
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "pipe(8) died amid the mail");
        return false;
    }
    envelope.fd = spool.fd;
    envelope.size = spool.size;
    return deliver_mail(config, &envelope, ret, error);
}

int pipe_deliver(const Config *config, const PipeArguments *arguments)
{
    g_autoptr(Outcome) outcome = NULL;
    g_autoptr(GError) error = NULL;
    bool done = deliver_stdin(config, arguments, &outcome, &error);
    answer_log(arguments->queue_id, outcome, error);
    return done ? answer_exit_status(outcome) : EX_TEMPFAIL;
}
