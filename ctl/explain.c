/* mailwicket explain: how a mail is understood, and what would be done with it.
 *
 * Understanding needs no site. With one configured the delivery is decided as if the mail had
 * come now, and rolled back. */
#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/owner.h"
#include "core/desk/deliver.h"
#include "core/desk/route.h"
#include "core/mail/sandbox.h"
#include "core/mail/scan.h"
#include "ctl/ctl.h"
#include "ctl/explain.h"
#include "schema/queues.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Enough of a site to have the default limits. */
static const char no_site[] = "[site]\n"
                              "name = none\n"
                              "domain = none.invalid\n"
                              "base_url = http://none.invalid\n"
                              "data_dir = /nonexistent/data\n"
                              "key_file = /nonexistent/key\n"
                              "[mail]\n"
                              "transport = maildir:/nonexistent\n";

/* Without --config, no configuration at all is fine; a broken one never is. */
static bool open_site(Ctl *ctl, GError **error)
{
    const char *file = ctl->config_file ? ctl->config_file : g_getenv("MAILWICKET_CONFIG");
    if (!file && !g_file_test(CONFIG_DEFAULT_FILE, G_FILE_TEST_EXISTS))
        return config_parse("built-in", no_site, strlen(no_site), &ctl->config, error);
    return config_load(file, &ctl->config, error) &&
           owner_become(ctl->config->site.data_dir, error) &&
           desk_open(ctl->config, &ctl->desk, error);
}

/* --- one mail ---------------------------------------------------------------------------- */

typedef struct {
    int fd;
    guint64 size;
    Scan *scan;
    Mail *mail;
} Read;

static void read_clear(Read *read)
{
    if (read->fd >= 0)
        close(read->fd);
    g_clear_pointer(&read->scan, scan_free);
    g_clear_pointer(&read->mail, mail_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Read, read_clear)

static bool read_mail(const Config *config, Sandbox *sandbox, const char *file, Read *read,
                      GError **error)
{
    const ScanCaps caps = scan_caps(config);
    struct stat status;
    if (fstat(read->fd, &status) != 0)
        return error_errno(error, errno, "looking at %s", file);
    read->size = (guint64)status.st_size;
    return sandbox_start(sandbox, read->fd, read->size, error) &&
           scan_mail(read->fd, read->size, &caps, &read->scan, error) &&
           sandbox_finish(sandbox, read->scan, &read->mail, error);
}

/* Whom it was for: the first To or Cc address that is a queue's, else the first queue. */
static bool guess_recipient(Desk *desk, const Mail *mail, char **ret, GError **error)
{
    const GPtrArray *lists[] = {mail->to, mail->cc};
    for (gsize l = 0; l < G_N_ELEMENTS(lists); l++) {
        for (guint i = 0; i < lists[l]->len; i++) {
            const MailAddress *address = lists[l]->pdata[i];
            bool own = false;
            if (!route_is_own_address(desk, address->address, &own, error))
                return false;
            if (own) {
                *ret = g_strdup(address->address);
                return true;
            }
        }
    }
    g_autoptr(GPtrArray) queues = NULL;
    if (!queues_list(desk->store, &queues, error))
        return false;
    *ret = g_strdup(queues->len > 0 ? ((const Queue *)queues->pdata[0])->address : "");
    return true;
}

/* Who sent it, as far as the file tells: an empty Return-Path is the null sender. */
static const char *guess_sender(const Mail *mail)
{
    if (*mail->return_path)
        return strcmp(mail->return_path, "<>") == 0 ? "" : mail->return_path;
    if (mail->from->len > 0)
        return ((const MailAddress *)mail->from->pdata[0])->address;
    return mail->kind == MAIL_BOUNCE ? "" : "unknown";
}

static bool preview(Ctl *ctl, const Read *read, Outcome **ret, GError **error)
{
    g_autofree char *recipient = NULL;
    if (!guess_recipient(ctl->desk, read->mail, &recipient, error))
        return false;
    const Envelope envelope = {
        .sender = guess_sender(read->mail),
        .recipient = recipient,
        .queue_id = "",
        .declared_size = -1,
        .fd = read->fd,
        .size = read->size,
    };
    return deliver_preview(ctl->desk, &envelope, read->scan, read->mail, ret, error);
}

/* --- many -------------------------------------------------------------------------------- */

enum { NOT_YET = -2 }; /* for a descriptor: to be opened when its turn comes */

typedef struct {
    Ctl *ctl;
    Sandbox *sandbox; /* one parser for all */
    gboolean as_json, all;
    char **files;
    guint n;
    int *fds;
} Batch;

static int open_file(const char *file)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        fprintf(stderr, "mailwicket: opening %s: %s\n", file, g_strerror(errno));
    return fd;
}

/* Root may read mails that the gateway's user, whom we become, may not: as many of them are
 * opened beforehand as there may be open files, less those that the work itself needs. */
static void open_files(Batch *batch)
{
    const guint spare = 64;
    struct rlimit limit = {0};
    batch->fds = g_new(int, batch->n);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    guint room = geteuid() == 0 && limit.rlim_cur > spare
                     ? (guint)MIN(limit.rlim_cur - spare, (rlim_t)batch->n)
                     : 0;
    for (guint i = 0; i < batch->n; i++)
        batch->fds[i] = i < room ? open_file(batch->files[i]) : NOT_YET;
}

/* On a terminal, when what is printed goes elsewhere. */
static void tell_progress(const Batch *batch, guint done)
{
    const guint worth = 100, step = 50;
    if (batch->n < worth || (done % step != 0 && done != batch->n) || isatty(STDOUT_FILENO) ||
        !isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%u of %u mails%s", done, batch->n, done == batch->n ? "\n" : "");
}

static bool explain_file(const Batch *batch, guint i, GError **error)
{
    g_auto(Read) read = {.fd = batch->fds[i]};
    g_autoptr(Outcome) outcome = NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    if (!read_mail(batch->ctl->config, batch->sandbox, batch->files[i], &read, error) ||
        (batch->ctl->desk && !preview(batch->ctl, &read, &outcome, error)))
        return false;
    const Explained explained = {
        .file = batch->files[i],
        .mail = read.mail,
        .config = batch->ctl->config,
        .outcome = outcome,
        .all = batch->all,
    };
    if (batch->as_json)
        explain_json(&explained, out);
    else
        explain_words(&explained, out);
    fwrite(out->str, 1, out->len, stdout);
    return true;
}

/* A mail that cannot be explained keeps none of the others from it. */
static int explain_files(Batch *batch)
{
    int status = STATUS_DONE;
    for (guint i = 0; i < batch->n; i++) {
        g_autoptr(GError) error = NULL;
        if (batch->fds[i] == NOT_YET)
            batch->fds[i] = open_file(batch->files[i]);
        if (batch->fds[i] < 0)
            status = STATUS_REFUSED;
        else if (!explain_file(batch, i, &error))
            status = ctl_fail(error);
        fflush(stdout);
        tell_progress(batch, i + 1);
    }
    return status;
}

int cmd_explain(Ctl *ctl, int argc, char **argv)
{
    Batch batch = {.ctl = ctl};
    g_autofree char **words = NULL;
    g_autofree int *fds = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &batch.as_json, "one object a line", NULL},
        {"all", 0, 0, G_OPTION_ARG_NONE, &batch.all,
         "all lines of signatures and quotes, not just the first", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, -1, argc, argv, &words, &status))
        return status;
    batch.files = words;
    batch.n = g_strv_length(words);
    open_files(&batch);
    fds = batch.fds;
    if (!open_site(ctl, &error))
        return ctl_fail(error);
    const SandboxLimits limits = sandbox_limits(ctl->config);
    g_autoptr(SpamRule) spam = NULL;
    if (!spam_rule_new(ctl->config, &spam, &error))
        return ctl_fail(error);
    g_autoptr(Sandbox) sandbox = sandbox_new(&limits, spam, SANDBOX_LASTING);
    batch.sandbox = sandbox;
    return explain_files(&batch);
}
