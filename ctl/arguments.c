/* Arguments, opening and answers, the same way for every command.
 *
 * Nothing is opened before all words are understood: what only looks like a request for help,
 * such as a value "-h", then cannot be taken for one. */
#include "core/base/error.h"
#include "core/base/owner.h"
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

int ctl_result(bool done, GError *const *error)
{
    return done ? STATUS_DONE : ctl_fail(*error);
}

int ctl_wrong_usage(const Ctl *ctl, const char *what)
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

/* --- understanding ----------------------------------------------------------------------- */

static bool is_utf8(const Ctl *ctl, const char *label, const char *value)
{
    if (!value || g_utf8_validate(value, -1, NULL))
        return true;
    g_autofree char *readable = g_utf8_make_valid(value, -1);
    g_autofree char *what =
        g_strdup_printf("%s \"%s\" is not UTF-8: set the terminal to UTF-8 and write it again",
                        label, readable);
    ctl_wrong_usage(ctl, what);
    return false;
}

static bool option_is_utf8(const Ctl *ctl, const GOptionEntry *entry)
{
    g_autofree char *label = g_strdup_printf("the value of --%s", entry->long_name);
    if (entry->arg == G_OPTION_ARG_FILENAME)
        return is_utf8(ctl, label, *(char **)entry->arg_data);
    if (entry->arg != G_OPTION_ARG_FILENAME_ARRAY)
        return true;
    for (char **value = *(char ***)entry->arg_data; value && *value; value++)
        if (!is_utf8(ctl, label, *value))
            return false;
    return true;
}

static bool all_is_utf8(const Ctl *ctl, const GOptionEntry *entries, char **words)
{
    for (const GOptionEntry *entry = entries; entry && entry->long_name; entry++)
        if (!option_is_utf8(ctl, entry))
            return false;
    for (; words && *words; words++)
        if (!is_utf8(ctl, "the word", *words))
            return false;
    return true;
}

/* GOption wants the program's name in front. */
static char **with_name(int argc, char **argv)
{
    char **words = g_new0(char *, (gsize)argc + 2);
    words[0] = (char *)"mailwicket";
    memcpy(words + 1, argv, (gsize)argc * sizeof *argv);
    return words;
}

bool ctl_parse(Ctl *ctl, const GOptionEntry *entries, int min, int max, int argc, char **argv,
               char ***ret, int *ret_status)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *config_file = NULL;
    g_autofree char **words = with_name(argc, argv);
    gboolean help = FALSE;
    int count = argc + 1;
    const GOptionEntry common[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &config_file, NULL, NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};

    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, common, NULL);
    if (entries)
        g_option_context_add_main_entries(context, entries, NULL);
    bool parsed = g_option_context_parse(context, &count, &words, &error);
    if (help) {
        *ret_status = print_help(ctl, entries);
        return false;
    }
    *ret_status = STATUS_USAGE;
    if (!parsed || count - 1 < min || (max >= 0 && count - 1 > max)) {
        ctl_wrong_usage(ctl, parsed ? "too few or too many words" : error->message);
        return false;
    }
    memmove(words, words + 1, (gsize)count * sizeof *words);
    if (!all_is_utf8(ctl, entries, max >= 0 ? words : NULL))
        return false;
    if (config_file) {
        g_free(ctl->config_file);
        ctl->config_file = g_steal_pointer(&config_file);
    }
    *ret_status = STATUS_DONE;
    *ret = g_steal_pointer(&words);
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

bool ctl_parse_list(Ctl *ctl, int argc, char **argv, int *ret_status)
{
    gboolean json = FALSE;
    g_autofree char **words = NULL;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "one object a line", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 0, 0, argc, argv, &words, ret_status))
        return false;
    ctl->json = json;
    return true;
}

/* --- opening ----------------------------------------------------------------------------- */

bool ctl_open_config(Ctl *ctl, int *ret_status)
{
    g_autoptr(GError) error = NULL;
    if (config_load(ctl->config_file, &ctl->config, &error))
        return true;
    *ret_status = ctl_fail(error);
    return false;
}

bool ctl_open_desk(Ctl *ctl, int *ret_status)
{
    g_autoptr(GError) error = NULL;
    if (!ctl_open_config(ctl, ret_status))
        return false;
    if (owner_become(ctl->config->site.data_dir, &error) &&
        desk_open(ctl->config, &ctl->desk, &error))
        return true;
    *ret_status = ctl_fail(error);
    return false;
}

bool ctl_open_list(Ctl *ctl, int argc, char **argv, int *ret_status)
{
    return ctl_parse_list(ctl, argc, argv, ret_status) && ctl_open_desk(ctl, ret_status);
}

int ctl_do_to_one(Ctl *ctl, CtlAct act, int argc, char **argv)
{
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_parse(ctl, NULL, 1, 1, argc, argv, &words, &status))
        return status;
    if (!ctl_open_desk(ctl, &status))
        return status;
    return ctl_result(act(ctl->desk, words[0], &error), &error);
}

void ctl_json_line(JsonWriter *json)
{
    puts(json->out->str);
    g_string_truncate(json->out, 0);
    json->comma = false;
}
