/* mailwicket: finds the command, opens what it needs, runs it. */
#include "core/base/owner.h"
#include "core/base/version.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

typedef enum {
    NEEDS_DESK,   /* configuration and store */
    NEEDS_CONFIG, /* configuration only */
    NEEDS_NOTHING,
} Needs;

typedef struct {
    const char *noun, *verb; /* verb NULL: the noun is the command */
    Needs needs;
    int (*run)(Ctl *ctl, int argc, char **argv);
    const char *usage; /* behind the name */
    const char *help;
} Command;

static const Command commands[] = {
    {"init", NULL, NEEDS_CONFIG, cmd_init, "[--user NAME]",
     "make database, key and directories; safe to repeat"},
    {"queue", "add", NEEDS_DESK, cmd_queue_add,
     "NAME --address ADDR --prefix SUP [--language fr|en]", "open a front door"},
    {"queue", "list", NEEDS_DESK, cmd_queue_list, "[--json]", "the queues"},
    {"queue", "map", NEEDS_DESK, cmd_queue_map, "[--nexthop mailwicket:]",
     "addresses as a Postfix map"},
    {"queue", "set", NEEDS_DESK, cmd_queue_set, "NAME [--address ADDR] [--language fr|en]",
     "change a queue"},
    {"queue", "remove", NEEDS_DESK, cmd_queue_remove, "NAME", "no new tickets; old ones stay"},
    {"agent", "add", NEEDS_DESK, cmd_agent_add,
     "ADDR --name NAME [--role technician|admin] [--list] [--queue Q]…",
     "put somebody on the desk"},
    {"agent", "list", NEEDS_DESK, cmd_agent_list, "[--json]", "who is on the desk"},
    {"agent", "set", NEEDS_DESK, cmd_agent_set,
     "ADDR [--name NAME] [--role technician|admin] [--queue Q]…", "change an agent"},
    {"agent", "revoke", NEEDS_DESK, cmd_agent_revoke, "ADDR",
     "kill every secret and link of theirs"},
    {"agent", "remove", NEEDS_DESK, cmd_agent_remove, "ADDR", "take somebody off the desk"},
    {"ticket", "list", NEEDS_DESK, cmd_ticket_list, "[--all] [--queue Q] [--status S] [--json]",
     "tickets, latest first"},
    {"ticket", "show", NEEDS_DESK, cmd_ticket_show, "ID [--json]", "one ticket, all of it"},
    {"ticket", "set", NEEDS_DESK, cmd_ticket_set,
     "ID [--status S] [--assign ADDR|none] [--priority P]", "change a ticket"},
    {"link", NULL, NEEDS_DESK, cmd_link, "ID [ADDR]",
     "the page's address for the requester (or ADDR)"},
    {"ledger", NULL, NEEDS_DESK, cmd_ledger, "[--json]", "a line a delivery"},
    {"held", "list", NEEDS_DESK, cmd_held_list, "[--json]", "mail that waits for a decision"},
    {"held", "show", NEEDS_DESK, cmd_held_show, "N", "one held mail"},
    {"held", "accept", NEEDS_DESK, cmd_held_accept, "N", "publish its text"},
    {"held", "drop", NEEDS_DESK, cmd_held_drop, "N", "show it to nobody"},
    {"outbox", "list", NEEDS_DESK, cmd_outbox_list, "[--json]", "mail waiting, sent, dead"},
    {"outbox", "show", NEEDS_DESK, cmd_outbox_show, "N [--json]", "one outgoing mail"},
    {"explain", NULL, NEEDS_NOTHING, cmd_explain, "[--json] FILE…",
     "how mails are understood and what would be done"},
    {"doctor", NULL, NEEDS_CONFIG, cmd_doctor, "", "what is wired wrongly, and the cure"},
};

static char *command_name(const Command *command)
{
    return command->verb ? g_strdup_printf("%s %s", command->noun, command->verb)
                         : g_strdup(command->noun);
}

static void print_help(FILE *out)
{
    fputs("Usage: mailwicket [--config FILE] COMMAND …\n\n", out);
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        g_autofree char *name = command_name(&commands[i]);
        fprintf(out, "  %-14s %s\n", name, commands[i].help);
    }
    fputs("\n`mailwicket COMMAND --help` says more; mailwicket(1) says it all.\n", out);
}

/* The command that argv begins with; *ret_words is how many words its name has. */
static const Command *find_command(int argc, char **argv, int *ret_words)
{
    for (gsize i = 0; i < G_N_ELEMENTS(commands); i++) {
        const Command *command = &commands[i];
        if (argc < 1 || strcmp(argv[0], command->noun) != 0)
            continue;
        *ret_words = command->verb ? 2 : 1;
        if (!command->verb || (argc > 1 && strcmp(argv[1], command->verb) == 0))
            return command;
    }
    return NULL;
}

static int wrong_command(int argc, char **argv)
{
    g_autofree char *words =
        argc > 1 ? g_strdup_printf("%s %s", argv[0], argv[1]) : g_strdup(argv[0]);
    fprintf(stderr, "mailwicket: there is no command \"%s\"\n\n", words);
    print_help(stderr);
    return STATUS_USAGE;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static int run(Ctl *ctl, const Command *command, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    bool help = asks_for_help(argc, argv);
    if (command->needs != NEEDS_NOTHING && !help &&
        !config_load(ctl->config_file, &ctl->config, &error))
        return ctl_fail(error);
    if (command->needs == NEEDS_DESK && !help &&
        (!owner_become(ctl->config->site.data_dir, &error) ||
         !desk_open(ctl->config, &ctl->desk, &error)))
        return ctl_fail(error);
    return command->run(ctl, argc, argv);
}

/* --config may stand before the command; behind it the command's own parser finds it. */
static int take_config(Ctl *ctl, int argc, char **argv)
{
    int used = 1;
    while (used < argc && argv[used][0] == '-') {
        if (strcmp(argv[used], "--config") == 0 && used + 1 < argc) {
            ctl->config_file = argv[used + 1];
            used += 2;
        } else if (g_str_has_prefix(argv[used], "--config=")) {
            ctl->config_file = argv[used] + strlen("--config=");
            used++;
        } else {
            break;
        }
    }
    return used;
}

int main(int argc, char **argv)
{
    Ctl ctl = {0};
    int words = 0, used = take_config(&ctl, argc, argv);
    argc -= used;
    argv += used;
    if (argc == 0) {
        print_help(stderr);
        return STATUS_USAGE;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "help") == 0) {
        print_help(stdout);
        return STATUS_DONE;
    }
    if (strcmp(argv[0], "--version") == 0) {
        puts("mailwicket " MAILWICKET_VERSION);
        return STATUS_DONE;
    }
    const Command *command = find_command(argc, argv, &words);
    if (!command)
        return wrong_command(argc, argv);

    g_autofree char *name = command_name(command);
    g_autofree char *usage = g_strdup_printf("%s %s", name, command->usage);
    ctl.usage = usage;
    int status = run(&ctl, command, argc - words, argv + words);
    g_clear_pointer(&ctl.desk, desk_close);
    g_clear_pointer(&ctl.config, config_free);
    return status;
}
