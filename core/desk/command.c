/* Reading the block of commands. Linear; nothing fails: what is no command is text.
 *
 * Not here: who may, and what happens (order.h). */
#include "core/desk/command.h"

#include <string.h>

void command_free(Command *command)
{
    if (!command)
        return;
    g_free(command->line);
    g_free(command->word);
    g_free(command->rest);
    g_clear_pointer(&command->words, g_ptr_array_unref);
    g_free(command);
}

void command_block_free(CommandBlock *block)
{
    if (!block)
        return;
    g_ptr_array_unref(block->commands);
    g_free(block->text);
    g_free(block->stray);
    g_free(block);
}

/* --- one line ---------------------------------------------------------------------------- */

/* What phones and word processors put in the place of what was typed. */
static char *plain(const char *line, gsize length)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = line; p < line + length; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        switch (c) {
        case 0xFEFF: /* byte order mark */
        case 0x200B: /* zero width space */
            break;
        case 0x00A0:
        case 0x202F:
        case 0x2007:
        case '\t':
            g_string_append_c(out, ' ');
            break;
        case 0x201C:
        case 0x201D:
        case 0x00AB:
        case 0x00BB:
            g_string_append_c(out, '"');
            break;
        case 0xFF01: /* fullwidth ! */
            g_string_append_c(out, '!');
            break;
        default:
            g_string_append_unichar(out, c);
        }
    }
    return g_strchomp(g_string_free(g_steal_pointer(&out), FALSE));
}

/* The next word of *at, or NULL. « mot » leaves a space within its quotes, which is cut. */
static char *next_word(const char **at)
{
    const char *p = *at + strspn(*at, " ");
    if (*p == '\0')
        return NULL;
    g_autoptr(GString) word = g_string_new(NULL);
    bool quoted = false;
    for (; *p && (quoted || *p != ' '); p++) {
        if (*p == '"')
            quoted = !quoted;
        else
            g_string_append_c(word, *p);
    }
    *at = p;
    return g_strstrip(g_string_free(g_steal_pointer(&word), FALSE));
}

static GPtrArray *split_words(const char *rest)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    char *word;
    while ((word = next_word(&rest)))
        g_ptr_array_add(words, word);
    return words;
}

/* The verb ends with its first space: "priorité-haute" is one word, unknown. */
static Command *command_new(const char *line, const char *from)
{
    Command *command = g_new0(Command, 1);
    gsize length = strcspn(from, " ");
    command->line = g_strdup(line);
    command->word = g_strndup(from, length);
    command->verb = verb_find(command->word);
    command->rest = g_strstrip(g_strdup(from + length));
    command->words = split_words(command->rest);
    return command;
}

/* A mark and a letter right behind it: "!!!" and "! important" are text. */
static bool is_marked(const char *line, char mark)
{
    return line[0] == mark && g_unichar_isalpha(g_utf8_get_char(line + 1));
}

/* NULL: the line is text. */
static Command *read_line(const char *line, CommandStyle style)
{
    if (is_marked(line, '!'))
        return command_new(line, line + 1);
    if (!is_marked(line, '#') && style == COMMAND_MARKED)
        return NULL;
    Command *command = command_new(line, line + (*line == '#'));
    if (command->verb || (style == COMMAND_BARE && *line != '\0'))
        return command;
    command_free(command);
    return NULL;
}

/* --- the block --------------------------------------------------------------------------- */

static const char *line_end(const char *line)
{
    const char *end = strchr(line, '\n');
    return end ? end : line + strlen(line);
}

static bool is_known(const char *line)
{
    g_autoptr(GString) word = g_string_new_len(line + 1, (gssize)strcspn(line + 1, " "));
    return verb_find(word->str) != NULL;
}

/* Lines of the text: an escaped mark loses its backslash, a command is noticed. */
static char *read_text(const char *text, char **ret_stray)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *line = text; *line;) {
        const char *end = line_end(line);
        g_autofree char *read = plain(line, (gsize)(end - line));
        bool escaped = line[0] == '\\' && (line[1] == '!' || line[1] == '#');
        bool marked = is_marked(read, '!') || is_marked(read, '#');
        if (marked && !*ret_stray && is_known(read))
            *ret_stray = g_steal_pointer(&read);
        g_string_append_len(out, line + escaped, end - line - escaped);
        if (*end)
            g_string_append_c(out, '\n');
        line = *end ? end + 1 : end;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static const char *skip_blank_lines(const char *text)
{
    for (;;) {
        const char *end = line_end(text);
        g_autofree char *line = plain(text, (gsize)(end - text));
        if (*line != '\0' || *end == '\0')
            return *line ? text : end;
        text = end + 1;
    }
}

CommandBlock *command_read(const char *text, CommandStyle style)
{
    CommandBlock *block = g_new0(CommandBlock, 1);
    block->commands = g_ptr_array_new_with_free_func((GDestroyNotify)command_free);
    const char *at = skip_blank_lines(text);
    while (*at && block->commands->len < COMMAND_LINES_MAX) {
        const char *end = line_end(at);
        g_autofree char *line = plain(at, (gsize)(end - at));
        Command *command = read_line(line, style);
        if (!command)
            break;
        g_ptr_array_add(block->commands, command);
        at = *end ? end + 1 : end;
    }
    /* Without commands the text stays as it was written, to the last space. */
    const char *rest = block->commands->len ? skip_blank_lines(at) : text;
    block->text = read_text(rest, &block->stray);
    return block;
}
