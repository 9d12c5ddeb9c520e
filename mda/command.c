/* Understanding a command line.
 *
 * Strict in what could be read in two ways (control characters, what stands behind a path, the
 * number of words), generous in what is harmless (case, blanks at the end, an obsolete source
 * route, which is dropped). What is an address here need not be one of the desk's: the desk
 * decides about that, and the ledger tells. */
#include "mda/command.h"

#include <string.h>

/* RFC 5321 section 4.5.3.1.3 has 256; Postfix passes on longer ones. */
#define PATH_MAX_BYTES 1000
#define IDENT_MAX 64

static void wrong(Command *command, const char *answer)
{
    command->verb = COMMAND_WRONG;
    command->answer = answer;
}

/* --- words ------------------------------------------------------------------------------- */

static void skip_blanks(const char **at)
{
    while (**at == ' ' || **at == '\t')
        (*at)++;
}

/* "MAIL FROM:<…>" → is it `word`, in any case? Then *at stands behind it. */
static bool take_word(const char **at, const char *word)
{
    gsize length = strlen(word);
    if (g_ascii_strncasecmp(*at, word, length) != 0)
        return false;
    *at += length;
    return true;
}

static bool take_number(const char **at, guint64 *ret)
{
    gsize digits = strspn(*at, "0123456789");
    if (digits == 0 || digits > 18)
        return false;
    *ret = g_ascii_strtoull(*at, NULL, 10);
    *at += digits;
    return true;
}

/* --- paths ------------------------------------------------------------------------------- */

/* The end of "<…>", > in a quoted local part excepted; NULL: there is none. */
static const char *path_end(const char *at)
{
    bool quoted = false;
    for (; *at; at++) {
        if (quoted && *at == '\\' && at[1])
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (*at == '>' && !quoted)
            return at;
        else if (*at == '\t' || ((*at == ' ' || *at == '<') && !quoted))
            return NULL;
    }
    return NULL;
}

/* "@relay,@other:user@host" → "user@host" (RFC 5321 appendix C). */
static const char *skip_route(const char *path, const char *end)
{
    const char *colon = *path == '@' ? memchr(path, ':', (gsize)(end - path)) : NULL;
    return colon ? colon + 1 : path;
}

static bool take_path(const char **at, char **ret)
{
    skip_blanks(at);
    const char *end = **at == '<' ? path_end(*at + 1) : NULL;
    if (!end || end - *at > PATH_MAX_BYTES)
        return false;
    const char *path = skip_route(*at + 1, end);
    *ret = g_strndup(path, (gsize)(end - path));
    *at = end + 1;
    return **at == '\0' || **at == ' ';
}

/* --- commands with arguments ------------------------------------------------------------- */

/* One parameter of MAIL. False: not one we have offered. */
static bool take_parameter(const char **at, Command *command)
{
    static const char *const flags[] = {"SMTPUTF8", "BODY=7BIT", "BODY=8BITMIME"};
    if (take_word(at, "SIZE="))
        return take_number(at, &command->size);
    for (gsize i = 0; i < G_N_ELEMENTS(flags); i++)
        if (take_word(at, flags[i]))
            return true;
    return false;
}

static void parse_mail(const char *at, Command *command)
{
    command->verb = COMMAND_MAIL;
    if (!take_word(&at, "FROM:") || !take_path(&at, &command->address)) {
        wrong(command, "501 5.1.7 wanted: MAIL FROM:<address>");
        return;
    }
    for (skip_blanks(&at); *at; skip_blanks(&at)) {
        if (!take_parameter(&at, command) || (*at && *at != ' ')) {
            wrong(command, "555 5.5.4 unknown parameter");
            return;
        }
    }
}

static void parse_rcpt(const char *at, Command *command)
{
    command->verb = COMMAND_RCPT;
    if (!take_word(&at, "TO:") || !take_path(&at, &command->address) || !*command->address) {
        wrong(command, "501 5.1.3 wanted: RCPT TO:<address>");
        return;
    }
    skip_blanks(&at);
    if (*at)
        wrong(command, "555 5.5.4 unknown parameter");
}

static void parse_bdat(const char *at, Command *command)
{
    command->verb = COMMAND_BDAT;
    bool right = take_number(&at, &command->size);
    skip_blanks(&at);
    if (right && *at)
        command->last = right = take_word(&at, "LAST") && *at == '\0';
    if (!right)
        wrong(command, "501 5.5.4 wanted: BDAT bytes [LAST]");
}

/* xtext (RFC 3461 section 4). */
static char *decode_xtext(const char *word, gsize length)
{
    GString *out = g_string_new(NULL);
    for (gsize i = 0; i < length && out->len < IDENT_MAX; i++) {
        int high = word[i] == '+' && i + 2 < length ? g_ascii_xdigit_value(word[i + 1]) : -1;
        int low = high >= 0 ? g_ascii_xdigit_value(word[i + 2]) : -1;
        if (low < 0) {
            g_string_append_c(out, word[i]);
            continue;
        }
        g_string_append_c(out, (char)(high << 4 | low));
        i += 2;
    }
    return g_string_free(out, FALSE);
}

/* Of what Postfix can tell of a mail we asked for its queue id only. */
static void parse_xforward(const char *at, Command *command)
{
    command->verb = COMMAND_XFORWARD;
    command->ident = g_strdup("");
    for (skip_blanks(&at); *at; skip_blanks(&at)) {
        bool ident = take_word(&at, "IDENT=");
        gsize length = strcspn(at, " \t");
        if (ident && g_ascii_strncasecmp(at, "[UNAVAILABLE]", length) != 0) {
            g_free(command->ident);
            command->ident = decode_xtext(at, length);
        }
        at += length;
    }
}

/* --- all --------------------------------------------------------------------------------- */

typedef struct {
    const char *word;
    CommandVerb verb;
    enum { ARGS_NONE, ARGS_SOME, ARGS_ANY } args;
    void (*parse)(const char *at, Command *command); /* NULL: nothing to understand */
    const char *usage;
} Verb;

static const Verb verbs[] = {
    {"LHLO", COMMAND_LHLO, ARGS_SOME, NULL, "501 5.5.4 wanted: LHLO name"},
    {"MAIL", COMMAND_MAIL, ARGS_ANY, parse_mail, NULL},
    {"RCPT", COMMAND_RCPT, ARGS_ANY, parse_rcpt, NULL},
    {"DATA", COMMAND_DATA, ARGS_NONE, NULL, "501 5.5.4 DATA takes no argument"},
    {"BDAT", COMMAND_BDAT, ARGS_ANY, parse_bdat, NULL},
    {"RSET", COMMAND_RSET, ARGS_NONE, NULL, "501 5.5.4 RSET takes no argument"},
    {"NOOP", COMMAND_NOOP, ARGS_ANY, NULL, NULL},
    {"VRFY", COMMAND_VRFY, ARGS_ANY, NULL, NULL},
    {"QUIT", COMMAND_QUIT, ARGS_NONE, NULL, "501 5.5.4 QUIT takes no argument"},
    {"XFORWARD", COMMAND_XFORWARD, ARGS_ANY, parse_xforward, NULL},
};

static const Verb *find_verb(const char *line, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (strlen(verbs[i].word) == length &&
            g_ascii_strncasecmp(line, verbs[i].word, length) == 0)
            return &verbs[i];
    return NULL;
}

static bool has_control(const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if ((guchar)line[i] < ' ' && line[i] != '\t')
            return true;
    return memchr(line, 0x7f, length) != NULL;
}

static void parse_clean(const char *line, Command *command)
{
    gsize length = strcspn(line, " \t");
    const Verb *verb = find_verb(line, length);
    if (!verb) {
        wrong(command, "500 5.5.2 this is LMTP (RFC 2033), and no such command is known");
        return;
    }
    const char *at = line + length;
    skip_blanks(&at);
    if ((verb->args == ARGS_NONE && *at) || (verb->args == ARGS_SOME && !*at)) {
        wrong(command, verb->usage);
        return;
    }
    command->verb = verb->verb;
    if (verb->parse)
        verb->parse(at, command);
}

void command_parse(const char *line, gsize length, Command *ret)
{
    *ret = (Command){.verb = COMMAND_WRONG};
    if (has_control(line, length)) {
        wrong(ret, "500 5.5.2 control characters in a command, or a line end that is not CRLF");
        return;
    }
    g_autofree char *text = g_strndup(line, length);
    parse_clean(g_strchomp(text), ret);
}

void command_clear(Command *command)
{
    g_clear_pointer(&command->address, g_free);
    g_clear_pointer(&command->ident, g_free);
}
