/* Never fails: what is no line of this shape is told by its lack of a value. */
#include "core/mail/content_line.h"

#include "core/base/utf8.h"

#include <string.h>

bool content_line_next(const char **at, const char *end, GString *line)
{
    if (*at == end)
        return false;
    g_string_truncate(line, 0);
    do {
        const char *lf = memchr(*at, '\n', (gsize)(end - *at));
        const char *stop = lf ? lf : end;
        gsize length = (gsize)(stop - *at);
        if (length > 0 && (*at)[length - 1] == '\r')
            length--;
        gsize room = CONTENT_LINE_MAX - MIN(line->len, CONTENT_LINE_MAX);
        g_string_append_len(line, *at, (gssize)MIN(length, room));
        *at = lf ? lf + 1 : end;
    } while (*at < end && (**at == ' ' || **at == '\t') && (*at)++);
    return true;
}

/* Behind the first colon outside quotes. */
char *content_line_divide(char *line)
{
    bool quoted = false;
    for (char *p = line; *p; p++) {
        quoted ^= *p == '"';
        if (*p == ':' && !quoted) {
            *p = '\0';
            return p + 1;
        }
    }
    return NULL;
}

bool content_line_is(const char *line, const char *name)
{
    gsize length = strlen(name);
    return g_ascii_strncasecmp(line, name, length) == 0 &&
           (line[length] == ';' || line[length] == '\0');
}

char *content_line_text(const char *value)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (; *value; value++) {
        if (*value == '\\' && value[1]) {
            value++;
            g_string_append_c(out, *value == 'n' || *value == 'N' ? ' ' : *value);
        } else {
            g_string_append_c(out, *value);
        }
    }
    return utf8_clean(out->str, out->len, TEXT_LINE);
}
