/* mailwicket queue … */
#include "core/desk/agents.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

/* Where packaging/mailwicket-mda.socket listens. pipe(8) takes any nexthop, so that one map
 * does for both wirings. */
#define NEXTHOP "mailwicket:unix:/run/mailwicket/lmtp.sock"

/* Options of `add` and `set`: what the words become. Owned; NULL: not given. */
typedef struct {
    char *address, *prefix, *language, *machines, *archive, *transcript;
} Options;

static void options_clear(Options *options)
{
    g_free(options->address);
    g_free(options->prefix);
    g_free(options->language);
    g_free(options->machines);
    g_free(options->archive);
    g_free(options->transcript);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* `prefix`: may it be given? */
static bool parse(Ctl *ctl, Options *options, bool prefix, int argc, char **argv, char ***words,
                  int *ret_status)
{
    const GOptionEntry with_prefix = {
        "prefix", 0, 0, G_OPTION_ARG_FILENAME, &options->prefix, "of its ticket numbers",
        "SUP"};
    const GOptionEntry end = {NULL, 0, 0, 0, NULL, NULL, NULL};
    const GOptionEntry entries[] = {
        {"address", 0, 0, G_OPTION_ARG_FILENAME, &options->address, "where people write to",
         "ADDR"},
        {"language", 0, 0, G_OPTION_ARG_FILENAME, &options->language, "of its mails and pages",
         "fr|en"},
        {"machines", 0, 0, G_OPTION_ARG_FILENAME, &options->machines,
         "what becomes of their mail", "hold|ticket"},
        {"archive", 0, 0, G_OPTION_ARG_FILENAME, &options->archive,
         "gets each closed ticket's transcript", "ADDR|none"},
        {"transcript", 0, 0, G_OPTION_ARG_FILENAME, &options->transcript,
         "does the requester, too?", "yes|no"},
        prefix ? with_prefix : end,
        end};
    return ctl_parse(ctl, entries, 1, 1, argc, argv, words, ret_status);
}

static QueueFields fields_of(const Options *options)
{
    return (QueueFields){
        .address = options->address,
        .language = options->language,
        .machines = options->machines,
        .archive = options->archive,
        .transcript = options->transcript,
    };
}

int cmd_queue_add(Ctl *ctl, int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!parse(ctl, &options, true, argc, argv, &words, &status))
        return status;
    if (!options.address || !options.prefix)
        return ctl_wrong_usage(ctl, "a queue needs --address and --prefix");
    if (!ctl_open_desk(ctl, &status))
        return status;
    const QueueFields fields = fields_of(&options);
    bool done = queue_create(ctl->desk, words[0], options.prefix, &fields, &error);
    return ctl_result(done, &error);
}

typedef void (*QueuePrint)(const Queue *queue, const char *extra);

static void print_line(const Queue *queue, const char *extra)
{
    const char *machines =
        strcmp(queue->machines, "ticket") == 0 ? "  (machines open tickets)" : "";
    printf("%-12s %-8s %s  %s%s", queue->name, queue->prefix, queue->language, queue->address,
           machines);
    if (*queue->archive || queue->transcript)
        printf("  (transcripts to %s%s%s)", queue->archive,
               *queue->archive && queue->transcript ? " and " : "",
               queue->transcript ? "the requester" : "");
    puts(queue->removed ? "  (removed)" : "");
}

static void print_json(const Queue *queue, const char *extra)
{
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    json_object_begin(&json, NULL);
    json_string(&json, "name", queue->name);
    json_string(&json, "address", queue->address);
    json_string(&json, "prefix", queue->prefix);
    json_string(&json, "language", queue->language);
    json_string(&json, "machines", queue->machines);
    json_string(&json, "archive", *queue->archive ? queue->archive : NULL);
    json_bool(&json, "transcript", queue->transcript);
    json_bool(&json, "removed", queue->removed);
    json_object_end(&json);
    ctl_json_line(&json);
}

/* The same file serves transport_maps and relay_recipient_maps. Removed queues stay in it:
 * replies to their tickets still come in, and what else comes is refused by the MDA. */
static void print_map(const Queue *queue, const char *nexthop)
{
    printf("%s  %s\n", queue->address, nexthop);
}

static int each_queue(Ctl *ctl, QueuePrint print, const char *extra)
{
    g_autoptr(GPtrArray) queues = NULL;
    g_autoptr(GError) error = NULL;
    if (!queues_list(ctl->desk->store, &queues, &error))
        return ctl_fail(error);
    for (guint i = 0; i < queues->len; i++)
        print(queues->pdata[i], extra);
    return STATUS_DONE;
}

int cmd_queue_list(Ctl *ctl, int argc, char **argv)
{
    int status = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    return each_queue(ctl, ctl->json ? print_json : print_line, NULL);
}

int cmd_queue_map(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *nexthop = NULL;
    g_autofree char **words = NULL;
    int status = 0;
    const GOptionEntry entries[] = {{"nexthop", 0, 0, G_OPTION_ARG_FILENAME, &nexthop,
                                     "right-hand side (default " NEXTHOP ")",
                                     "TRANSPORT:NEXTHOP"},
                                    {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 0, 0, argc, argv, &words, &status))
        return status;
    if (!ctl_open_desk(ctl, &status))
        return status;
    return each_queue(ctl, print_map, nexthop ? nexthop : NEXTHOP);
}

int cmd_queue_set(Ctl *ctl, int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!parse(ctl, &options, false, argc, argv, &words, &status))
        return status;
    if (!options.address && !options.language && !options.machines && !options.archive &&
        !options.transcript)
        return ctl_wrong_usage(ctl, "nothing to set: give --address, --language, --machines, "
                                    "--archive or --transcript");
    if (!ctl_open_desk(ctl, &status))
        return status;
    const QueueFields fields = fields_of(&options);
    return ctl_result(queue_change(ctl->desk, words[0], &fields, &error), &error);
}

int cmd_queue_remove(Ctl *ctl, int argc, char **argv)
{
    return ctl_do_to_one(ctl, queue_remove, argc, argv);
}
