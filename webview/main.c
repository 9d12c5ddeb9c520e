/* mailwicket-webview: arguments, configuration, one call, exit status. */
#include "core/base/error.h"
#include "core/base/version.h"
#include "webview/server.h"

#include <stdio.h>
#include <string.h>

enum { STATUS_DONE = 0, STATUS_REFUSED = 1, STATUS_USAGE = 2, STATUS_TRY_AGAIN = 75 };

typedef struct {
    char *config, *listen;
    gboolean version;
} Arguments;

static bool parse_arguments(int *argc, char ***argv, Arguments *arguments, GError **error)
{
    const GOptionEntry entries[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &arguments->config,
         "The configuration (default $MAILWICKET_CONFIG, " CONFIG_DEFAULT_FILE ")", "FILE"},
        {"listen", 0, 0, G_OPTION_ARG_FILENAME, &arguments->listen,
         "HOST:PORT or unix:PATH (default " SERVER_DEFAULT_LISTEN ")", "WHERE"},
        {"version", 0, 0, G_OPTION_ARG_NONE, &arguments->version, "Print the version", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("- show tickets, read-only");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, argc, argv, error))
        return false;
    if (*argc > 1) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, "what is \"%s\"?",
                    (*argv)[1]);
        return false;
    }
    return true;
}

static int status_of(const GError *error)
{
    if (g_error_matches(error, WICKET_ERROR, ERROR_CONFIG))
        return STATUS_USAGE;
    return g_error_matches(error, WICKET_ERROR, ERROR_REJECTED) ? STATUS_REFUSED
                                                                : STATUS_TRY_AGAIN;
}

static int fail(const GError *error, int status)
{
    fprintf(stderr, "mailwicket-webview: %s\n", error->message);
    return status;
}

static int run(const Arguments *arguments)
{
    g_autoptr(Config) config = NULL;
    g_autoptr(GError) error = NULL;
    const char *listen = arguments->listen ? arguments->listen : SERVER_DEFAULT_LISTEN;
    if (!config_load(arguments->config, &config, &error) || !server_run(config, listen, &error))
        return fail(error, status_of(error));
    return STATUS_DONE;
}

int main(int argc, char **argv)
{
    Arguments arguments = {0};
    g_autoptr(GError) error = NULL;
    int status = STATUS_DONE;

    if (!parse_arguments(&argc, &argv, &arguments, &error))
        status = fail(error, STATUS_USAGE);
    else if (arguments.version)
        puts("mailwicket-webview " MAILWICKET_VERSION);
    else
        status = run(&arguments);
    g_free(arguments.config);
    g_free(arguments.listen);
    return status;
}
