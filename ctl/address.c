/* mailwicket address …: addresses that refused our mail for good, which nothing is sent to. */
#include "core/desk/failure.h"
#include "core/desk/undelivered.h"
#include "ctl/ctl.h"

#include "core/base/timestamp.h"
#include "schema/people.h"

#include <stdio.h>

static void print_json(const PausedAddress *paused)
{
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    json_object_begin(&json, NULL);
    json_string(&json, "address", paused->address);
    json_string(&json, "name", paused->name);
    json_time(&json, "paused", paused->at);
    json_string(&json, "status", paused->why);
    json_object_end(&json);
    ctl_json_line(&json);
}

static void print_line(const PausedAddress *paused)
{
    g_autofree char *at = timestamp_rfc3339(paused->at);
    const char *words = failure_words(paused->why, "en");
    printf("%s  %-32s %s%s%s%s%s\n", at, paused->address, paused->why, *words ? " " : "", words,
           *paused->name ? "  " : "", paused->name);
}

int cmd_address_list(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    if (!people_paused(ctl->desk->store, &all, &error))
        return ctl_fail(error);
    for (guint i = 0; i < all->len; i++) {
        if (ctl->json)
            print_json(all->pdata[i]);
        else
            print_line(all->pdata[i]);
    }
    return STATUS_DONE;
}

int cmd_address_resume(Ctl *ctl, int argc, char **argv)
{
    return ctl_do_to_one(ctl, undelivered_resume, argc, argv);
}
