/* Header fields and bodies of outgoing mail.
 *
 * Encoded words are always Q: readers based on GMime 3.2 lose text after a padded B word, and
 * one encoder is enough. Nothing here fails; what cannot be written as it is gets encoded or
 * cut. The order of fields and the parts of a mail are compose.c's. */
#include "core/mail/encode.h"

#include "core/base/utf8.h"

#include <string.h>

#define LINE_OCTETS 76    /* RFC 2047 section 2: of a line that holds an encoded word */
#define RAW_WORD_MAX 900  /* an unfoldable word beyond this would near 998 octets a line */
#define VALUE_CHARS 1000  /* of one value; more has no reader */
#define QUOTED_MAX 60     /* octets of a quoted string or parameter, kept on one line */
#define FILE_NAME_MAX 200 /* file systems end at 255 bytes */
#define WORD_OPEN "=?utf-8?q?"
#define WORD_CLOSE "?="

static bool is_atext(guchar c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_printable(guchar c)
{
    return c >= 0x20 && c < 0x7f;
}

/* --- header fields ----------------------------------------------------------------------- */

/* A header field in the making. */
typedef struct {
    GString *out;
    gsize column;
} Field;

static Field field_begin(GString *out, const char *name)
{
    g_string_append_printf(out, "%s:", name);
    return (Field){out, strlen(name) + 1};
}

static void field_fold(Field *field)
{
    g_string_append(field->out, "\r\n");
    field->column = 0;
}

/* A space (or a fold and a space), then the word. The first word of a field is never folded
 * away: some readers lose a field whose first line is empty. */
static void field_word(Field *field, const char *word, gsize length, bool first)
{
    if (!first && field->column + 1 + length > LINE_OCTETS)
        field_fold(field);
    g_string_append_c(field->out, ' ');
    g_string_append_len(field->out, word, length);
    field->column += 1 + length;
}

static void field_end(Field *field)
{
    g_string_append(field->out, "\r\n");
}

/* The Q encoding of one character, in the alphabet that is allowed everywhere (RFC 2047
 * section 5, rule 3). */
static void q_character(GString *out, const char *at, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)at[i];
        if (c == ' ')
            g_string_append_c(out, '_');
        else if (g_ascii_isalnum(c) || (c && strchr("!*+-/", c)))
            g_string_append_c(out, (char)c);
        else
            g_string_append_printf(out, "=%02X", c);
    }
}

/* `length` bytes of UTF-8 as encoded words, cut between characters. */
static void field_encoded(Field *field, const char *text, gsize length, bool first)
{
    const gsize frame = strlen(WORD_OPEN) + strlen(WORD_CLOSE);
    const char *end = text + length;
    g_autoptr(GString) word = g_string_new(WORD_OPEN);
    g_autoptr(GString) next = g_string_new(NULL);
    for (const char *at = text; at < end;) {
        gsize bytes = (gsize)(g_utf8_next_char(at) - at);
        g_string_truncate(next, 0);
        q_character(next, at, bytes);
        gsize longer = word->len + next->len + strlen(WORD_CLOSE);
        bool begun = word->len > strlen(WORD_OPEN);
        /* A word goes on while it fits behind what the line already holds; a word just begun
         * may also move to a line of its own. */
        gsize room = LINE_OCTETS - 1;
        if (field->column + 1 + frame + 12 <= LINE_OCTETS)
            room = LINE_OCTETS - 1 - field->column;
        if (begun && longer > room) {
            g_string_append(word, WORD_CLOSE);
            field_word(field, word->str, word->len, first);
            first = false;
            g_string_assign(word, WORD_OPEN);
            continue;
        }
        g_string_append_len(word, next->str, next->len);
        at += bytes;
    }
    g_string_append(word, WORD_CLOSE);
    field_word(field, word->str, word->len, first);
}

static char *clean_value(const char *value)
{
    g_autofree char *line = utf8_clean(value, strlen(value), TEXT_LINE);
    return utf8_shorten(line, VALUE_CHARS);
}

/* A run between single spaces that cannot stand in a header as it is. An empty one is a double
 * space, which folding could lose. */
static bool word_needs_encoding(const char *word, gsize length)
{
    if (length == 0 || length > RAW_WORD_MAX || g_strstr_len(word, (gssize)length, "=?"))
        return true;
    for (gsize i = 0; i < length; i++) {
        if (!is_printable((guchar)word[i]))
            return true;
    }
    return false;
}

/* The words of `text` from the first that needs encoding to the last, as byte offsets; false
 * if none does. A double space takes the words around it along: an encoded word may not be
 * empty. */
static bool encoded_span(const char *text, gsize *ret_start, gsize *ret_end)
{
    bool any = false;
    gsize length = strlen(text), previous = 0;
    for (gsize start = 0; start <= length;) {
        gsize end = start + strcspn(text + start, " ");
        if (word_needs_encoding(text + start, end - start)) {
            if (!any)
                *ret_start = end == start ? previous : start;
            any = true;
            *ret_end = end;
            if (end == start && end < length)
                *ret_end = end + 1 + strcspn(text + end + 1, " ");
        }
        previous = start;
        start = end + 1;
    }
    return any;
}

static void field_raw_words(Field *field, const char *text, gsize length, bool *first)
{
    const char *end = text + length;
    while (text < end) {
        gsize word = strcspn(text, " ");
        if (word > (gsize)(end - text))
            word = (gsize)(end - text);
        field_word(field, text, word, *first);
        *first = false;
        text += word + 1;
    }
}

void encode_text(GString *out, const char *name, const char *value)
{
    g_autofree char *text = clean_value(value);
    Field field = field_begin(out, name);
    bool first = true;
    gsize start = 0, end = 0;
    if (encoded_span(text, &start, &end)) {
        if (start > 0)
            field_raw_words(&field, text, start - 1, &first);
        field_encoded(&field, text + start, end - start, first);
        first = false;
        if (text[end])
            field_raw_words(&field, text + end + 1, strlen(text + end + 1), &first);
    } else if (*text) {
        field_raw_words(&field, text, strlen(text), &first);
    } else {
        g_string_append_c(out, ' ');
    }
    field_end(&field);
}

/* A quoted-string (RFC 5322 section 3.2.4), or NULL if the phrase needs encoded words. */
static char *quoted_phrase(const char *text)
{
    if (strlen(text) > QUOTED_MAX || strstr(text, "=?"))
        return NULL;
    bool plain = true;
    for (const char *at = text; *at; at++) {
        if (!is_printable((guchar)*at))
            return NULL;
        plain = plain && (is_atext((guchar)*at) || *at == ' ');
    }
    if (plain && !strstr(text, "  "))
        return g_strdup(text);
    GString *quoted = g_string_new("\"");
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c(quoted, '\\');
        g_string_append_c(quoted, *at);
    }
    g_string_append_c(quoted, '"');
    return g_string_free(quoted, FALSE);
}

void encode_mailbox(GString *out, const char *name, const char *display, const char *address)
{
    g_autofree char *text = clean_value(display ? display : "");
    Field field = field_begin(out, name);
    if (!*text) {
        field_word(&field, address, strlen(address), true);
        field_end(&field);
        return;
    }
    g_autofree char *quoted = quoted_phrase(text);
    if (quoted)
        field_word(&field, quoted, strlen(quoted), true);
    else
        field_encoded(&field, text, strlen(text), true);
    g_autofree char *angle = g_strdup_printf("<%s>", address);
    field_word(&field, angle, strlen(angle), false);
    field_end(&field);
}

/* --- parameters and file names ----------------------------------------------------------- */

static bool parameter_is_plain(const char *value)
{
    gsize length = strlen(value);
    if (length > QUOTED_MAX || strstr(value, "=?"))
        return false;
    for (gsize i = 0; i < length; i++) {
        if (!is_printable((guchar)value[i]) || value[i] == '"' || value[i] == '\\')
            return false;
    }
    return true;
}

static void percent_character(GString *out, const char *at, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)at[i];
        if (g_ascii_isalnum(c) || (c && strchr("-._", c)))
            g_string_append_c(out, (char)c);
        else
            g_string_append_printf(out, "%%%02X", c);
    }
}

/* Continuations (RFC 2231 section 4.1), each within one line and cut between characters. */
static void extended_parameter(GString *out, const char *name, const char *value)
{
    g_autoptr(GPtrArray) pieces = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) piece = g_string_new("utf-8''");
    const gsize room = LINE_OCTETS - strlen(" ;") - strlen(name) - strlen("*00*=");
    for (const char *at = value; *at;) {
        gsize bytes = (gsize)(g_utf8_next_char(at) - at);
        gsize before = piece->len;
        percent_character(piece, at, bytes);
        if (piece->len > room) {
            g_ptr_array_add(pieces, g_strndup(piece->str, before));
            g_string_erase(piece, 0, (gssize)before);
        }
        at += bytes;
    }
    g_ptr_array_add(pieces, g_strdup(piece->str));
    if (pieces->len == 1) {
        g_string_append_printf(out, ";\r\n %s*=%s", name, piece->str);
        return;
    }
    for (guint i = 0; i < pieces->len; i++)
        g_string_append_printf(out, ";\r\n %s*%u*=%s", name, i, (char *)pieces->pdata[i]);
}

void encode_parameter(GString *out, const char *name, const char *value)
{
    g_autofree char *text = clean_value(value);
    if (parameter_is_plain(text))
        g_string_append_printf(out, ";\r\n %s=\"%s\"", name, text);
    else
        extended_parameter(out, name, text);
}

/* At most `max` bytes of `name`, cut before the extension if it has a short one. */
static char *shorten_file_name(const char *name, gsize max)
{
    gsize length = strlen(name);
    if (length <= max)
        return g_strdup(name);
    const char *extension = strrchr(name, '.');
    gsize kept = extension && strlen(extension) <= 16 ? strlen(extension) : 0;
    const char *cut = name + max - kept;
    while (cut > name && ((guchar)*cut & 0xc0) == 0x80)
        cut--;
    return g_strdup_printf("%.*s%s", (int)(cut - name), name, name + length - kept);
}

char *encode_file_name(const char *name, const char *fallback)
{
    g_autofree char *clean = utf8_clean(name, strlen(name), TEXT_LINE);
    g_strdelimit(clean, "/\\", '_');
    if (*clean == '.')
        *clean = '_';
    if (strspn(clean, "_ ") == strlen(clean))
        return g_strdup(fallback);
    return shorten_file_name(clean, FILE_NAME_MAX);
}

char *encode_file_name_ascii(const char *name)
{
    g_autofree char *ascii = g_str_to_ascii(name, "C");
    for (char *at = ascii; *at; at++) {
        if (!is_printable((guchar)*at) || strchr("\"\\/?:*<>|=", *at))
            *at = '_';
    }
    return shorten_file_name(ascii, QUOTED_MAX);
}

/* --- bodies ------------------------------------------------------------------------------ */

/* What may stand in a quoted-printable line as it is, but for its place in it. */
static bool is_plain(guchar c)
{
    static const bool plain[256] = {['\t'] = true, [' ' ... '<'] = true, ['>' ... '~'] = true};
    return plain[c];
}

/* Careless transports change a line that begins so. */
static bool is_delicate(const char *line, gsize length)
{
    return *line == '.' || (length >= 5 && memcmp(line, "From ", 5) == 0);
}

static char *put_escape(char *to, guchar c)
{
    static const char digits[] = "0123456789ABCDEF";
    *to++ = '=';
    *to++ = digits[c >> 4];
    *to++ = digits[c & 15];
    return to;
}

/* How many of the characters can be copied as they are: at most `room`, and never the last one
 * of the line, which has rules of its own. */
static gsize plain_run(const char *line, gsize length, gsize room)
{
    gsize n = 0, most = MIN(length - 1, room);
    while (n < most && is_plain((guchar)line[n]))
        n++;
    return n;
}

/* Writes the quoted-printable form of one line without its end; returns where the next goes. */
static char *quoted_printable_line(char *to, const char *line, gsize length)
{
    gsize column = 0;
    for (gsize i = 0; i < length;) {
        guchar c = (guchar)line[i];
        bool last = i + 1 == length;
        bool delicate = column == 0 && is_delicate(line + i, length - i);
        gsize run = delicate ? 0 : plain_run(line + i, length - i, LINE_OCTETS - 1 - column);
        if (run > 0) {
            to = mempcpy(to, line + i, run);
            column += run;
            i += run;
            continue;
        }
        bool escape = delicate || !is_plain(c) || (last && (c == ' ' || c == '\t'));
        gsize width = escape ? 3 : 1;
        if (column + width > (last ? LINE_OCTETS : LINE_OCTETS - 1)) {
            to = mempcpy(to, "=\r\n", 3);
            column = 0;
            continue; /* what begins the new line is judged again as a line's beginning */
        }
        if (escape)
            to = put_escape(to, c);
        else
            *to++ = (char)c;
        column += width;
        i++;
    }
    return to;
}

void encode_quoted_printable(GString *out, const char *text)
{
    g_autofree char *clean = utf8_clean(text, strlen(text), TEXT_BLOCK);
    gsize start = out->len;
    /* Three octets for one, and three more for each line of them. */
    g_string_set_size(out, start + strlen(clean) * 4 + 4);
    char *to = out->str + start;
    for (const char *line = clean; *line;) {
        gsize length = strcspn(line, "\n");
        to = quoted_printable_line(to, line, length);
        to = mempcpy(to, "\r\n", 2);
        line += length;
        line += *line == '\n';
    }
    g_string_truncate(out, (gsize)(to - out->str));
}

/* Appends up to a line's worth of bytes; returns where the next would go. */
static char *base64_line(char *out, const guint8 *bytes, gsize length)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    gsize at = 0;
    for (; at + 3 <= length; at += 3) {
        guint32 three = (guint32)bytes[at] << 16 | (guint32)bytes[at + 1] << 8 | bytes[at + 2];
        *out++ = digits[three >> 18];
        *out++ = digits[three >> 12 & 63];
        *out++ = digits[three >> 6 & 63];
        *out++ = digits[three & 63];
    }
    if (at < length) {
        guint32 rest = (guint32)bytes[at] << 16;
        if (at + 1 < length)
            rest |= (guint32)bytes[at + 1] << 8;
        *out++ = digits[rest >> 18];
        *out++ = digits[rest >> 12 & 63];
        *out++ = at + 1 < length ? digits[rest >> 6 & 63] : '=';
        *out++ = '=';
    }
    *out++ = '\r';
    *out++ = '\n';
    return out;
}

void encode_base64(GString *out, const guint8 *bytes, gsize length)
{
    gsize lines = (length + ENCODE_BASE64_LINE - 1) / ENCODE_BASE64_LINE, start = out->len;
    g_string_set_size(out, start + lines * (ENCODE_BASE64_LINE / 3 * 4 + 2));
    char *to = out->str + start;
    for (gsize at = 0; at < length; at += ENCODE_BASE64_LINE)
        to = base64_line(to, bytes + at, MIN(length - at, ENCODE_BASE64_LINE));
    g_string_truncate(out, (gsize)(to - out->str));
}
