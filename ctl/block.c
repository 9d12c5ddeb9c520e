/* mailwicket block … */
#include "core/base/timestamp.h"
#include "core/desk/blocking.h"
#include "ctl/ctl.h"
#include "schema/blocks.h"

#include <stdio.h>

int cmd_block_add(Ctl *ctl, int argc, char **argv)
{
    return ctl_do_to_one(ctl, blocking_add, argc, argv);
}

int cmd_block_remove(Ctl *ctl, int argc, char **argv)
{
    return ctl_do_to_one(ctl, blocking_remove, argc, argv);
}

static void print_json(const Block *block)
{
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    json_object_begin(&json, NULL);
    json_string(&json, "blocked", block->key);
    json_time(&json, "added", block->added);
    json_object_end(&json);
    ctl_json_line(&json);
}

int cmd_block_list(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    if (!blocks_list(ctl->desk->store, &all, &error))
        return ctl_fail(error);
    for (guint i = 0; i < all->len; i++) {
        const Block *block = all->pdata[i];
        g_autofree char *at = timestamp_rfc3339(block->added);
        if (ctl->json)
            print_json(block);
        else
            printf("%s  %s\n", at, block->key);
    }
    return STATUS_DONE;
}
