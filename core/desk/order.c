/* Which act carries out which verb, and what the acts share. */
#include "core/desk/order.h"

#include "core/base/error.h"

#include <stdarg.h>

void order_clear(Order *order)
{
    g_clear_pointer(&order->answer, g_free);
    g_clear_pointer(&order->undo, g_free);
}

bool order_act(Order *order, const Command *command, GError **error)
{
    static const OrderAct acts[] = {
        [VERB_STATUS] = order_status,    [VERB_OPEN] = order_state,
        [VERB_PROGRESS] = order_state,   [VERB_WAITING] = order_state,
        [VERB_RESOLVE] = order_state,    [VERB_CLOSE] = order_state,
        [VERB_CANCEL] = order_state,     [VERB_REOPEN] = order_state,
        [VERB_TAKE] = order_take,        [VERB_ASSIGN] = order_assign,
        [VERB_QUEUE] = order_queue,      [VERB_CC] = order_cc,
        [VERB_TITLE] = order_title,      [VERB_PRIORITY] = order_priority,
        [VERB_TYPE] = order_type,        [VERB_TAG] = order_tag,
        [VERB_DUE] = order_due,          [VERB_NOTE] = order_note,
        [VERB_QUIET] = order_quiet,      [VERB_UNDO] = order_undo,
        [VERB_LINK] = order_link,        [VERB_ACCEPT] = order_held,
        [VERB_DROP] = order_held,        [VERB_MERGE] = order_merge,
        [VERB_SPLIT] = order_split,      [VERB_DEPENDS] = order_relate,
        [VERB_DUPLICATE] = order_relate, [VERB_REQUESTER] = order_requester,
        [VERB_SPAM] = order_spam,        [VERB_DELETE] = order_delete,
        [VERB_RESTORE] = order_delete,   [VERB_AMEND] = order_amend,
        [VERB_REDACT] = order_redact,    [VERB_RATE] = order_rate,
        [VERB_MUTE] = order_mute,        [VERB_UNMUTE] = order_mute,
        [VERB_SHOW] = order_ask,         [VERB_HISTORY] = order_ask,
        [VERB_HELP] = order_ask,         [VERB_LIST] = order_list,
        [VERB_FIND] = order_find,        [VERB_TRASH] = order_ask,
    };
    order_clear(order);
    order->answer = g_strdup("");
    order->undo = g_strdup("");
    OrderAct act = command->verb->id < G_N_ELEMENTS(acts) ? acts[command->verb->id] : NULL;
    if (act)
        return act(order, command, error);
    return order_refuse(order, error, "not possible yet", "pas encore possible");
}

static char *words_of(const Order *order, const char *en, const char *fr, va_list arguments)
{
    G_GNUC_BEGIN_IGNORE_DEPRECATIONS
    return g_strdup_vprintf(order->french ? fr : en, arguments);
    G_GNUC_END_IGNORE_DEPRECATIONS
}

bool order_refuse(const Order *order, GError **error, const char *en, const char *fr, ...)
{
    va_list arguments;
    va_start(arguments, fr);
    g_autofree char *words = words_of(order, en, fr, arguments);
    va_end(arguments);
    g_set_error_literal(error, WICKET_ERROR, ERROR_REJECTED, words);
    return false;
}

bool order_say(Order *order, const char *en, const char *fr, ...)
{
    va_list arguments;
    va_start(arguments, fr);
    g_free(order->answer);
    order->answer = words_of(order, en, fr, arguments);
    va_end(arguments);
    return true;
}

void order_set_undo(Order *order, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(order->undo);
    order->undo = g_strdup_vprintf(format, arguments);
    va_end(arguments);
}

bool order_nothing_new(Order *order)
{
    return order_say(order, "it is so already", "c’est déjà le cas");
}

bool order_wants_words(const Order *order, const Command *command, guint least, guint most,
                       GError **error)
{
    const Verb *verb = command->verb;
    if (command->words->len >= least && command->words->len <= most)
        return true;
    return order_refuse(order, error, "it is written: !%s %s", "s’écrit : !%s %s",
                        verb_name(verb, order->french), verb->arguments[order->french]);
}
