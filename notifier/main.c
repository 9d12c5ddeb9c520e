/* mailwicket-notifier: arguments, one call, exit status. */
#include "core/base/config.h"
#include "core/base/error.h"
#include "core/base/version.h"
#include "notifier/keeper.h"

#include <signal.h>
#include <stdio.h>
#include <sysexits.h>

enum { STATUS_DONE = 0, STATUS_REFUSED = 1, STATUS_USAGE = 2 };

static int status_of(const GError *error)
{
    if (error->domain != WICKET_ERROR)
        return STATUS_USAGE;
    switch ((WicketError)error->code) {
    case ERROR_TRANSIENT:
        return EX_TEMPFAIL;
    case ERROR_CONFIG:
        return STATUS_USAGE;
    case ERROR_REJECTED:
    case ERROR_CORRUPT:
        break;
    }
    return STATUS_REFUSED;
}

static int fail(const GError *error)
{
    fprintf(stderr, "mailwicket-notifier: %s\n", error->message);
    return status_of(error);
}

int main(int argc, char **argv)
{
    g_autofree char *config_file = NULL;
    gboolean once = FALSE, version = FALSE;
    const GOptionEntry entries[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &config_file,
         "The configuration (default $MAILWICKET_CONFIG, " CONFIG_DEFAULT_FILE ")", "FILE"},
        {"once", 0, 0, G_OPTION_ARG_NONE, &once, "Send what is due now, then exit", NULL},
        {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    g_autoptr(GOptionContext) context = g_option_context_new("- send notifications");
    g_autoptr(GError) error = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        return fail(error);
    if (argc > 1) {
        fprintf(stderr, "mailwicket-notifier: %s: no arguments are wanted\n", argv[1]);
        return STATUS_USAGE;
    }
    if (version) {
        puts("mailwicket-notifier " MAILWICKET_VERSION);
        return STATUS_DONE;
    }
    /* A server or a program that goes away is an answer, not our end. */
    signal(SIGPIPE, SIG_IGN);
    return keeper_run(config_file, once, &error) ? STATUS_DONE : fail(error);
}
