/* Undoing: the lines that undo what a person had done last, in the opposite order. */
#include "core/desk/order.h"

#include "schema/runs.h"

#define UNDO_SECONDS 3600

static bool undo_line(Order *order, const RunLine *line, GString *told, GError **error)
{
    g_autoptr(CommandBlock) block = command_read(line->undo, COMMAND_MARKED);
    for (guint i = 0; i < block->commands->len; i++) {
        if (!order_act(order, block->commands->pdata[i], error))
            return false;
        g_string_append_printf(told, "%s%s: %s", told->len ? "; " : "", line->line,
                               order->answer);
    }
    return true;
}

bool order_undo(Order *order, const Command *command, GError **error)
{
    g_autoptr(Run) last = NULL;
    g_autoptr(GString) told = g_string_new(NULL);
    Store *store = order->desk->store;
    if (!order_wants_words(order, command, 0, 0, error) ||
        !runs_last(store, order->actor->id, order->ticket->id, order->now - UNDO_SECONDS, &last,
                   error))
        return false;
    if (!last)
        return order_refuse(order, error,
                            "you have commanded nothing on this ticket within the last hour "
                            "that could be undone",
                            "vous n’avez rien commandé sur ce ticket depuis une heure qui "
                            "puisse être défait");
    for (guint i = last->lines->len; i > 0; i--)
        if (!undo_line(order, last->lines->pdata[i - 1], told, error))
            return false;
    if (!runs_undone(store, last->id, order->now, error))
        return false;
    order_set_undo(order, "%s", "");
    return order_say(order, "undone: %s", "défait : %s", told->str);
}
