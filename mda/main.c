/* mailwicket-mda: arguments, configuration, one call, exit status.
 *
 * Three programs in one file, so that they are always of one version: the pipe's, the server
 * (--lmtp) and the server's parsers. In the pipe's, whatever goes wrong here, a missing
 * configuration and wrong arguments included, is 75: the mail waits at Postfix until the admin
 * has mended it. */
#include "core/base/config.h"
#include "core/base/error.h"
#include "core/base/version.h"
#include "core/mail/worker.h"
#include "mda/client.h"
#include "mda/pipe.h"
#include "mda/server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <syslog.h>
#include <unistd.h>

/* Longer than any delivery may take, far shorter than Postfix's own limit, which would bounce;
 * death by this signal defers. */
#define DELIVERY_SECONDS 60

enum { STATUS_USAGE = 2 }; /* of the server */

static GLogWriterOutput log_to_syslog(GLogLevelFlags level, const GLogField *fields, gsize n,
                                      gpointer user)
{
    for (gsize i = 0; i < n; i++)
        if (strcmp(fields[i].key, "MESSAGE") == 0)
            syslog(level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR) ? LOG_ERR : LOG_WARNING,
                   "%s", (const char *)fields[i].value);
    return G_LOG_WRITER_HANDLED;
}

/* What a library or a dying program prints would be quoted to the sender. */
static void silence_output(void)
{
    int null = open("/dev/null", O_RDWR);
    if (null < 0)
        return;
    dup2(null, STDOUT_FILENO);
    if (!isatty(STDERR_FILENO))
        dup2(null, STDERR_FILENO);
    if (null > STDERR_FILENO)
        close(null);
}

typedef struct {
    char *config, *sender, *recipient, *queue_id;
    gint64 size;
    gboolean server, version;
    char *lmtp; /* where the server listens, NULL: see server.h */
} Arguments;

/* The value may be left out where systemd hands over the sockets. */
static gboolean take_lmtp(const char *name, const char *value, gpointer data, GError **error)
{
    Arguments *arguments = data;
    arguments->server = TRUE;
    g_free(arguments->lmtp);
    arguments->lmtp = g_strdup(value);
    return TRUE;
}

static bool parse_arguments(int *argc, char ***argv, Arguments *arguments, GError **error)
{
    /* FILENAME and not STRING: an address may hold any bytes, whatever the locale. */
    const GOptionEntry entries[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &arguments->config,
         "The configuration (default $MAILWICKET_CONFIG, " CONFIG_DEFAULT_FILE ")", "FILE"},
        {"sender", 0, 0, G_OPTION_ARG_FILENAME, &arguments->sender,
         "Envelope sender, empty for the null sender", "ADDR"},
        {"recipient", 0, 0, G_OPTION_ARG_FILENAME, &arguments->recipient, "Envelope recipient",
         "ADDR"},
        {"queue-id", 0, 0, G_OPTION_ARG_FILENAME, &arguments->queue_id,
         "Postfix's queue id, for the log", "ID"},
        {"size", 0, 0, G_OPTION_ARG_INT64, &arguments->size,
         "Postfix's ${size}: a shorter mail was cut and is deferred", "BYTES"},
        {"lmtp", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, take_lmtp,
         "Be a server (RFC 2033)", "unix:PATH|HOST:PORT"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &arguments->version, "Print the version", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context =
        g_option_context_new("- deliver the mail on standard input");
    GOptionGroup *group = g_option_group_new("mda", "", "", arguments, NULL);
    g_option_group_add_entries(group, entries);
    g_option_context_set_main_group(context, group);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    bool whole =
        arguments->version || arguments->server || (arguments->sender && arguments->recipient);
    if (whole && *argc == 1)
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                "wanted: --sender ADDR --recipient ADDR, and a mail on standard input; or "
                "--lmtp unix:PATH|HOST:PORT");
    return false;
}

static int run_pipe(const Arguments *arguments)
{
    g_autoptr(Config) config = NULL;
    g_autoptr(GError) error = NULL;
    silence_output();
    if (!config_load(arguments->config, &config, &error)) {
        syslog(LOG_ERR, "deferred: %s", error->message);
        return EX_TEMPFAIL;
    }
    const PipeArguments pipe_arguments = {
        .sender = arguments->sender,
        .recipient = arguments->recipient,
        .queue_id = arguments->queue_id ? arguments->queue_id : "",
        .size = arguments->size,
    };
    int status;
    if (client_deliver(config, &pipe_arguments, &status))
        return status;
    return pipe_deliver(config, &pipe_arguments);
}

/* What keeps it from starting is told where it was started, and in the log. */
static int run_server(const Arguments *arguments)
{
    g_autoptr(GError) error = NULL;
    alarm(0);
    if (lmtp_serve(arguments->config, arguments->lmtp, &error))
        return EX_OK;
    syslog(LOG_ERR, "the server does not start: %s", error->message);
    fprintf(stderr, "mailwicket-mda: %s\n", error->message);
    return g_error_matches(error, WICKET_ERROR, ERROR_TRANSIENT) ? EX_TEMPFAIL : STATUS_USAGE;
}

int main(int argc, char **argv)
{
    Arguments arguments = {.size = -1};
    g_autoptr(GError) error = NULL;

    if (worker_is_meant(argc, argv))
        worker_main(argc, argv);
    alarm(DELIVERY_SECONDS);
    signal(SIGPIPE, SIG_IGN);
    openlog("mailwicket-mda", LOG_PID | (isatty(STDERR_FILENO) ? LOG_PERROR : 0), LOG_MAIL);
    g_log_set_writer_func(log_to_syslog, NULL, NULL);
    if (!parse_arguments(&argc, &argv, &arguments, &error)) {
        syslog(LOG_ERR, "deferred: %s", error->message);
        return EX_TEMPFAIL;
    }
    if (arguments.version) {
        puts("mailwicket-mda " MAILWICKET_VERSION);
        return EX_OK;
    }
    int status = arguments.server ? run_server(&arguments) : run_pipe(&arguments);
    g_free(arguments.config);
    g_free(arguments.sender);
    g_free(arguments.recipient);
    g_free(arguments.queue_id);
    g_free(arguments.lmtp);
    return status;
}
