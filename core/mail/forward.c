/* Reading the fields of a forwarded mail's little header. What is read is what somebody wrote:
 * data, proving nothing.
 *
 * Not here: finding the header (quote.c). Never fails; what is not understood stays empty. */
#include "core/mail/forward.h"

#include "core/base/utf8.h"
#include "core/mail/header_block.h"
#include "core/mail/written_date.h"

#include <string.h>

#define LOOK_LINES 30
#define VALUE_MAX 1000

static const char *const prefixes[] = {
    "fw:",
    "fwd:",
    "fwd :",
    "fw :",
    "tr:",
    "tr :",
    "wg:",
    "rv:",
    "i:",
    "enc:",
    "doorst:",
    "vb:",
    "vl:",
    "vs:",
    "videresendt:",
    "pd:",
    "pd :",
    "fs:",
    "továbbítás:",
    "továbbítva:",
    "ilt:",
    "πρθ:",
    "yml:",
    "转发:",
    "轉寄:",
    "转发：",
    "轉寄：",
    "전달:",
    "הועבר:",
    "إعادة توجيه:",
    "пересл:",
    "перенаправлення:",
    "trs:",
    "transf:",
    "fwd(",
    "enc :",
    "inoltra:",
    "[fwd:",
    "tr]",
    "転送:",
    "転送：",
    "chuyển tiếp:",
    "trs :",
    "reenv:",
    "rv :",
    "wtrlt:",
    "redir:",
    "redir.:",
    "redirecționat:",
    "weitergeleitet:",
    "transféré :",
};

bool forward_is_subject(const char *subject)
{
    g_autofree char *folded = quote_fold(subject, MIN(strlen(subject), 64));
    g_strstrip(folded);
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(folded, prefixes[i]))
            return true;
    return false;
}

static const char *bare_subject(const char *subject)
{
    while (forward_is_subject(subject)) {
        const char *colon = strpbrk(subject, ":]");
        if (!colon)
            break;
        subject = colon + 1 + strspn(colon + 1, " ");
    }
    return subject;
}

/* --- values ------------------------------------------------------------------------------ */

static char *clean(const char *at, gsize length)
{
    g_autofree char *value = g_strndup(at, MIN(length, VALUE_MAX));
    char *end;
    if (!g_utf8_validate(value, -1, (const char **)&end))
        *end = '\0';
    return g_strdup(g_strstrip(value));
}

static bool is_of_address(char c)
{
    return g_ascii_isalnum(c) || (guchar)c >= 0x80 || (c && strchr(".!#$%&'*+/=?^_`{|}~-", c));
}

/* "Ann Example <ann@example.org>", "Ann [mailto:ann@example.org]", "ann@example.org". */
static void read_sender(const char *value, gsize length, MailForward *forward)
{
    const char *at = memchr(value, '@', length), *end = value + length;
    const char *name_end = end;
    if (at) {
        const char *start = at, *stop = at + 1;
        while (start > value && is_of_address(start[-1]))
            start--;
        while (stop < end && is_of_address(*stop))
            stop++;
        while (start < at && *start == '*')
            start++;
        while (stop > at && (stop[-1] == '*' || stop[-1] == '.'))
            stop--;
        g_free(forward->address);
        forward->address = clean(start, (gsize)(stop - start));
        name_end = start;
    }
    g_autofree char *name = clean(value, (gsize)(name_end - value));
    char *link = strstr(name, "mailto:");
    if (link)
        *link = '\0';
    char *start = name + strspn(name, " \"'*");
    gsize n = strlen(start);
    while (n > 0 && strchr(" \"'<[(*", start[n - 1]))
        start[--n] = '\0';
    g_free(forward->name);
    forward->name = g_strdup(start);
}

static void take_field(int field, const char *value, gsize length, MailForward *forward)
{
    if (field == FIELD_FROM && !*forward->address && !*forward->name)
        read_sender(value, length, forward);
    if (field == FIELD_DATE && forward->date == 0)
        forward->date = written_date_read(value, length);
    if (field == FIELD_SUBJECT && !*forward->subject) {
        g_free(forward->subject);
        forward->subject = clean(value, length);
    }
}

/* The fields of one line, run together or not; those found. */
static int take_line(const GArray *lines, guint i, MailForward *forward)
{
    gsize length;
    const char *bare = quote_bare(quote_line(lines, i), &length), *end = bare + length;
    const char *value, *start, *next;
    int found = 0, field = length > 0 ? header_field(bare, length, &value) : 0;
    if (field == 0 && strchr("-_*=", *bare) &&
        length > 0) /* "----- Forwarded … ----- From: Ann" */
        field = header_field_within(bare, end, &start, &value);
    while (field) {
        int after = header_field_within(value, end, &start, &next);
        gsize rest = (gsize)((after ? start : end) - value);
        take_field(field, value, rest, forward);
        found |= field;
        field = after;
        value = next;
    }
    return found;
}

/* A label whose value stands in the line below it. */
static void take_line_below(const GArray *lines, guint i, MailForward *forward)
{
    gsize length, next_length;
    const char *bare = quote_bare(quote_line(lines, i), &length), *value, *ignored;
    int field = length > 0 ? header_field(bare, length, &value) : 0;
    if (!field || value < bare + length || i + 1 >= lines->len)
        return;
    value = quote_bare(quote_line(lines, i + 1), &next_length);
    if (next_length > 0 && !header_field(value, next_length, &ignored))
        take_field(field, value, next_length, forward);
}

/* "On 28/10/2021 12:46, Ann <ann@example.org> wrote:" */
static void read_attribution(const GArray *lines, guint i, MailForward *forward)
{
    const QuoteLine *line = quote_line(lines, i);
    const char *at = memchr(line->at, '@', line->length);
    if (!at)
        return;
    const char *start = at, *end = line->at + line->length;
    while (start > line->at && !strchr("<([ ", *start))
        start--;
    while (start > line->at && !g_ascii_isdigit(start[-1]) && start[-1] != ',')
        start--;
    gsize date = (gsize)(start - line->at);
    while (start < at && (*start == ' ' || *start == ','))
        start++;
    const char *stop = at;
    while (stop < end && !strchr(">)] ", *stop))
        stop++;
    read_sender(start, (gsize)(stop - start), forward);
    forward->date = written_date_read(line->at, date);
    if (forward->date == 0) /* "Ann <ann@example.org> wrote on 28/10/2021, 12:46:" */
        forward->date = written_date_read(stop, (gsize)(end - stop));
}

MailForward *forward_read(const GArray *lines, guint i, const char *subject)
{
    MailForward *forward = mail_forward_new();
    guint first = i, stop = MIN(i + LOOK_LINES, lines->len);
    for (int found = 0; i < stop; i++) {
        found |= take_line(lines, i, forward);
        take_line_below(lines, i, forward);
        gsize length;
        quote_bare(quote_line(lines, i), &length);
        if (length == 0 && (found & FIELD_FROM) && (found & FIELD_SUBJECT))
            break;
    }
    if (!*forward->address && !*forward->name)
        read_attribution(lines, first, forward);
    if (!*forward->subject && forward_is_subject(subject)) {
        g_free(forward->subject);
        forward->subject = g_strdup(bare_subject(subject));
    }
    return forward;
}
