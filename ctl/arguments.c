/* Arguments and answers, the same way for every command. */
#include "core/base/error.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

int ctl_fail(const GError *error)
{
    fprintf(stderr, "mailwicket: %s\n", error->message);
    if (g_error_matches(error, WICKET_ERROR, ERROR_TRANSIENT))
        return STATUS_AGAIN;
    if (g_error_matches(error, WICKET_ERROR, ERROR_CONFIG))
        return STATUS_USAGE;
    return STATUS_REFUSED;
}

int ctl_result(bool done, const GError *error)
{
    return done ? STATUS_DONE : ctl_fail(error);
}

static int wrong_usage(const Ctl *ctl, const char *what)
{
    fprintf(stderr, "mailwicket: %s\nUsage: mailwicket %s\n", what, ctl->usage);
    return STATUS_USAGE;
}

static void print_option(const GOptionEntry *entry)
{
    g_autofree char *name =
        entry->arg_description
            ? g_strdup_printf("--%s %s", entry->long_name, entry->arg_description)
            : g_strdup_printf("--%s", entry->long_name);
    printf("  %-24s %s\n", name, entry->description);
}

static int print_help(const Ctl *ctl, const GOptionEntry *entries)
{
    printf("Usage: mailwicket %s\n", ctl->usage);
    for (const GOptionEntry *entry = entries; entry && entry->long_name; entry++)
        print_option(entry);
    return STATUS_DONE;
}

bool ctl_parse(const Ctl *ctl, const GOptionEntry *entries, int min, int max, int argc,
               char **argv, char ***ret, int *ret_status)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    gboolean help = FALSE;
    const GOptionEntry common[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
                                   {NULL, 0, 0, 0, NULL, NULL, NULL}};

    /* GOption wants the program's name in front. */
    int count = argc + 1;
    char **words = g_new0(char *, (gsize)count + 1);
    words[0] = (char *)"mailwicket";
    memcpy(words + 1, argv, (gsize)argc * sizeof *argv);

    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, common, NULL);
    if (entries)
        g_option_context_add_main_entries(context, entries, NULL);
    bool parsed = g_option_context_parse(context, &count, &words, &error);
    if (!parsed || help || count - 1 < min || (max >= 0 && count - 1 > max)) {
        *ret_status = help      ? print_help(ctl, entries)
                      : !parsed ? wrong_usage(ctl, error->message)
                                : wrong_usage(ctl, "too few or too many words");
        g_free(words);
        return false;
    }
    memmove(words, words + 1, (gsize)count * sizeof *words);
    *ret = words;
    return true;
}

bool ctl_parse_id(const char *word, gint64 *ret)
{
    char *end = NULL;
    *ret = g_ascii_strtoll(word, &end, 10);
    if (*word && *end == '\0' && *ret > 0)
        return true;
    fprintf(stderr, "mailwicket: \"%s\" is not a number from a list\n", word);
    return false;
}

void ctl_json_line(JsonWriter *json)
{
    puts(json->out->str);
    g_string_truncate(json->out, 0);
    json->comma = false;
}
