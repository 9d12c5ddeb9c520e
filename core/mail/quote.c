/* Splitting a mail's text into what was written now, a signature, and what was there before.
 *
 * Lines are classed once, by what they begin with and by the marks (mark.h). Then:
 *   1. a mark of an earlier mail without "> " makes all below it history;
 *   2. above that, from the bottom up, quotes and signatures are taken off as long as nothing
 *      of the sender's own stands below them;
 *   3. what remains is the reply. If it has no words, nothing was taken off after all.
 * So an answer between or below quotes keeps them, and a forwarded mail stays whole.
 *
 * Blank lines go with what follows them. Never fails; every line goes somewhere. */
#include "core/mail/quote.h"

#include "core/mail/mark.h"

#include <stdbool.h>
#include <string.h>

#define ATTRIBUTION_LINES 4   /* one attribution is wrapped over at most */
#define HEADER_BLOCK_LINES 14 /* a header block is looked for within */
#define SIGNATURE_LINES 25    /* written lines of a signature; more is text */
#define FOOTER_LINES 4        /* written lines from a footer on */

typedef enum {
    LINE_OWN,
    LINE_BLANK,
    LINE_QUOTE,     /* "> …", or the attribution above it */
    LINE_SIGNATURE, /* "-- ": a signature may begin here */
    LINE_FOOTER,
} LineClass;

typedef struct {
    const char *at;
    gsize length; /* without the line end and trailing blanks */
    gsize whole;  /* with them */
    LineClass class;
} Line;

typedef struct {
    GArray *lines; /* Line */
    guint history; /* lines from here on were there before */
} Text;

static Line *line_at(const Text *text, guint i)
{
    return &g_array_index(text->lines, Line, i);
}

/* --- lines ------------------------------------------------------------------------------- */

static gsize trimmed_length(const char *at, gsize length)
{
    while (length > 0) {
        if (at[length - 1] == ' ' || at[length - 1] == '\t' || at[length - 1] == '\n')
            length--;
        else if (length >= 2 &&
                 memcmp(at + length - 2, "\302\240", 2) == 0) /* no-break space */
            length -= 2;
        else
            break;
    }
    return length;
}

static LineClass class_of_line(const Line *line)
{
    if (line->length == 0)
        return LINE_BLANK;
    if (*line->at == '>')
        return LINE_QUOTE;
    if (line->length == 2 && memcmp(line->at, "--", 2) == 0)
        return LINE_SIGNATURE;
    return mark_matches(MARK_FOOTER, line->at, line->length) ? LINE_FOOTER : LINE_OWN;
}

static GArray *split_lines(const char *text)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    while (*text) {
        const char *stop = strchr(text, '\n');
        gsize whole = stop ? (gsize)(stop - text) + 1 : strlen(text);
        Line line = {.at = text, .length = trimmed_length(text, whole), .whole = whole};
        line.class = class_of_line(&line);
        g_array_append_val(lines, line);
        text += whole;
    }
    return lines;
}

static guint skip_blank(const Text *text, guint i)
{
    while (i < text->lines->len && line_at(text, i)->class == LINE_BLANK)
        i++;
    return i;
}

/* --- attributions ------------------------------------------------------------------------ */

/* A date or an address: without one, "she wrote:" may be anybody's prose. */
static bool names_mail(const char *text)
{
    return strpbrk(text, "0123456789@") != NULL;
}

/* Where the attribution that ends in line `last` begins; -1 if there is none. *ret_sure: it
 * needs no quote marks below it to be one. The shortest reading wins. */
static int attribution_start(const Text *text, guint last, bool *ret_sure)
{
    const Line *end = line_at(text, last);
    if (end->class != LINE_OWN || end->at[end->length - 1] != ':')
        return -1;
    g_autoptr(GString) joined = g_string_new_len(end->at, (gssize)end->length);
    for (guint n = 1;; n++) {
        guint first = last + 1 - n;
        if (mark_matches(MARK_ATTRIBUTION, joined->str, joined->len)) {
            *ret_sure = names_mail(joined->str);
            return (int)first;
        }
        if (n == ATTRIBUTION_LINES || first == 0 || line_at(text, first - 1)->class != LINE_OWN)
            break;
        const Line *above = line_at(text, first - 1);
        g_string_prepend_c(joined, ' ');
        g_string_prepend_len(joined, above->at, (gssize)above->length);
    }
    *ret_sure = true;
    return mark_is_short_attribution(end->at, end->length) ? (int)last : -1;
}

/* Handles the attribution ending in line `i`, if there is one; true if history begins. */
static bool take_attribution(Text *text, guint i)
{
    bool sure;
    int start = attribution_start(text, i, &sure);
    if (start < 0)
        return false;
    guint next = skip_blank(text, i + 1);
    if (next < text->lines->len && line_at(text, next)->class == LINE_QUOTE) {
        for (guint k = (guint)start; k <= i; k++)
            line_at(text, k)->class = LINE_QUOTE;
        return false;
    }
    if (sure)
        text->history = (guint)start;
    return sure;
}

/* --- header blocks ----------------------------------------------------------------------- */

/* "From:", "Sent:", "To:", "Subject:" and the like from line `i` on: who, and two more. Lines
 * that are no field may be folded recipients, but not more than a few. */
static bool is_header_block(const Text *text, guint i)
{
    int found = 0, others = 0;
    guint end = MIN(i + HEADER_BLOCK_LINES, text->lines->len);
    for (; i < end && others <= 3; i++) {
        const Line *line = line_at(text, i);
        int field = mark_field(line->at, line->length);
        others += field == 0 && line->class != LINE_BLANK;
        found |= field & ~MARK_OTHER;
        if ((found & MARK_FROM) && __builtin_popcount((unsigned)found) >= 3)
            return true;
    }
    return false;
}

/* A line of underscores or dashes above belongs to the block. */
static guint rule_above(const Text *text, guint i)
{
    guint above = i;
    while (above > 0 && line_at(text, above - 1)->class == LINE_BLANK)
        above--;
    if (above == 0)
        return i;
    const Line *line = line_at(text, above - 1);
    gsize rule = strspn(line->at, "_-=*");
    return rule >= 5 && rule >= line->length ? above - 1 : i;
}

static bool take_header_block(Text *text, guint i)
{
    const Line *line = line_at(text, i);
    int field = mark_field(line->at, line->length);
    if (!(field & (MARK_FROM | MARK_DATE)) || !is_header_block(text, i))
        return false;
    text->history = rule_above(text, i);
    return true;
}

/* --- the split --------------------------------------------------------------------------- */

/* Finds where history begins, and marks attributions as part of their quotes. */
static void find_history(Text *text)
{
    for (guint i = 0; i < text->lines->len; i++) {
        const Line *line = line_at(text, i);
        if (line->class != LINE_OWN)
            continue;
        if (mark_matches(MARK_FORWARD, line->at, line->length))
            return;
        if (mark_matches(MARK_ORIGINAL, line->at, line->length)) {
            text->history = i;
            return;
        }
        if (take_header_block(text, i) || take_attribution(text, i))
            return;
    }
}

static guint written_lines(const Text *text, guint start, guint end)
{
    guint n = 0;
    for (guint i = start; i < end; i++)
        n += line_at(text, i)->class != LINE_BLANK;
    return n;
}

/* Where the signature at the end of [0, end) begins; `end` if there is none. */
static guint signature_start(const Text *text, guint end)
{
    guint start = end;
    for (guint i = end; i > 0 && line_at(text, i - 1)->class != LINE_QUOTE; i--) {
        LineClass class = line_at(text, i - 1)->class;
        guint most = class == LINE_SIGNATURE ? SIGNATURE_LINES
                     : class == LINE_FOOTER  ? FOOTER_LINES
                                             : 0;
        if (most > 0 && written_lines(text, i - 1, end) <= most)
            start = i - 1;
        if (end - i > 2 * SIGNATURE_LINES)
            break;
    }
    while (start < end && start > 0 && line_at(text, start - 1)->class == LINE_BLANK)
        start--;
    return start;
}

static guint quote_start(const Text *text, guint end)
{
    while (end > 0 && (line_at(text, end - 1)->class == LINE_QUOTE ||
                       line_at(text, end - 1)->class == LINE_BLANK))
        end--;
    return end;
}

static bool has_words(const Text *text, guint end)
{
    if (end == 0)
        return false;
    const Line *first = line_at(text, 0), *last = line_at(text, end - 1);
    for (const char *p = first->at; p < last->at + last->length; p++)
        if (g_ascii_isalnum(*p) || (guchar)*p >= 0x80)
            return true;
    return false;
}

static void append_lines(const Text *text, guint start, guint end, GString *out)
{
    for (guint i = start; i < end; i++)
        g_string_append_len(out, line_at(text, i)->at, (gssize)line_at(text, i)->whole);
}

typedef struct {
    guint start;
    bool signature;
} Block;

/* From the bottom up: blocks of quotes and signatures, the topmost last. Returns where the
 * reply ends. */
static guint take_off(const Text *text, GArray *blocks)
{
    guint end = text->history;
    for (;;) {
        guint written = end;
        while (written > 0 && line_at(text, written - 1)->class == LINE_BLANK)
            written--;
        if (written == 0)
            return end;
        bool quote = line_at(text, written - 1)->class == LINE_QUOTE;
        guint start = quote ? quote_start(text, end) : signature_start(text, written);
        if (start == written)
            return written;
        Block block = {start, !quote};
        g_array_append_val(blocks, block);
        end = start;
    }
}

void quote_split(const char *text, QuoteParts *parts)
{
    g_autoptr(GArray) lines = split_lines(text);
    g_autoptr(GArray) blocks = g_array_new(FALSE, FALSE, sizeof(Block));
    Text split = {lines, lines->len};
    find_history(&split);
    guint end = take_off(&split, blocks);
    *parts = (QuoteParts){0};
    if (!has_words(&split, end)) {
        parts->reply = g_strdup(text);
        parts->signature = g_strdup("");
        parts->quoted = g_strdup("");
        return;
    }
    g_autoptr(GString) signature = g_string_new(NULL);
    g_autoptr(GString) quoted = g_string_new(NULL);
    guint start = end; /* of a block, blank lines above it included */
    for (guint i = blocks->len; i > 0; i--) {
        guint stop = i > 1 ? g_array_index(blocks, Block, i - 2).start : split.history;
        bool is_signature = g_array_index(blocks, Block, i - 1).signature;
        append_lines(&split, start, stop, is_signature ? signature : quoted);
        start = stop;
    }
    append_lines(&split, start, lines->len, quoted);
    const Line *last = line_at(&split, end - 1);
    parts->reply = g_strndup(text, (gsize)(last->at + last->whole - text));
    parts->signature = g_string_free(g_steal_pointer(&signature), FALSE);
    parts->quoted = g_string_free(g_steal_pointer(&quoted), FALSE);
}

void quote_parts_clear(QuoteParts *parts)
{
    g_clear_pointer(&parts->reply, g_free);
    g_clear_pointer(&parts->signature, g_free);
    g_clear_pointer(&parts->quoted, g_free);
}
