/* mailwicket ledger: where did that mail go? */
#include "core/base/timestamp.h"
#include "ctl/ctl.h"
#include "schema/ledger.h"

#include <stdio.h>

static bool print_row(const LedgerRow *row, void *user, GError **error)
{
    g_autofree char *at = timestamp_rfc3339(row->at);
    printf("%s %-10s %-8s %8" G_GINT64_FORMAT "  %s  <%s>\n", at, row->verdict,
           *row->ticket_name ? row->ticket_name : "-", row->size, row->reason, row->message_id);
    return true;
}

static bool print_json(const LedgerRow *row, void *user, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    g_auto(GStrv) proofs = g_strsplit(row->proofs, " ", -1);
    json_object_begin(&json, NULL);
    json_integer(&json, "id", row->id);
    json_time(&json, "at", row->at);
    json_string(&json, "verdict", row->verdict);
    json_string(&json, "reason", row->reason);
    json_array_begin(&json, "proofs");
    for (char **proof = proofs; *proof; proof++)
        if (**proof)
            json_string(&json, NULL, *proof);
    json_array_end(&json);
    json_string(&json, "ticket", *row->ticket_name ? row->ticket_name : NULL);
    json_string(&json, "sender", row->sender);
    json_string(&json, "recipient", row->recipient);
    json_string(&json, "queue_id", row->queue_id);
    json_integer(&json, "size", row->size);
    json_string(&json, "message_id", row->message_id);
    json_object_end(&json);
    ctl_json_line(&json);
    return true;
}

int cmd_ledger(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    bool done = ledger_each(ctl->desk->store, ctl->json ? print_json : print_row, NULL, &error);
    return ctl_result(done, &error);
}
