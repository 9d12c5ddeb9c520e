/* mailwicket-mda: arguments, configuration, one call, exit status.
 *
 * Whatever goes wrong here, a missing configuration and wrong arguments included, is 75: the
 * mail waits at Postfix until the admin has mended it. */
#include "core/base/config.h"
#include "core/base/version.h"
#include "mda/pipe.h"

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
    gboolean version;
} Arguments;

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
        {"version", 0, 0, G_OPTION_ARG_NONE, &arguments->version, "Print the version", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context =
        g_option_context_new("- deliver the mail on standard input");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    if (!arguments->version && (!arguments->sender || !arguments->recipient || *argc > 1)) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                    "wanted: --sender ADDR --recipient ADDR, and a mail on standard input");
        return false;
    }
    return true;
}

static int run(const Arguments *arguments)
{
    g_autoptr(Config) config = NULL;
    g_autoptr(GError) error = NULL;
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
    return pipe_deliver(config, &pipe_arguments);
}

int main(int argc, char **argv)
{
    Arguments arguments = {.size = -1};
    g_autoptr(GError) error = NULL;

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
    silence_output();
    int status = run(&arguments);
    g_free(arguments.config);
    g_free(arguments.sender);
    g_free(arguments.recipient);
    g_free(arguments.queue_id);
    return status;
}
