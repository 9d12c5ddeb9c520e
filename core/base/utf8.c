/* Any bytes → text that may be stored and shown, in one pass.
 *
 * Normalisation works on short runs: most text, ASCII or not, is already in NFC character by
 * character (is_quiet), and only what lies between such characters is handed to GLib, whose
 * memory and time would otherwise grow with the whole text. Never fails.
 *
 * Not here: charsets (core/mail/charset.h) and escaping (html_text and kin in webview). */
#include "core/base/utf8.h"

#include <string.h>

#define REPLACEMENT "\357\277\275" /* U+FFFD */
#define ELLIPSIS "\342\200\246"    /* U+2026 */

/* Marks kept on one character: UAX #15, stream-safe text. GLib sorts them in quadratic time,
 * and no language uses as many. */
#define MARKS_MAX 30
/* A run is handed over when it is this long and the next character starts anew. */
#define RUN_MAX 1024

typedef struct {
    GString *out;
    TextShape shape;
    gsize run;  /* where in `out` the text not yet normalised begins */
    bool loud;  /* does it hold more than quiet characters? */
    int marks;  /* on the last character, once it is decomposed */
    bool blank; /* TEXT_LINE: the last character was a folded line break or tab */
} Cleaner;

static bool is_printable(guchar byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

/* Characters that NFC leaves alone and that never join the one before them: latin, greek,
 * cyrillic, hebrew, arabic, dashes and quotes, currencies, kana, ideographs, hangul syllables,
 * emoji, the replacement character. Those left out are right too, only slower. */
static bool is_quiet(gunichar c)
{
    static const struct {
        gunichar first, last;
    } ranges[] = {
        {0x0388, 0x03ce}, {0x0400, 0x0482}, {0x05d0, 0x05ea}, {0x0621, 0x064a},
        {0x2010, 0x2027}, {0x20a0, 0x20bf}, {0x3041, 0x3096}, {0x30a1, 0x30fa},
        {0x4e00, 0x9fff}, {0xac00, 0xd7a3}, {0xfffd, 0xfffd}, {0x1f300, 0x1faff},
    };
    if (c < 0x300)
        return true;
    for (gsize i = 0; i < G_N_ELEMENTS(ranges) && c >= ranges[i].first; i++)
        if (c <= ranges[i].last)
            return true;
    return false;
}

/* May it join what stands before it? Marks, and the later parts of a hangul syllable. */
static bool attaches(gunichar c)
{
    return g_unichar_ismark(c) || (c >= 0x1160 && c <= 0x11ff);
}

static bool is_dropped(gunichar c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || (c >= 0xfdd0 && c <= 0xfdef) ||
           (c & 0xfffe) == 0xfffe;
}

static bool is_line_break(gunichar c)
{
    return c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029;
}

/* How many marks `c` brings along. */
static int count_marks(gunichar c)
{
    gunichar parts[4]; /* the longest canonical decomposition there is */
    int n_parts = (int)g_unichar_fully_decompose(c, FALSE, parts, G_N_ELEMENTS(parts));
    return attaches(c) ? n_parts : n_parts - 1;
}

static void normalise_run(Cleaner *cleaner)
{
    GString *out = cleaner->out;
    if (cleaner->loud) {
        g_autofree char *composed =
            g_utf8_normalize(out->str + cleaner->run, -1, G_NORMALIZE_DEFAULT_COMPOSE);
        g_string_truncate(out, cleaner->run);
        g_string_append(out, composed);
    }
    cleaner->run = out->len;
    cleaner->loud = false;
}

/* A character other than an attaching one: what stood before it is complete. */
static void begin_run(Cleaner *cleaner)
{
    if (cleaner->loud)
        normalise_run(cleaner);
    cleaner->run = cleaner->out->len;
}

static void append_quiet(Cleaner *cleaner, const char *text, gsize length)
{
    begin_run(cleaner);
    g_string_append_len(cleaner->out, text, (gssize)length);
    /* The last character may yet take marks: it is the run. */
    const char *end = cleaner->out->str + cleaner->out->len;
    cleaner->run = (gsize)(g_utf8_prev_char(end) - cleaner->out->str);
    cleaner->marks = -1;
}

static void append_loud(Cleaner *cleaner, gunichar c)
{
    GString *out = cleaner->out;
    if (!attaches(c)) {
        if (out->len - cleaner->run > RUN_MAX)
            begin_run(cleaner);
        cleaner->marks = count_marks(c);
    } else {
        if (cleaner->marks < 0)
            cleaner->marks = count_marks(g_utf8_get_char(out->str + cleaner->run));
        int marks = count_marks(c);
        if (cleaner->marks + marks > MARKS_MAX)
            return;
        cleaner->marks += marks;
    }
    g_string_append_unichar(out, c);
    cleaner->loud = true;
}

/* A run of white space with a line break or tab in it is one space, none at the start. */
static void append_blank(Cleaner *cleaner)
{
    GString *out = cleaner->out;
    if (out->len > 0 && out->str[out->len - 1] != ' ')
        append_quiet(cleaner, " ", 1);
    cleaner->blank = true;
}

static void append_break(Cleaner *cleaner)
{
    if (cleaner->shape == TEXT_LINE)
        append_blank(cleaner);
    else
        append_quiet(cleaner, "\n", 1);
}

static void append_char(Cleaner *cleaner, gunichar c, const char *bytes, gsize length)
{
    if (is_line_break(c)) {
        append_break(cleaner);
    } else if (c == '\t' && cleaner->shape == TEXT_LINE) {
        append_blank(cleaner);
    } else if (c != '\t' && is_dropped(c)) {
        return;
    } else {
        cleaner->blank = false;
        if (is_quiet(c))
            append_quiet(cleaner, bytes, length);
        else
            append_loud(cleaner, c);
    }
}

/* How much of the start of `bytes` is printable ASCII, looking at eight bytes at a time: a high
 * bit that is set, that is borrowed (below 0x20) or carried into (0x7f) gives one away that is
 * not. */
static gsize ascii_run(const char *bytes, gsize length)
{
    const guint64 ones = G_GUINT64_CONSTANT(0x0101010101010101);
    gsize n = 0;
    for (guint64 eight; n + sizeof eight <= length; n += sizeof eight) {
        memcpy(&eight, bytes + n, sizeof eight);
        if ((eight | (eight - ones * 0x20) | (eight + ones)) & (ones * 0x80))
            break;
    }
    while (n < length && is_printable((guchar)bytes[n]))
        n++;
    return n;
}

/* Takes the printable ASCII at the start of `bytes` in one piece; returns its length. */
static gsize take_ascii(Cleaner *cleaner, const char *bytes, gsize length)
{
    gsize n = ascii_run(bytes, length), skip = 0;
    if (cleaner->shape == TEXT_LINE && (cleaner->blank || cleaner->out->len == 0))
        while (skip < n && bytes[skip] == ' ')
            skip++;
    if (skip < n) {
        append_quiet(cleaner, bytes + skip, n - skip);
        cleaner->blank = false;
    }
    return n;
}

static gsize take_char(Cleaner *cleaner, const char *bytes, gsize length)
{
    if (bytes[0] == '\r' && length > 1 && bytes[1] == '\n') {
        append_break(cleaner);
        return 2;
    }
    if ((guchar)bytes[0] < 0x80) {
        append_char(cleaner, (guchar)bytes[0], bytes, 1);
        return 1;
    }
    gunichar c = g_utf8_get_char_validated(bytes, (gssize)MIN(length, 6));
    if (c >= (gunichar)-2) { /* not a character, or cut off */
        append_char(cleaner, 0xfffd, REPLACEMENT, strlen(REPLACEMENT));
        return 1;
    }
    gsize used = (gsize)(g_utf8_next_char(bytes) - bytes);
    append_char(cleaner, c, bytes, used);
    return used;
}

char *utf8_clean(const char *bytes, gsize length, TextShape shape)
{
    Cleaner cleaner = {.out = g_string_sized_new(length + 1), .shape = shape};
    gsize at = 0;
    while (at < length) {
        at += take_ascii(&cleaner, bytes + at, length - at);
        if (at < length)
            at += take_char(&cleaner, bytes + at, length - at);
    }
    normalise_run(&cleaner);
    if (shape == TEXT_LINE) {
        gsize end = cleaner.out->len;
        while (end > 0 && cleaner.out->str[end - 1] == ' ')
            end--;
        g_string_truncate(cleaner.out, end);
    }
    return g_string_free(cleaner.out, FALSE);
}

char *utf8_shorten(const char *text, gsize max)
{
    const char *end = text, *cut = text; /* behind max characters, behind max - 1 */
    if (strlen(text) <= max)             /* no character is less than a byte */
        return g_strdup(text);
    for (gsize n = 0; n < max && *end; n++) {
        cut = end;
        end = g_utf8_next_char(end);
    }
    if (*end == '\0')
        return g_strdup(text);
    if (max == 0)
        return g_strdup("");
    /* Not between a character and its marks, and no space before the dots. */
    while (cut > text && attaches(g_utf8_get_char(cut)))
        cut = g_utf8_prev_char(cut);
    while (cut > text && cut[-1] == ' ')
        cut--;
    return g_strdup_printf("%.*s" ELLIPSIS, (int)(cut - text), text);
}

bool utf8_cut(char *text, gsize max)
{
    if (strlen(text) <= max)
        return false;
    *g_utf8_find_prev_char(text, text + max + 1) = '\0';
    return true;
}
