/* Commands about what a ticket is called and how it is sorted. */
#include "core/desk/order.h"

#include "core/base/timestamp.h"
#include "core/base/utf8.h"
#include "core/desk/fold.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/when.h"

#include <string.h>

#define TITLE_CHARS 300
#define WORD_CHARS 40
#define TAGS_MAX 50

/* What is put back must read as one argument, whatever it holds. */
static char *quoted(const char *text)
{
    g_autofree char *plain = g_strdup(text);
    return g_strdup_printf("\"%s\"", g_strdelimit(plain, "\"", '\''));
}

static char *unquoted(const Command *command)
{
    const GPtrArray *words = command->words;
    bool one = words->len == 1 && *command->rest == '"';
    return g_strdup(one ? words->pdata[0] : command->rest);
}

bool order_title(Order *order, const Command *command, GError **error)
{
    g_autofree char *words = unquoted(command);
    g_autofree char *title = utf8_shorten(words, TITLE_CHARS);
    g_autofree char *old = quoted(order->ticket->title);
    if (*title == '\0')
        return order_wants_words(order, command, 1, G_MAXUINT, error);
    if (strcmp(title, order->ticket->title) == 0)
        return order_nothing_new(order);
    if (!ticket_set_title(order->desk, order->ticket, title, order->actor->id, error))
        return false;
    order_set_undo(order, "!title %s", old);
    return order_say(order, "“%s”", "« %s »", title);
}

bool order_priority(Order *order, const Command *command, GError **error)
{
    const char *language = order->french ? "fr" : "en";
    MailPriority old = (MailPriority)order->ticket->priority, priority;
    if (!priority_from_word(command->rest, &priority))
        return order_refuse(
            order, error, "“%s” is no priority; there are: low, normal, high, urgent",
            "« %s » n’est pas une priorité ; il y a : basse, normale, haute, urgente",
            command->rest);
    if (priority == old)
        return order_nothing_new(order);
    if (!ticket_set_priority(order->desk, order->ticket, priority, order->actor->id, error))
        return false;
    order_set_undo(order, "!priority %s", priority_name(old));
    return order_say(order, "%s → %s", "%s → %s", priority_label(old, language),
                     priority_label(priority, language));
}

static bool means_none(const char *word)
{
    static const char *const words[] = {"none", "aucun", "aucune", NULL};
    g_autofree char *folded = fold_text(word);
    return g_strv_contains(words, folded);
}

bool order_type(Order *order, const Command *command, GError **error)
{
    if (!order_wants_words(order, command, 1, 1, error))
        return false;
    const char *word = command->words->pdata[0];
    g_autofree char *lower = g_utf8_strdown(means_none(word) ? "" : word, -1);
    g_autofree char *type = utf8_shorten(lower, WORD_CHARS);
    g_autofree char *old = g_strdup(order->ticket->type);
    if (strcmp(type, old) == 0)
        return order_nothing_new(order);
    if (!ticket_set_type(order->desk, order->ticket, type, order->actor->id, error))
        return false;
    order_set_undo(order, "!type %s", *old ? old : "none");
    return order_say(order, "type: %s", "type : %s", *type ? type : "–");
}

/* --- when it must be done ---------------------------------------------------------------- */

static char *moment_words(const Order *order, gint64 at)
{
    return timestamp_long(at, config_zone(order->desk->config), order->french ? "fr" : "en");
}

/* Undoing puts back a moment that may have gone by; so it is written as a number. */
static bool read_due(const Order *order, const Command *command, gint64 *ret, GError **error)
{
    const char *text = command->rest;
    *ret = 0;
    if (means_none(text))
        return true;
    if (*text == '@') {
        *ret = g_ascii_strtoll(text + 1, NULL, 10);
        return true;
    }
    if (when_read(text, order->now, config_zone(order->desk->config), ret))
        return true;
    return order_refuse(order, error, "“%s” is no moment ahead; like: %s",
                        "« %s » n’est pas un moment à venir ; par exemple : %s", text,
                        when_examples(order->french));
}

bool order_due(Order *order, const Command *command, GError **error)
{
    gint64 due = 0, old = order->ticket->due;
    if (!order_wants_words(order, command, 1, G_MAXUINT, error) ||
        !read_due(order, command, &due, error))
        return false;
    if (due == old)
        return order_nothing_new(order);
    if (!ticket_set_due(order->desk, order->ticket, due, order->actor->id, error))
        return false;
    if (old != 0)
        order_set_undo(order, "!due @%" G_GINT64_FORMAT, old);
    else
        order_set_undo(order, "!due none");
    if (due == 0)
        return order_say(order, "no matter when", "sans échéance");
    g_autofree char *words = moment_words(order, due);
    return order_say(order, "%s", "%s", words);
}

/* --- tags -------------------------------------------------------------------------------- */

static bool has_tag(const GPtrArray *tags, const char *tag)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)tags, tag, g_str_equal, NULL);
}

static bool change_tag(Order *order, const char *word, GString *undo, GError **error)
{
    bool removes = *word == '-';
    g_autofree char *lower = g_utf8_strdown(word + (*word == '+' || *word == '-'), -1);
    g_autofree char *tag = utf8_shorten(lower, WORD_CHARS);
    g_autoptr(GPtrArray) tags = NULL;
    if (*tag == '\0')
        return order_refuse(order, error, "“%s” names no tag", "« %s » ne nomme rien", word);
    if (!tickets_tags(order->desk->store, order->ticket->id, &tags, error))
        return false;
    if (has_tag(tags, tag) != removes)
        return true;
    if (!removes && tags->len >= TAGS_MAX)
        return order_refuse(order, error, "a ticket has at most %d tags",
                            "un ticket a au plus %d étiquettes", TAGS_MAX);
    g_string_append_printf(undo, " %c%s", removes ? '+' : '-', tag);
    return ticket_set_tag(order->desk, order->ticket, tag, !removes, order->actor->id, error);
}

bool order_tag(Order *order, const Command *command, GError **error)
{
    g_autoptr(GString) undo = g_string_new(NULL);
    g_autoptr(GPtrArray) tags = NULL;
    g_autoptr(GString) now = g_string_new(NULL);
    if (!order_wants_words(order, command, 1, TAGS_MAX, error))
        return false;
    for (guint i = 0; i < command->words->len; i++)
        if (!change_tag(order, command->words->pdata[i], undo, error))
            return false;
    if (undo->len == 0)
        return order_nothing_new(order);
    order_set_undo(order, "!tag%s", undo->str);
    if (!tickets_tags(order->desk->store, order->ticket->id, &tags, error))
        return false;
    for (guint i = 0; i < tags->len; i++)
        g_string_append_printf(now, "%s%s", i ? ", " : "", (char *)tags->pdata[i]);
    return order_say(order, "tags: %s", "étiquettes : %s", tags->len ? now->str : "–");
}
