/* mailwicket agent … */
#include "core/desk/agents.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

static const char alias_help[] = "another address or login of theirs; may repeat";
static const char *const role_names[] = {"requester", "technician", "admin"};

static bool parse_role(const char *word, int *ret)
{
    for (int role = ROLE_TECHNICIAN; role <= ROLE_ADMIN; role++) {
        if (strcmp(word, role_names[role]) == 0) {
            *ret = role;
            return true;
        }
    }
    fprintf(stderr, "mailwicket: \"%s\" is no role: technician or admin\n", word);
    return false;
}

int cmd_agent_add(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *name = NULL, *role_word = NULL;
    g_auto(GStrv) queues = NULL, aliases = NULL;
    gboolean list = FALSE;
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0, role = ROLE_TECHNICIAN;
    const char *const none[] = {NULL};
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_FILENAME, &name, "as customers read it", "NAME"},
        {"role", 0, 0, G_OPTION_ARG_FILENAME, &role_word, "default technician",
         "technician|admin"},
        {"list", 0, 0, G_OPTION_ARG_NONE, &list, "a distribution list: is told, gets no secret",
         NULL},
        {"queue", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &queues, "may repeat; default every queue",
         "Q"},
        {"alias", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &aliases, alias_help, "ADDR"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, 1, argc, argv, &words, &status))
        return status;
    if (!name)
        return ctl_wrong_usage(ctl, "an agent needs a --name that customers may read");
    if (role_word && !parse_role(role_word, &role))
        return STATUS_USAGE;
    if (!ctl_open_desk(ctl, &status))
        return status;
    bool done = agent_add(ctl->desk, words[0], name, (Role)role, list,
                          queues ? (const char *const *)queues : none,
                          (const char *const *)aliases, &error);
    return ctl_result(done, &error);
}

int cmd_agent_set(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *name = NULL, *role_word = NULL;
    g_auto(GStrv) queues = NULL, aliases = NULL;
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0, role = -1;
    const GOptionEntry entries[] = {
        {"name", 0, 0, G_OPTION_ARG_FILENAME, &name, "as customers read it", "NAME"},
        {"role", 0, 0, G_OPTION_ARG_FILENAME, &role_word, NULL, "technician|admin"},
        {"queue", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &queues,
         "may repeat; replaces those served", "Q"},
        {"alias", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &aliases, alias_help, "ADDR"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, 1, argc, argv, &words, &status))
        return status;
    if (!name && !role_word && !queues && !aliases)
        return ctl_wrong_usage(ctl, "nothing to set: give --name, --role, --queue or --alias");
    if (role_word && !parse_role(role_word, &role))
        return STATUS_USAGE;
    if (!ctl_open_desk(ctl, &status))
        return status;
    bool done = agent_change(ctl->desk, words[0], name, role, (const char *const *)queues,
                             (const char *const *)aliases, &error);
    return ctl_result(done, &error);
}

static void json_list(JsonWriter *json, const char *name, const GPtrArray *texts)
{
    json_array_begin(json, name);
    for (guint i = 0; i < texts->len; i++)
        json_string(json, NULL, texts->pdata[i]);
    json_array_end(json);
}

static void print_json(const Person *agent, const GPtrArray *queues, const GPtrArray *aliases)
{
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    json_object_begin(&json, NULL);
    json_string(&json, "address", agent->address);
    json_string(&json, "name", agent->name);
    json_string(&json, "role", role_names[agent->role]);
    json_bool(&json, "list", agent->is_list);
    json_list(&json, "queues", queues);
    json_list(&json, "aliases", aliases);
    json_time(&json, "paused", agent->paused);
    json_object_end(&json);
    ctl_json_line(&json);
}

static void print_line(const Person *agent, const GPtrArray *queues, const GPtrArray *aliases)
{
    printf("%-32s %-10s %s:", agent->address, role_names[agent->role], agent->name);
    for (guint i = 0; i < queues->len; i++)
        printf(" %s", (const char *)queues->pdata[i]);
    for (guint i = 0; i < aliases->len; i++)
        printf("%s%s", i ? ", " : " (also ", (const char *)aliases->pdata[i]);
    if (aliases->len > 0)
        fputs(")", stdout);
    printf("%s%s\n", agent->is_list ? " (list)" : "",
           agent->paused ? " (their address bounced: mails are paused)" : "");
}

int cmd_agent_list(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GPtrArray) agents = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    if (!people_agents(ctl->desk->store, &agents, &error))
        return ctl_fail(error);
    for (guint i = 0; i < agents->len; i++) {
        const Person *agent = agents->pdata[i];
        g_autoptr(GPtrArray) queues = NULL, aliases = NULL;
        if (!people_queues(ctl->desk->store, agent->id, &queues, &error) ||
            !people_aliases(ctl->desk->store, agent->id, &aliases, &error))
            return ctl_fail(error);
        if (ctl->json)
            print_json(agent, queues, aliases);
        else
            print_line(agent, queues, aliases);
    }
    return STATUS_DONE;
}

int cmd_agent_revoke(Ctl *ctl, int argc, char **argv)
{
    return ctl_do_to_one(ctl, agent_revoke, argc, argv);
}

int cmd_agent_remove(Ctl *ctl, int argc, char **argv)
{
    return ctl_do_to_one(ctl, agent_remove, argc, argv);
}
