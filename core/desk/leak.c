/* Comparing lines: those of the answer against a set of those that must stay inside. */
#include "core/desk/leak.h"

#include "schema/messages.h"

#include <string.h>

#define MIN_CHARS 16

/* The line without quote marks, lower-cased, runs of white space as one; NULL if too short to
 * tell anything. */
static char *normal_line(const char *line)
{
    g_autoptr(GString) out = g_string_new(NULL);
    line += strspn(line, "> \t|");
    for (const char *p = line; *p; p++) {
        bool blank = g_ascii_isspace(*p);
        if (!blank)
            g_string_append_c(out, *p);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
    }
    g_strchomp(out->str);
    if (g_utf8_strlen(out->str, -1) < MIN_CHARS)
        return NULL;
    return g_utf8_strdown(out->str, -1);
}

static void add_lines(GHashTable *set, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *normal = normal_line(*line);
        if (normal)
            g_hash_table_add(set, normal);
    }
}

bool leak_quotes_note(Desk *desk, const Ticket *ticket, const char *reply, bool *ret,
                      GError **error)
{
    g_autoptr(GPtrArray) messages = NULL;
    g_autoptr(GHashTable) inside = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    *ret = false;
    if (!messages_of(desk->store, ticket->id, &messages, error))
        return false;
    for (guint i = 0; i < messages->len; i++) {
        const Message *message = messages->pdata[i];
        add_lines(message->visibility == VISIBILITY_PUBLIC ? said : inside, message->reply);
    }
    g_auto(GStrv) lines = g_strsplit(reply, "\n", -1);
    for (char **line = lines; *line && !*ret; line++) {
        g_autofree char *normal = normal_line(*line);
        *ret = normal && g_hash_table_contains(inside, normal) &&
               !g_hash_table_contains(said, normal);
    }
    return true;
}
