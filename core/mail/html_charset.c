/* The charset that an HTML document names in its <meta>, for parts whose header names none.
 *
 * Only the beginning is looked at, as browsers do, and only text within a tag that starts with
 * "<meta": a document may talk about charsets. The label is judged by charset.c. */
#include "core/mail/html.h"

#include <string.h>

enum { LOOK_BYTES = 4096, LABEL_MAX = 40 };

/* The first `word` (lower case) from `at` on, whatever its case. */
static const char *find_word(const char *at, const char *end, const char *word)
{
    gsize length = strlen(word);
    for (; (gsize)(end - at) >= length && at < end; at++)
        if (g_ascii_strncasecmp(at, word, length) == 0)
            return at;
    return NULL;
}

/* What follows "charset", an equals sign and perhaps a quote. */
static char *read_label(const char *at, const char *end)
{
    char label[LABEL_MAX + 1];
    gsize n = 0;
    while (at < end && g_ascii_isspace(*at))
        at++;
    if (at == end || *at != '=')
        return NULL;
    for (at++; at < end && (g_ascii_isspace(*at) || *at == '"' || *at == '\'');)
        at++;
    for (; at < end && n < LABEL_MAX && (g_ascii_isalnum(*at) || strchr("-_.:", *at)); at++) {
        if (*at == '\0')
            break;
        label[n++] = *at;
    }
    return n > 0 ? g_strndup(label, n) : NULL;
}

char *html_charset(const char *html, gsize length)
{
    if (length == 0) /* `html` may be NULL */
        return NULL;
    const char *end = html + MIN(length, (gsize)LOOK_BYTES);
    for (const char *tag = html; (tag = find_word(tag, end, "<meta")) != NULL;) {
        const char *close = memchr(tag, '>', (gsize)(end - tag));
        const char *stop = close ? close : end;
        const char *word = find_word(tag, stop, "charset");
        char *label = word ? read_label(word + strlen("charset"), stop) : NULL;
        if (label)
            return label;
        tag = stop;
    }
    return NULL;
}
