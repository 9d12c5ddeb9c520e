/* The admin's command line: what its commands share.
 *
 * A command is a row of the table in main.c. It gets what stands behind its name, understands
 * it, then opens what it needs, and returns the exit status: 0 done, 1 refused (says why), 2
 * wrong usage, 75 try again. Only this floor prints. */
#pragma once

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/desk/desk.h"

#include <glib.h>

enum { STATUS_DONE = 0, STATUS_REFUSED = 1, STATUS_USAGE = 2, STATUS_AGAIN = 75 };

typedef struct {
    char *config_file; /* --config, NULL for the default */
    Config *config;    /* NULL until opened */
    Desk *desk;        /* NULL until opened */
    const char *usage; /* of the running command: "queue add NAME --address ADDR …" */
    bool json;         /* a list was asked for with --json */
} Ctl;

/* Prints "mailwicket: MESSAGE" and returns the exit status the error stands for. */
int ctl_fail(const GError *error);
/* ctl_fail unless `done`; frees nothing. Takes the error's place, so that the call that sets it
 * may stand among the arguments. */
int ctl_result(bool done, GError *const *error);
/* Prints what is wrong and how the command is used; STATUS_USAGE. */
int ctl_wrong_usage(const Ctl *ctl, const char *what);

/* Parses `entries` and --config out of argv (options may stand anywhere) and checks that `min`
 * to `max` words are left; *ret holds them, NULL-terminated, borrowed from argv. Values are
 * declared as G_OPTION_ARG_FILENAME: GLib would refuse others outside a UTF-8 locale. They are
 * UTF-8 afterwards, and so are the words, except where any number may stand (`max` -1): those
 * are files. Prints what is wrong and returns false, or prints the help: then *ret_status says
 * which. */
bool ctl_parse(Ctl *ctl, const GOptionEntry *entries, int min, int max, int argc, char **argv,
               char ***ret, int *ret_status);
/* A row id; prints what is wrong otherwise. */
bool ctl_parse_id(const char *word, gint64 *ret);

/* Opens the configuration; the configuration and the desk, as the owner of its data. Prints
 * what is wrong otherwise. */
bool ctl_open_config(Ctl *ctl, int *ret_status);
bool ctl_open_desk(Ctl *ctl, int *ret_status);
/* For a list, which takes --json (see Ctl) and nothing else: parses; parses, then opens the
 * desk. */
bool ctl_parse_list(Ctl *ctl, int argc, char **argv, int *ret_status);
bool ctl_open_list(Ctl *ctl, int argc, char **argv, int *ret_status);

/* The whole of a command that does one thing to one word, and takes no options. */
typedef bool (*CtlAct)(Desk *desk, const char *word, GError **error);
int ctl_do_to_one(Ctl *ctl, CtlAct act, int argc, char **argv);

/* Prints a finished JSON line and empties it. */
void ctl_json_line(JsonWriter *json);

int cmd_check(Ctl *ctl, int argc, char **argv);
int cmd_reindex(Ctl *ctl, int argc, char **argv);
int cmd_status(Ctl *ctl, int argc, char **argv);
int cmd_init(Ctl *ctl, int argc, char **argv);
int cmd_queue_add(Ctl *ctl, int argc, char **argv);
int cmd_queue_list(Ctl *ctl, int argc, char **argv);
int cmd_queue_map(Ctl *ctl, int argc, char **argv);
int cmd_queue_set(Ctl *ctl, int argc, char **argv);
int cmd_queue_remove(Ctl *ctl, int argc, char **argv);
int cmd_agent_add(Ctl *ctl, int argc, char **argv);
int cmd_agent_list(Ctl *ctl, int argc, char **argv);
int cmd_agent_set(Ctl *ctl, int argc, char **argv);
int cmd_agent_revoke(Ctl *ctl, int argc, char **argv);
int cmd_agent_remove(Ctl *ctl, int argc, char **argv);
int cmd_address_list(Ctl *ctl, int argc, char **argv);
int cmd_address_resume(Ctl *ctl, int argc, char **argv);
int cmd_block_add(Ctl *ctl, int argc, char **argv);
int cmd_block_list(Ctl *ctl, int argc, char **argv);
int cmd_block_remove(Ctl *ctl, int argc, char **argv);
int cmd_ticket_list(Ctl *ctl, int argc, char **argv);
int cmd_ticket_show(Ctl *ctl, int argc, char **argv);
int cmd_ticket_find(Ctl *ctl, int argc, char **argv);
int cmd_ticket_set(Ctl *ctl, int argc, char **argv);
int cmd_transcript(Ctl *ctl, int argc, char **argv);
int cmd_link(Ctl *ctl, int argc, char **argv);
int cmd_ledger(Ctl *ctl, int argc, char **argv);
int cmd_held_list(Ctl *ctl, int argc, char **argv);
int cmd_held_show(Ctl *ctl, int argc, char **argv);
int cmd_held_accept(Ctl *ctl, int argc, char **argv);
int cmd_held_drop(Ctl *ctl, int argc, char **argv);
int cmd_outbox_list(Ctl *ctl, int argc, char **argv);
int cmd_outbox_show(Ctl *ctl, int argc, char **argv);
int cmd_explain(Ctl *ctl, int argc, char **argv);
int cmd_doctor(Ctl *ctl, int argc, char **argv);
