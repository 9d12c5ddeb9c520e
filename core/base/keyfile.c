/* Lines of a key file. Not here: which groups and keys there are (config.c). The first thing
 * that is wrong ends the reading, with its line in the message. */
#include "core/base/keyfile.h"

#include "core/base/error.h"
#include "core/base/utf8.h"

#include <string.h>

#define QUOTE_MAX 60
/* Far more than there are keys, few enough to look through for each new one. */
#define ENTRIES_MAX 500

typedef struct {
    const char *path;
    int line;
    char *group; /* NULL before the first */
    GPtrArray *entries;
} Reader;

static void entry_free(gpointer data)
{
    KeyfileEntry *entry = data;
    g_free(entry->group);
    g_free(entry->key);
    g_free(entry->value);
    g_free(entry);
}

char *keyfile_quote(const char *value)
{
    g_autofree char *line = utf8_clean(value, strlen(value), TEXT_LINE);
    g_autofree char *brief = utf8_shorten(line, QUOTE_MAX);
    return g_strdup_printf("\"%s\"", brief);
}

static bool refuse(const Reader *reader, GError **error, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static bool refuse(const Reader *reader, GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *why = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s:%d: %s", reader->path, reader->line,
                why);
    return false;
}

static bool is_name(const char *name)
{
    if (*name == '\0')
        return false;
    for (; *name; name++)
        if (!g_ascii_isalnum(*name) && *name != '_' && *name != '-')
            return false;
    return true;
}

static const KeyfileEntry *find(const Reader *reader, const char *key)
{
    for (guint i = 0; i < reader->entries->len; i++) {
        const KeyfileEntry *entry = reader->entries->pdata[i];
        if (strcmp(entry->group, reader->group) == 0 && strcmp(entry->key, key) == 0)
            return entry;
    }
    return NULL;
}

static bool add(Reader *reader, const char *key, const char *value, GError **error)
{
    if (reader->entries->len == ENTRIES_MAX)
        return refuse(reader, error, "more than %d keys", ENTRIES_MAX);
    KeyfileEntry *entry = g_new0(KeyfileEntry, 1);
    entry->group = g_strdup(reader->group);
    entry->key = g_strdup(key);
    entry->value = g_strdup(value);
    entry->line = reader->line;
    g_ptr_array_add(reader->entries, entry);
    return true;
}

static bool read_group(Reader *reader, char *text, GError **error)
{
    g_autofree char *quoted = keyfile_quote(text);
    char *end = strchr(text, ']');
    if (end == NULL || end[1] != '\0')
        return refuse(reader, error, "%s is not a [group] line", quoted);
    *end = '\0';
    char *name = g_strstrip(text + 1);
    if (!is_name(name))
        return refuse(reader, error, "%s is not a [group] line", quoted);
    g_free(reader->group);
    reader->group = g_strdup(name);
    return find(reader, "") != NULL || add(reader, "", "", error);
}

static bool read_entry(Reader *reader, char *text, GError **error)
{
    g_autofree char *quoted = keyfile_quote(text);
    char *equals = strchr(text, '=');
    if (equals == NULL)
        return refuse(reader, error, "%s is neither [group], key = value nor # comment",
                      quoted);
    *equals = '\0';
    char *key = g_strchomp(text);
    if (!is_name(key))
        return refuse(reader, error, "%s has no key before the =", quoted);
    if (reader->group == NULL)
        return refuse(reader, error, "%s: stands before the first [group]", key);
    const KeyfileEntry *first = find(reader, key);
    if (first != NULL)
        return refuse(reader, error, "[%s] %s: given twice, first on line %d", reader->group,
                      key, first->line);
    return add(reader, key, g_strchug(equals + 1), error);
}

static bool read_line(Reader *reader, const char *start, gsize length, GError **error)
{
    if (memchr(start, '\0', length) != NULL || !g_utf8_validate_len(start, length, NULL))
        return refuse(reader, error, "not UTF-8 text");
    g_autofree char *line = g_strndup(start, length);
    g_strstrip(line); /* the CR of a CR LF too */
    for (const char *c = line; *c; c++)
        if (g_ascii_iscntrl(*c) && *c != '\t')
            return refuse(reader, error, "a control character");
    if (*line == '\0' || *line == '#')
        return true;
    return *line == '[' ? read_group(reader, line, error) : read_entry(reader, line, error);
}

static bool read_lines(Reader *reader, const char *text, gsize length, GError **error)
{
    while (length > 0) {
        const char *stop = memchr(text, '\n', length);
        gsize line = stop != NULL ? (gsize)(stop - text) : length;
        gsize used = stop != NULL ? line + 1 : line;
        reader->line++;
        if (!read_line(reader, text, line, error))
            return false;
        text += used;
        length -= used;
    }
    return true;
}

bool keyfile_parse(const char *path, const char *text, gsize length, GPtrArray **ret,
                   GError **error)
{
    static const char bom[] = "\357\273\277"; /* some editors leave one */
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);
    Reader reader = {.path = path, .entries = entries};
    if (length >= 3 && memcmp(text, bom, 3) == 0) {
        text += 3;
        length -= 3;
    }
    bool done = read_lines(&reader, text, length, error);
    g_free(reader.group);
    if (done)
        *ret = g_steal_pointer(&entries);
    return done;
}
