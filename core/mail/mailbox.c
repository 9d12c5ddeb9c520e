/* Address lists: RFC 5322 section 3.4 as programs really write it.
 *
 * A loop over tokens, no recursion: the nested groups that bring down recursive parsers are
 * just more separators here. Structure is found before anything is decoded, so that an encoded
 * comma or bracket never makes an address.
 *
 * Nothing fails. Where readers may disagree (two addresses without a comma between them) every
 * candidate becomes an entry, so that a caller who needs exactly one sees that there is not. */
#include "core/mail/header.h"

#include "core/base/utf8.h"
#include "core/mail/charset.h"

#include <string.h>

/* One mailbox while it is being read. */
typedef struct {
    GPtrArray *list;
    GString *phrase;  /* words, unquoted, one space apart: the name */
    GString *address; /* of angle brackets, or the word with an @ */
    GString *comment; /* the last one, the name of old-style mailboxes */
    bool has_address;
    bool angle;  /* it came in angle brackets */
    bool quoted; /* the phrase has quoted words: it is no address */
    bool glue;   /* the next word belongs to the last: "john @ example.org" */
} Reader;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static char *clean_address(const char *raw)
{
    g_autofree char *utf8 = NULL;
    g_autoptr(GString) marked = g_string_new(NULL);
    for (; *raw; raw++) {
        if ((guchar)*raw < ' ' || *raw == 0x7f)
            g_string_append(marked, "\357\277\275"); /* U+FFFD */
        else
            g_string_append_c(marked, *raw);
    }
    utf8 = charset_to_utf8((const guint8 *)marked->str, marked->len, NULL);
    return utf8_clean(utf8, strlen(utf8), TEXT_LINE);
}

/* Ends the mailbox being read, if there is any. */
static void finish(Reader *reader)
{
    bool any = reader->has_address || reader->phrase->len > 0;
    if (any && reader->list->len < HEADER_ADDRESSES_MAX) {
        /* A single word without @ is an address all the same: MAILER-DAEMON, root. */
        const char *phrase = reader->phrase->str;
        bool bare = !reader->has_address && !reader->quoted && !strchr(phrase, ' ') &&
                    !g_str_has_prefix(phrase, "=?");
        bool named = !bare && *phrase != '\0';
        g_autofree char *name = header_decode_text(named ? phrase : reader->comment->str);
        g_autofree char *address = clean_address(bare ? phrase : reader->address->str);
        g_ptr_array_add(reader->list, mail_address_new(name, address));
    }
    g_string_truncate(reader->phrase, 0);
    g_string_truncate(reader->address, 0);
    g_string_truncate(reader->comment, 0);
    reader->has_address = reader->angle = reader->quoted = reader->glue = false;
}

/* At "(": nesting and escapes are followed, the inner text goes to `comment`. */
static const char *read_comment(const char *at, GString *comment)
{
    g_string_truncate(comment, 0);
    int depth = 0;
    for (; *at; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == '(' && depth++ == 0)
            continue;
        else if (*at == ')' && --depth == 0)
            return at + 1;
        if (!is_space(*at) || comment->len > 0)
            g_string_append_c(comment, *at == '\r' || *at == '\n' ? ' ' : *at);
    }
    return at;
}

/* At the opening quote; the unescaped text goes to `word`. */
static const char *read_quoted(const char *at, GString *word)
{
    for (at++; *at && *at != '"'; at++) {
        if (*at == '\\' && at[1] != '\0')
            at++;
        if (*at != '\r' && *at != '\n')
            g_string_append_c(word, *at);
    }
    return *at ? at + 1 : at;
}

/* At "<": up to ">" or, when that is missing, the next comma or the end. A source route
 * (RFC 5322 section 4.4) is left out. */
static const char *read_angle(const char *at, GString *address)
{
    g_autoptr(GString) comment = g_string_new(NULL);
    for (at++; *at && *at != '>';) {
        if (*at == '(') {
            at = read_comment(at, comment);
        } else if (*at == '"') {
            const char *end = at + 1;
            while (*end && *end != '"')
                end += *end == '\\' && end[1] ? 2 : 1;
            end += *end == '"';
            g_string_append_len(address, at, end - at);
            at = end;
        } else if (*at == ':' && *address->str == '@') {
            g_string_truncate(address, 0);
            at++;
        } else if (*at == ',' && *address->str != '@') {
            return at;
        } else {
            if (*at != '<' && *at != '\r' && *at != '\n' &&
                (address->len > 0 || !is_space(*at)))
                g_string_append_c(address, *at);
            at++;
        }
    }
    while (address->len > 0 && is_space(address->str[address->len - 1]))
        g_string_truncate(address, address->len - 1);
    return *at ? at + 1 : at;
}

/* The end of an encoded word at `at`, or NULL: it may hold characters that are special. */
static const char *encoded_word_end(const char *at)
{
    if (at[0] != '=' || at[1] != '?')
        return NULL;
    const char *p = at + 2 + strcspn(at + 2, "? \t\r\n<>\"");
    if (p[0] != '?' || p[1] == '\0' || p[2] != '?')
        return NULL;
    p += 3;
    p += strcspn(p, "? \t\r\n");
    return p[0] == '?' && p[1] == '=' ? p + 2 : NULL;
}

/* Up to the next special character or white space; `at` is on neither. */
static const char *read_atom(const char *at, GString *word)
{
    const char *start = at;
    while (*at && !is_space(*at) && !strchr("(<>\",;:", *at)) {
        const char *end = encoded_word_end(at);
        if (!end && *at == '@' && at[1] == '[') /* an address literal, with colons in IPv6 */
            end = strchr(at, ']');
        at = end ? end : at + 1;
    }
    g_string_append_len(word, start, at - start);
    return at;
}

/* A word outside brackets: part of the name, or the address if it holds an @. */
static void add_word(Reader *reader, const char *word, bool quoted)
{
    bool bare = reader->has_address && !reader->angle;
    bool starts_glued = !quoted && (*word == '@' || (*word == '.' && bare));
    bool is_address = !quoted && strchr(word, '@') != NULL;
    if (reader->has_address && !reader->glue && is_address && !starts_glued)
        finish(reader); /* a second one: its own entry */
    if (bare && (reader->glue || starts_glued)) {
        g_string_append(reader->address, word);
    } else if (starts_glued && reader->phrase->len > 0) { /* "john @example.org" */
        char *last = strrchr(reader->phrase->str, ' ');
        g_string_assign(reader->address, last ? last + 1 : reader->phrase->str);
        g_string_append(reader->address, word);
        g_string_truncate(reader->phrase, last ? (gsize)(last - reader->phrase->str) : 0);
        reader->has_address = true;
    } else if (is_address) {
        g_string_assign(reader->address, word);
        reader->has_address = true;
    } else {
        if (reader->phrase->len > 0)
            g_string_append_c(reader->phrase, ' ');
        g_string_append(reader->phrase, word);
        reader->quoted |= quoted;
    }
    bare = reader->has_address && !reader->angle;
    gsize length = strlen(word);
    reader->glue = bare && !quoted && length > 0 && strchr("@.", word[length - 1]);
}

/* Quoted text is a word of the name unless an @ follows at once: then it is a local part. */
static const char *take_quoted(Reader *reader, const char *at)
{
    g_autoptr(GString) word = g_string_new(NULL);
    const char *end = read_quoted(at, word);
    if (*end == '@') {
        g_string_truncate(word, 0);
        g_string_append_len(word, at, end - at);
        end = read_atom(end, word);
        add_word(reader, word->str, false);
    } else {
        add_word(reader, word->str, true);
    }
    return end;
}

static const char *take_angle(Reader *reader, const char *at)
{
    g_autoptr(GString) address = g_string_new(NULL);
    at = read_angle(at, address);
    if (reader->angle) { /* "<a@x> <b@y>" */
        finish(reader);
    } else if (reader->has_address) { /* "a@x <a@x>": the word was the name */
        if (reader->phrase->len > 0)
            g_string_append_c(reader->phrase, ' ');
        g_string_append_len(reader->phrase, reader->address->str, (gssize)reader->address->len);
    }
    g_string_assign(reader->address, address->str);
    reader->has_address = reader->angle = true;
    reader->glue = false;
    return at;
}

void header_decode_addresses(const char *raw, GPtrArray *list)
{
    g_autoptr(GString) phrase = g_string_new(NULL);
    g_autoptr(GString) address = g_string_new(NULL);
    g_autoptr(GString) comment = g_string_new(NULL);
    g_autoptr(GString) word = g_string_new(NULL);
    Reader reader = {.list = list, .phrase = phrase, .address = address, .comment = comment};
    const char *at = raw;
    while (*at && list->len < HEADER_ADDRESSES_MAX) {
        if (is_space(*at) || *at == '>') {
            at++;
        } else if (*at == ',' || *at == ';') {
            finish(&reader);
            at++;
        } else if (*at == ':') { /* what stood before it is a group's name */
            g_string_truncate(phrase, 0);
            g_string_truncate(comment, 0);
            if (reader.has_address)
                finish(&reader);
            at++;
        } else if (*at == '(') {
            at = read_comment(at, comment);
        } else if (*at == '"') {
            at = take_quoted(&reader, at);
        } else if (*at == '<') {
            at = take_angle(&reader, at);
        } else {
            g_string_truncate(word, 0);
            at = read_atom(at, word);
            add_word(&reader, word->str, false);
        }
    }
    finish(&reader);
}
