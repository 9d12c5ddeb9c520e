/* Unwrapping format=flowed, RFC 3676 section 4: one pass, line by line.
 *
 * A line flows into the next if it ends in a space and the next is quoted as deep. Never fails:
 * text that lies about being flowed only gets its lines joined. */
#include "core/mail/flowed.h"

#include <string.h>

typedef struct {
    gsize depth;
    const char *text; /* without quote marks and stuffing */
    gsize length;
    bool flows;
} Line;

static bool is_signature(const Line *line)
{
    return line->length == 3 && memcmp(line->text, "-- ", 3) == 0;
}

static Line read_line(const char *at, gsize length)
{
    Line line = {.text = at, .length = length};
    while (line.length > 0 && *line.text == '>') {
        line.depth++;
        line.text++;
        line.length--;
    }
    if (line.length > 0 && *line.text == ' ') {
        line.text++;
        line.length--;
    }
    line.flows = line.length > 0 && line.text[line.length - 1] == ' ' && !is_signature(&line);
    return line;
}

char *flowed_unwrap(const char *text, bool delsp)
{
    GString *out = g_string_sized_new(strlen(text));
    Line last = {0};
    while (*text) {
        gsize length = strcspn(text, "\n");
        Line line = read_line(text, length);
        bool joins = last.flows && line.depth == last.depth && !is_signature(&line);
        if (joins) {
            g_string_truncate(out, out->len - 1); /* the line end */
            if (delsp)
                g_string_truncate(out, out->len - 1);
        } else {
            for (gsize i = 0; i < line.depth; i++)
                g_string_append_c(out, '>');
            if (line.depth > 0 && line.length > 0)
                g_string_append_c(out, ' ');
        }
        g_string_append_len(out, line.text, (gssize)line.length);
        g_string_append_c(out, '\n');
        last = line;
        text += length + (text[length] == '\n');
    }
    return g_string_free(out, FALSE);
}
