/* Enriched text, of which only the line ends and two escapes matter to a reader of words.
 *
 * Both formats are plain text with commands in angle brackets. In enriched text one line end is
 * a space and each further one is a line end; in richtext line ends are spaces and <nl> is one.
 * Commands are dropped, and what <param> (colours, fonts) and <comment> hold with them.
 *
 * One pass. Never fails: an angle bracket that closes nothing is text. */
#include "core/mail/enriched.h"

#include <glib.h>
#include <string.h>

enum { COMMAND_MAX = 60 };

typedef struct {
    GString *out;
    bool richtext;
    int hidden;   /* elements open whose text is not shown */
    int verbatim; /* <nofill>: line ends are line ends */
} Reader;

static bool is_command(const char *name, gsize length, const char *wanted)
{
    return strlen(wanted) == length && g_ascii_strncasecmp(name, wanted, length) == 0;
}

static void obey(Reader *reader, const char *name, gsize length)
{
    bool closing = *name == '/';
    name += closing;
    length -= closing;
    int step = closing ? -1 : 1;
    if (is_command(name, length, "param") || is_command(name, length, "comment"))
        reader->hidden = MAX(reader->hidden + step, 0);
    else if (is_command(name, length, "nofill"))
        reader->verbatim = MAX(reader->verbatim + step, 0);
    else if (reader->richtext && is_command(name, length, "lt"))
        g_string_append_c(reader->out, '<');
    else if (reader->richtext && (is_command(name, length, "nl") ||
                                  (is_command(name, length, "paragraph") && closing)))
        g_string_append_c(reader->out, '\n');
}

/* At "<"; returns what follows the command, or NULL if it is none. */
static const char *read_command(Reader *reader, const char *at)
{
    gsize length = strcspn(at + 1, "<> \n");
    if (length == 0 || length > COMMAND_MAX || at[1 + length] != '>')
        return NULL;
    obey(reader, at + 1, length);
    return at + length + 2;
}

static const char *read_line_ends(Reader *reader, const char *at)
{
    gsize n = strspn(at, "\n");
    if (reader->verbatim > 0) {
        for (gsize i = 0; i < n; i++)
            g_string_append_c(reader->out, '\n');
    } else if (n == 1 || reader->richtext) {
        g_string_append_c(reader->out, ' ');
    } else {
        for (gsize i = 1; i < n; i++)
            g_string_append_c(reader->out, '\n');
    }
    return at + n;
}

char *enriched_to_text(const char *text, bool richtext)
{
    Reader reader = {.out = g_string_sized_new(strlen(text)), .richtext = richtext};
    for (const char *at = text; *at;) {
        const char *after = NULL;
        if (*at == '<' && at[1] == '<' && !richtext) {
            after = at + 2;
            g_string_append_c(reader.out, '<');
        } else if (*at == '<') {
            after = read_command(&reader, at);
        } else if (*at == '\n' && reader.hidden == 0) {
            after = read_line_ends(&reader, at);
        }
        if (!after) {
            if (reader.hidden == 0)
                g_string_append_c(reader.out, *at);
            after = at + 1;
        }
        at = after;
    }
    return g_string_free(reader.out, FALSE);
}
