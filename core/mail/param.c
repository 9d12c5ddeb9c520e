/* Parameters of structured header values: RFC 2045 section 5.1, RFC 2231.
 *
 * One pass over the value. Of several spellings of one parameter the most explicit is taken:
 * name*, then name*0…, then name. Encoded words in a plain value are against the rules and
 * common, so they are decoded; so are values that should have been quoted.
 *
 * Nothing fails: what cannot be read is skipped up to the next semicolon. */
#include "core/mail/header.h"

#include "core/base/utf8.h"
#include "core/mail/charset.h"

#include <stdlib.h>
#include <string.h>

#define SECTIONS_MAX 1000

typedef struct {
    int number;
    bool extended; /* percent-encoded */
    char *value;
} Section;

/* What was found of the wanted parameter. */
typedef struct {
    char *plain, *extended;
    GArray *sections;
} Found;

static void section_clear(gpointer data)
{
    g_free(((Section *)data)->value);
}

static void found_clear(Found *found)
{
    g_free(found->plain);
    g_free(found->extended);
    g_array_unref(found->sections);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Found, found_clear)

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* After the opening quote. A backslash escapes only a quote or itself: others are Windows
 * paths. */
static char *read_quoted(const char **at)
{
    GString *value = g_string_new(NULL);
    const char *p = *at;
    for (; *p && *p != '"'; p++) {
        if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
            p++;
        if (*p != '\r' && *p != '\n')
            g_string_append_c(value, *p);
    }
    *at = *p ? p + 1 : p;
    return g_string_free(value, FALSE);
}

static char *read_value(const char **at)
{
    while (is_space(**at))
        (*at)++;
    if (**at == '"') {
        (*at)++;
        return read_quoted(at);
    }
    const char *start = *at;
    *at += strcspn(start, ";\r\n");
    const char *end = *at;
    while (end > start && is_space(end[-1]))
        end--;
    return g_strndup(start, (gsize)(end - start));
}

/* `suffix` is what stands between the parameter's name and "=": "", "*", "*2", "*2*". Takes
 * `value`. */
static void take_value(Found *found, const char *suffix, gsize length, char *value)
{
    if (length == 0 && !found->plain) {
        found->plain = value;
    } else if (length == 1 && *suffix == '*' && !found->extended) {
        found->extended = value;
    } else if (length > 1 && *suffix == '*' && g_ascii_isdigit(suffix[1]) &&
               found->sections->len < SECTIONS_MAX) {
        Section section = {atoi(suffix + 1), suffix[length - 1] == '*', value};
        g_array_append_val(found->sections, section);
    } else {
        g_free(value);
    }
}

static void read_parameters(const char *raw, const char *name, Found *found)
{
    gsize name_length = strlen(name);
    const char *at = strchr(raw, ';');
    while (at && *at) {
        at += strspn(at, "; \t\r\n");
        const char *key = at;
        gsize length = strcspn(key, "=;");
        at += length;
        if (*at != '=')
            continue;
        at++;
        while (length > 0 && is_space(key[length - 1]))
            length--;
        g_autofree char *value = read_value(&at);
        if (length >= name_length && g_ascii_strncasecmp(key, name, name_length) == 0)
            take_value(found, key + name_length, length - name_length, g_steal_pointer(&value));
        at = strchr(at, ';');
    }
}

static void append_percent_decoded(const char *text, GByteArray *out)
{
    for (; *text; text++) {
        guint8 byte = (guint8)*text;
        if (*text == '%' && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2])) {
            byte = (guint8)(g_ascii_xdigit_value(text[1]) << 4 | g_ascii_xdigit_value(text[2]));
            text += 2;
        }
        g_byte_array_append(out, &byte, 1);
    }
}

/* charset'language'text: returns text, *ret_charset newly allocated; no quotes, no charset. */
static const char *split_extended(const char *value, char **ret_charset)
{
    const char *first = strchr(value, '\'');
    const char *second = first ? strchr(first + 1, '\'') : NULL;
    if (!second)
        return value;
    *ret_charset = g_strndup(value, (gsize)(first - value));
    return second + 1;
}

static int compare_sections(const void *a, const void *b)
{
    int left = ((const Section *)a)->number, right = ((const Section *)b)->number;
    return (left > right) - (left < right);
}

/* Sections in order, as far as none is missing. */
static char *join_sections(GArray *sections)
{
    g_array_sort(sections, compare_sections);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree char *charset = NULL;
    bool extended = false;
    int next = 0;
    for (guint i = 0; i < sections->len; i++) {
        const Section *section = &g_array_index(sections, Section, i);
        if (section->number != next)
            continue;
        const char *text = section->value;
        if (next == 0 && section->extended)
            text = split_extended(text, &charset);
        if (section->extended)
            append_percent_decoded(text, bytes);
        else
            g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
        extended |= section->extended;
        next++;
    }
    if (!extended) { /* encoded words split over sections */
        g_byte_array_append(bytes, (const guint8 *)"", 1);
        return header_decode_text((const char *)bytes->data);
    }
    g_autofree char *text = charset_to_utf8(bytes->data, bytes->len, charset);
    return utf8_clean(text, strlen(text), TEXT_LINE);
}

static char *decode_extended(const char *value)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree char *charset = NULL;
    append_percent_decoded(split_extended(value, &charset), bytes);
    g_autofree char *text = charset_to_utf8(bytes->data, bytes->len, charset);
    return utf8_clean(text, strlen(text), TEXT_LINE);
}

char *header_decode_parameter(const char *raw, const char *name)
{
    g_auto(Found) found = {.sections = g_array_new(FALSE, FALSE, sizeof(Section))};
    g_array_set_clear_func(found.sections, section_clear);
    read_parameters(raw, name, &found);
    if (found.extended)
        return decode_extended(found.extended);
    if (found.sections->len > 0)
        return join_sections(found.sections);
    return found.plain ? header_decode_text(found.plain) : NULL;
}
