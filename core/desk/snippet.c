/* Cutting a line out of a text. */
#include "core/desk/snippet.h"

#include <string.h>

/* Characters. */
#define BEFORE 60
#define AROUND 160

typedef struct {
    const GPtrArray *words;
    gsize at;
} Place;

/* WordEach */
static bool is_elsewhere(const char *word, gsize length, gsize from, gsize to, void *user)
{
    Place *place = user;
    for (guint i = 0; i < place->words->len; i++) {
        const char *wanted = place->words->pdata[i];
        gsize size = strlen(wanted);
        if (size <= length && memcmp(wanted, word, size) == 0) {
            place->at = from;
            return false;
        }
    }
    return true;
}

/* At most `max` characters before `at`, from the beginning of a word on. */
static const char *go_back(const char *text, const char *at, int max)
{
    const char *from = at, *space = NULL;
    for (int i = 0; i < max && from > text; i++) {
        from = g_utf8_prev_char(from);
        if (g_ascii_isspace(*from))
            space = from;
    }
    if (from == text)
        return text;
    return space ? space + 1 : at;
}

/* At most `max` characters after `from`, to the end of a word if one ends behind `at`. */
static const char *go_on(const char *from, const char *at, int max)
{
    const char *to = from, *space = NULL;
    for (int i = 0; i < max && *to; i++) {
        if (to > at && g_ascii_isspace(*to))
            space = to;
        to = g_utf8_next_char(to);
    }
    return !*to || !space ? to : space;
}

/* White space becomes one space each. */
static void append_line(GString *out, const char *from, const char *to)
{
    bool space = false;
    for (const char *c = from; c < to; c++) {
        if (g_ascii_isspace(*c)) {
            space = true;
            continue;
        }
        if (space && out->len)
            g_string_append_c(out, ' ');
        space = false;
        g_string_append_c(out, *c);
    }
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n\f\v")] == '\0';
}

char *snippet_make(const WordReader *reader, const char *text, const GPtrArray *words)
{
    Place place = {words, 0};
    words_each(reader, text, strlen(text), is_elsewhere, &place);
    const char *at = text + place.at;
    const char *from = go_back(text, at, BEFORE), *to = go_on(from, at, AROUND);
    GString *out = g_string_new(from > text ? "… " : NULL);
    g_autoptr(GString) line = g_string_new(NULL);
    append_line(line, from, to);
    g_string_append_len(out, line->str, (gssize)line->len);
    if (!is_blank(to))
        g_string_append(out, " …");
    return g_string_free(out, FALSE);
}
