/* Header blocks: lines that begin with labels (header_labels.c) and say enough together.
 *
 * Labels of different languages may stand in one block: programs mix them. Fields may be folded
 * over lines and have blank lines between.
 *
 * Not here: what follows from a block (quote.c), what its values say (forward.c). Never
 * fails. */
#include "core/mail/header_block.h"

#include <string.h>

#define LABEL_MAX 48   /* bytes of a label */
#define BLOCK_LINES 24 /* of one block at most */
#define WITHIN_MAX 600 /* bytes of a line that are searched for further fields */
#define ABOVE_LINES 8  /* above a block, that may tell a pasted one */
#define FOLDED_LINES 4 /* lines in a block that are no field */

/* --- one field --------------------------------------------------------------------------- */

static bool is_decoration(char c)
{
    return c == ' ' || c == '\t' || c == '*' || c == '_' || c == '|';
}

/* The colon after a label, or NULL; *ret_size its bytes. */
static const char *find_colon(const char *line, gsize length, gsize *ret_size)
{
    gsize most = MIN(length, LABEL_MAX);
    const char *colon = memchr(line, ':', most);
    *ret_size = 1;
    if (!colon && (colon = memmem(line, most, "\357\274\232", 3)))
        *ret_size = 3;
    return colon;
}

int header_field(const char *line, gsize length, const char **ret_value)
{
    while (length > 0 && is_decoration(*line)) {
        line++;
        length--;
    }
    gsize size;
    const char *colon = find_colon(line, length, &size);
    if (!colon || colon == line)
        return 0;
    g_autofree char *label = quote_fold(line, (gsize)(colon - line));
    gsize n = strlen(label);
    while (n > 0 && is_decoration(label[n - 1]))
        label[--n] = '\0';
    int field = header_label_field(label);
    const char *value = colon + size, *end = line + length;
    while (value < end && is_decoration(*value))
        value++;
    *ret_value = value;
    return field;
}

/* The field whose label ends at `colon`: the letters before it, or those of them from a capital
 * on. */
static int label_before(const char *from, const char *colon, const char **ret_start)
{
    const char *end = colon;
    while (end > from && end[-1] == ' ')
        end--;
    const char *start = end;
    while (start > from && end - start < LABEL_MAX &&
           (g_ascii_isalpha(start[-1]) || (guchar)start[-1] >= 0x80))
        start--;
    for (; start < end; start++) {
        bool whole = start == from || !g_ascii_isalnum(start[-1]);
        if (((guchar)*start & 0xc0) == 0x80 ||
            !(whole || g_ascii_isupper(*start) || (guchar)*start >= 0xc0))
            continue;
        g_autofree char *label = quote_fold(start, (gsize)(end - start));
        int field = header_label_field(label);
        *ret_start = start;
        if (field)
            return field;
    }
    return 0;
}

int header_field_within(const char *at, const char *end, const char **ret_start,
                        const char **ret_value)
{
    const char *from = at, *colon;
    end = MIN(end, at + WITHIN_MAX);
    while (at < end && (colon = memchr(at, ':', (gsize)(end - at)))) {
        int field = label_before(from, colon, ret_start);
        *ret_value = colon + 1;
        if (field && *ret_start > from)
            return field;
        at = from = colon + 1;
    }
    return 0;
}

/* --- a block ----------------------------------------------------------------------------- */

/* Is the value what only a mail's header says there: an address, or a time of the day? */
static bool is_telling(int field, const char *value, const char *end)
{
    gsize n = value < end ? (gsize)(end - value) : 0;
    if (field & (FIELD_FROM | FIELD_TO))
        return n > 0 && memchr(value, '@', n);
    if (field & FIELD_DATE)
        for (const char *p = value; p + 2 < end; p++)
            if (g_ascii_isdigit(p[0]) && (p[1] == ':' || p[1] == '.' || p[1] == 'h') &&
                g_ascii_isdigit(p[2]))
                return true;
    return false;
}

static bool is_whole(int found, int telling)
{
    int count = __builtin_popcount((unsigned)found);
    /* Journeys have a from, a to and a date as well. */
    bool of_mail = telling != 0 || (found & FIELD_SUBJECT);
    return ((found & FIELD_FROM) && count >= 3 && of_mail) ||
           (count >= 2 && __builtin_popcount((unsigned)telling) >= 2);
}

/* Counts a field, and those run together with it if they make a whole block. */
static void take_fields(int field, const char *value, const char *end, int *found, int *telling)
{
    *found |= field & ~FIELD_OTHER;
    if (is_telling(field, value, end))
        *telling |= field;
    int within = *found;
    const char *start;
    while ((field = header_field_within(value, end, &start, &value)))
        within |= field & ~FIELD_OTHER;
    if ((within & FIELD_FROM) && __builtin_popcount((unsigned)within) >= 3)
        *found = within;
}

/* Fields that no mail program shows: a block with them was pasted, and is what the sender has
 * to say. */
static bool is_technical(const QuoteLine *line)
{
    static const char *const names[] = {
        "Received:",
        "Message-ID:",
        "Return-Path:",
        "MIME-Version:",
        "Delivered-To:",
        "X-",
        "User-Agent:",
        "Content-",
        "DKIM-",
        "ARC-",
        "References:",
        "In-Reply-To:",
        "Authentication-Results:",
        "Received-SPF:",
    };
    gsize length;
    const char *bare = quote_bare(line, &length);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (length > strlen(names[i]) &&
            g_ascii_strncasecmp(bare, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* "Name: Ann": a field, but none of mails. Above a block it tells the answers of a web form. */
static bool is_other_field(const QuoteLine *line)
{
    const char *value, *colon = memchr(line->at, ':', MIN(line->length, LABEL_MAX));
    return colon && colon > line->at && colon + 2 < line->at + line->length &&
           colon[1] == ' ' && !memchr(line->at, '.', (gsize)(colon - line->at)) &&
           header_field(line->at, line->length, &value) == 0;
}

/* Does one of the lines right above line `i` pass the test? */
static bool is_below(const GArray *lines, guint i, bool (*test)(const QuoteLine *))
{
    for (guint above = i; above > 0 && i - above < ABOVE_LINES; above--) {
        const QuoteLine *line = quote_line(lines, above - 1);
        if (line->class == LINE_BLANK)
            return false;
        if (test(line))
            return true;
    }
    return false;
}

bool header_block_at(const GArray *lines, guint i, guint *ret_end)
{
    int found = 0, telling = 0, others = 0;
    guint first = i, stop = MIN(i + BLOCK_LINES, lines->len);
    if (is_below(lines, i, is_technical))
        return false;
    for (*ret_end = i; i < stop && others <= FOLDED_LINES; i++) {
        gsize length;
        const char *bare = quote_bare(quote_line(lines, i), &length), *value;
        int field = header_field(bare, length, &value);
        if (field == 0) {
            /* A text may begin below a whole block, after a blank line. */
            if (length == 0 && is_whole(found, telling) && (found & FIELD_SUBJECT))
                break;
            if (is_technical(quote_line(lines, i)))
                return false;
            others += length > 0;
            continue;
        }
        if (found == 0 && field == FIELD_OTHER)
            return false;
        if (found & field & ~FIELD_OTHER)
            break;
        take_fields(field, value, bare + length, &found, &telling);
        *ret_end = i + 1;
    }
    return is_whole(found, telling) && (telling || !is_below(lines, first, is_other_field));
}
