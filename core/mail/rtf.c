/* One pass over groups, control words and bytes.
 *
 * A group inherits its state and gives it back at its end; past DEPTH_MAX groups are only
 * counted. Bytes are kept in the document's code page until something else comes, so that
 * characters of several bytes stay whole; the code pages of single fonts are not looked at.
 *
 * Where the document says that it wraps HTML, what comes out is that HTML: the contents of the
 * htmltag groups, and all text that is not marked as made for RTF alone. Never fails. */
#include "core/mail/rtf.h"

#include "core/base/utf8.h"
#include "core/mail/charset.h"
#include "core/mail/code_page.h"
#include "core/mail/cursor.h"
#include "core/mail/html.h"

#include <stdlib.h>

enum { DEPTH_MAX = 200, WORD_MAX = 32 };

typedef struct {
    bool skipped;  /* a destination that is no text */
    bool rtf_only; /* \htmlrtf: beside the HTML */
    bool tag;      /* within \*\htmltag */
    int fallback;  /* \uc: bytes that stand for a \u */
} State;

typedef struct {
    Cursor in;
    State states[DEPTH_MAX];
    guint depth;  /* may pass DEPTH_MAX */
    bool html;    /* it wraps HTML */
    bool star;    /* \* stood in front: a destination that may be ignored */
    int ignored;  /* bytes still to be ignored after a \u */
    guint16 high; /* the first half of a surrogate pair */
    const char *charset;
    GByteArray *bytes; /* not yet decoded */
    GString *out;
} Reader;

static State *state_of(Reader *reader)
{
    return &reader->states[MIN(reader->depth, DEPTH_MAX - 1)];
}

/* --- output ------------------------------------------------------------------------------ */

static bool is_shown(Reader *reader)
{
    const State *state = state_of(reader);
    if (state->skipped)
        return false;
    return !reader->html || state->tag || !state->rtf_only;
}

static void flush(Reader *reader)
{
    if (reader->bytes->len == 0)
        return;
    g_autofree char *text =
        charset_to_utf8(reader->bytes->data, reader->bytes->len, reader->charset);
    g_string_append(reader->out, text);
    g_byte_array_set_size(reader->bytes, 0);
}

static void put_byte(Reader *reader, guint8 byte)
{
    if (reader->ignored > 0)
        reader->ignored--;
    else if (is_shown(reader))
        g_byte_array_append(reader->bytes, &byte, 1);
}

static void put_character(Reader *reader, gunichar c)
{
    if (!is_shown(reader))
        return;
    flush(reader);
    g_string_append_unichar(reader->out, c);
}

static void put_unicode(Reader *reader, int value)
{
    guint16 unit = (guint16)value;
    gunichar c = unit;
    if (unit >= 0xd800 && unit < 0xdc00) {
        reader->high = unit;
        return;
    }
    if (unit >= 0xdc00 && unit < 0xe000)
        c = reader->high ? 0x10000 + ((gunichar)(reader->high - 0xd800) << 10) + (unit - 0xdc00)
                         : 0xfffd;
    reader->high = 0;
    put_character(reader, c ? c : 0xfffd);
}

/* --- words ------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    gunichar character;
} characters[] = {
    {"par", '\n'},      {"line", '\n'},     {"row", '\n'},         {"sect", '\n'},
    {"page", '\n'},     {"tab", '\t'},      {"cell", '\t'},        {"emdash", 0x2014},
    {"endash", 0x2013}, {"emspace", ' '},   {"enspace", ' '},      {"bullet", 0x2022},
    {"lquote", 0x2018}, {"rquote", 0x2019}, {"ldblquote", 0x201c}, {"rdblquote", 0x201d},
};

/* What holds no words of the mail. */
static const char *const destinations[] = {
    "fonttbl",   "colortbl",  "stylesheet", "info",    "pict",       "object",
    "header",    "headerl",   "headerr",    "headerf", "footer",     "footerl",
    "footerr",   "footerf",   "footnote",   "xe",      "tc",         "listtable",
    "themedata", "datastore", "filetbl",    "revtbl",  "nonshppict",
};

static void take_unicode(Reader *reader, int value)
{
    reader->ignored = 0;
    put_unicode(reader, value);
    reader->ignored = state_of(reader)->fallback;
}

static void skip_binary(Reader *reader, int length)
{
    cursor_skip(&reader->in, MIN((gsize)MAX(length, 0), reader->in.left), NULL);
}

static void begin_destination(Reader *reader, const char *word)
{
    State *state = state_of(reader);
    bool star = reader->star;
    reader->star = false;
    if (star && reader->html && strcmp(word, "htmltag") == 0) {
        state->tag = true;
        return;
    }
    state->skipped |= star;
    for (gsize i = 0; i < G_N_ELEMENTS(destinations) && !state->skipped; i++)
        state->skipped = strcmp(word, destinations[i]) == 0;
}

static bool take_character(Reader *reader, const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(characters); i++)
        if (strcmp(word, characters[i].word) == 0) {
            put_character(reader, characters[i].character);
            return true;
        }
    return false;
}

/* `value` is 1 where the word has none. */
static void take_word(Reader *reader, const char *word, int value)
{
    if (strcmp(word, "u") == 0)
        take_unicode(reader, value);
    else if (strcmp(word, "uc") == 0)
        state_of(reader)->fallback = CLAMP(value, 0, 100);
    else if (strcmp(word, "bin") == 0)
        skip_binary(reader, value);
    else if (strcmp(word, "ansicpg") == 0)
        reader->charset = code_page_charset((guint32)value);
    else if (strcmp(word, "fromhtml") == 0)
        reader->html = value != 0;
    else if (strcmp(word, "htmlrtf") == 0)
        state_of(reader)->rtf_only = value != 0;
    else if (!take_character(reader, word))
        begin_destination(reader, word);
}

static bool peek(const Reader *reader, guint8 *ret)
{
    if (reader->in.left == 0)
        return false;
    *ret = *reader->in.at;
    return true;
}

static int read_number(Reader *reader)
{
    char digits[12];
    gsize n = 0;
    guint8 c;
    while (n + 1 < sizeof digits && peek(reader, &c) &&
           (g_ascii_isdigit(c) || (c == '-' && n == 0))) {
        digits[n++] = (char)c;
        cursor_skip(&reader->in, 1, NULL);
    }
    digits[n] = '\0';
    return n > 0 ? (int)CLAMP(strtol(digits, NULL, 10), G_MININT, G_MAXINT) : 1;
}

static void read_word(Reader *reader)
{
    char word[WORD_MAX + 1];
    gsize n = 0;
    guint8 c;
    while (peek(reader, &c) && g_ascii_isalpha(c)) {
        if (n < WORD_MAX)
            word[n++] = (char)c;
        cursor_skip(&reader->in, 1, NULL);
    }
    word[n] = '\0';
    int value = read_number(reader);
    if (peek(reader, &c) && c == ' ')
        cursor_skip(&reader->in, 1, NULL);
    take_word(reader, word, value);
}

static void read_hex(Reader *reader)
{
    const guint8 *digits;
    if (!cursor_skip(&reader->in, 2, &digits))
        return;
    int high = g_ascii_xdigit_value((char)digits[0]),
        low = g_ascii_xdigit_value((char)digits[1]);
    if (high >= 0 && low >= 0)
        put_byte(reader, (guint8)(high << 4 | low));
}

/* Behind a backslash. */
static void read_control(Reader *reader)
{
    guint8 c;
    if (!peek(reader, &c))
        return;
    if (g_ascii_isalpha(c)) {
        read_word(reader);
        return;
    }
    cursor_skip(&reader->in, 1, NULL);
    if (c == '\'')
        read_hex(reader);
    else if (c == '*')
        reader->star = true;
    else if (c == '~')
        put_character(reader, 0xa0);
    else if (c == '_')
        put_character(reader, '-');
    else if (c == '\n' || c == '\r')
        put_character(reader, '\n');
    else if (c == '\\' || c == '{' || c == '}')
        put_byte(reader, c);
}

/* --- groups ------------------------------------------------------------------------------ */

static void begin_group(Reader *reader)
{
    State state = *state_of(reader);
    reader->depth++;
    if (reader->depth < DEPTH_MAX)
        *state_of(reader) = state;
    reader->ignored = 0;
    reader->star = false;
}

static void end_group(Reader *reader)
{
    reader->depth -= reader->depth > 0;
    reader->ignored = 0;
    reader->star = false;
}

char *rtf_to_text(const guint8 *rtf, gsize length)
{
    static const char start[] = "{\\rtf";
    const guint8 *at;
    if (length < sizeof start - 1 || memcmp(rtf, start, sizeof start - 1) != 0)
        return NULL;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree Reader *reader = g_new0(Reader, 1);
    *reader = (Reader){.in = {rtf, length}, .charset = "", .bytes = bytes, .out = out};
    reader->states[0].fallback = 1;
    while (cursor_skip(&reader->in, 1, &at)) {
        if (*at == '{')
            begin_group(reader);
        else if (*at == '}')
            end_group(reader);
        else if (*at == '\\')
            read_control(reader);
        else if (*at != '\r' && *at != '\n')
            put_byte(reader, *at);
    }
    flush(reader);
    return reader->html ? html_to_text(out->str, out->len)
                        : utf8_clean(out->str, out->len, TEXT_BLOCK);
}
