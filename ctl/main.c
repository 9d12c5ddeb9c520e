/* mailwicket: finds the command and runs it. */
#include "core/base/version.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    const char *noun, *verb; /* verb NULL: the noun is the command */
    int (*run)(Ctl *ctl, int argc, char **argv);
    const char *usage; /* behind the name */
    const char *help;
} Command;

static const Command commands[] = {
    {"init", NULL, cmd_init, "[--user NAME]",
     "make database, key and directories; safe to repeat"},
    {"queue", "add", cmd_queue_add, "NAME --address ADDR --prefix SUP [--language fr|en]",
     "open a front door"},
    {"queue", "list", cmd_queue_list, "[--json]", "the queues"},
    {"queue", "map", cmd_queue_map, "[--nexthop TRANSPORT:NEXTHOP]",
     "their addresses as a Postfix map"},
    {"queue", "set", cmd_queue_set, "NAME [--address ADDR] [--language fr|en]",
     "change a queue"},
    {"queue", "remove", cmd_queue_remove, "NAME", "no new tickets; old ones stay"},
    {"agent", "add", cmd_agent_add,
     "ADDR --name NAME [--role technician|admin] [--list] [--queue Q]… [--alias ADDR]…",
     "put somebody on the desk"},
    {"agent", "list", cmd_agent_list, "[--json]", "who is on the desk"},
    {"agent", "set", cmd_agent_set,
     "ADDR [--name NAME] [--role technician|admin] [--queue Q]… [--alias ADDR]…",
     "change an agent"},
    {"agent", "revoke", cmd_agent_revoke, "ADDR", "kill every secret and link of theirs"},
    {"agent", "remove", cmd_agent_remove, "ADDR", "take somebody off the desk"},
    {"address", "list", cmd_address_list, "[--json]", "addresses that bounced and are paused"},
    {"address", "resume", cmd_address_resume, "ADDR", "write to a paused address again"},
    {"block", "add", cmd_block_add, "ADDR|DOMAIN", "hold their mail without a word"},
    {"block", "list", cmd_block_list, "[--json]", "who is blocked"},
    {"block", "remove", cmd_block_remove, "ADDR|DOMAIN", "take their mail again"},
    {"ticket", "list", cmd_ticket_list, "[--all] [--queue Q] [--status S] [--json]",
     "tickets, latest first"},
    {"ticket", "show", cmd_ticket_show, "ID [--json]", "one ticket, all of it"},
    {"ticket", "find", cmd_ticket_find, "WORDS… [--json]", "tickets by what was written"},
    {"ticket", "set", cmd_ticket_set, "ID [--status S] [--assign ADDR|none] [--priority P]",
     "change a ticket"},
    {"transcript", NULL, cmd_transcript, "ID [--for ADDR] [--output FILE]",
     "all of a ticket as one HTML file"},
    {"link", NULL, cmd_link, "ID [ADDR]", "the page's address for the requester (or ADDR)"},
    {"ledger", NULL, cmd_ledger, "[--json]", "a line a delivery"},
    {"held", "list", cmd_held_list, "[--json]", "mail that waits for a decision"},
    {"held", "show", cmd_held_show, "N", "one held mail"},
    {"held", "accept", cmd_held_accept, "N", "publish its text"},
    {"held", "drop", cmd_held_drop, "N", "show it to nobody"},
    {"outbox", "list", cmd_outbox_list, "[--json]", "mail waiting, sent, dead"},
    {"outbox", "show", cmd_outbox_show, "N [--json]", "one outgoing mail"},
    {"explain", NULL, cmd_explain, "[--json] FILE…",
     "how mails are understood and what would be done"},
    {"doctor", NULL, cmd_doctor, "", "what is wired wrongly, and the cure"},
    {"status", NULL, cmd_status, "[--json]", "what waits and what runs, for monitoring"},
    {"check", NULL, cmd_check, "[--json]", "whether the database is whole"},
    {"reindex", NULL, cmd_reindex, "", "fill the search index anew"},
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

static bool is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* What may stand before the command; behind it the command's own parser finds it. Returns how
 * many words were used, or -1 when one is missing. */
static int take_config(Ctl *ctl, int argc, char **argv)
{
    int used = 1;
    while (used < argc) {
        const char *file = NULL;
        if (strcmp(argv[used], "--config") == 0) {
            if (++used == argc)
                return -1;
            file = argv[used];
        } else if (g_str_has_prefix(argv[used], "--config=")) {
            file = argv[used] + strlen("--config=");
        } else {
            break;
        }
        g_free(ctl->config_file);
        ctl->config_file = g_strdup(file);
        used++;
    }
    return used;
}

static int run(Ctl *ctl, int argc, char **argv)
{
    int words = 0;
    if (argc == 0) {
        print_help(stderr);
        return STATUS_USAGE;
    }
    if (is_help(argv[0]) || strcmp(argv[0], "help") == 0) {
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
    ctl->usage = usage;
    return command->run(ctl, argc - words, argv + words);
}

int main(int argc, char **argv)
{
    Ctl ctl = {0};
    int used = take_config(&ctl, argc, argv), status = STATUS_USAGE;
    if (used < 0)
        fputs("mailwicket: --config needs a FILE\n", stderr);
    else
        status = run(&ctl, argc - used, argv + used);
    g_clear_pointer(&ctl.desk, desk_close);
    g_clear_pointer(&ctl.config, config_free);
    g_free(ctl.config_file);
    return status;
}
