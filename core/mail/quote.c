/* Splitting a mail's text into what was written now, a signature, and what was there before.
 *
 *   1. From the top: a mark of a forward ends it all, the text is kept whole; a mark of an
 *      earlier mail without "> " makes all below it history; attributions join the quotes below
 *      them. An attribution with nothing of the sender's above it is cut alone: what stands
 * below must be theirs.
 *   2. Above the history, from the bottom up, quotes and signatures are taken off as long as
 *      nothing of the sender's own stands below them.
 *   3. In what remains, one introduced quote above an answer is cut; answers to several keep
 *      them, without the lines that introduce them.
 *   4. What remains is the reply. If it has no words, nothing was taken off after all.
 *
 * Blank lines go with what follows them. Never fails; every line goes somewhere. */
#include "core/mail/quote.h"

#include "core/mail/attribution.h"
#include "core/mail/footer.h"
#include "core/mail/header_block.h"
#include "core/mail/forward.h"
#include "core/mail/mark.h"
#include "core/mail/quote_lines.h"

#include <string.h>

#define SIGNATURE_LINES 25 /* written lines of a signature below "-- "; more is text */
#define RULED_LINES 12     /* the same below any other rule */
#define FOOTER_LINES 4     /* written lines from a footer on */
#define LOOKS 300          /* for attributions and blocks, in one text */
#define CUTS_MAX 1000

static const char quoted_rule[] = "quoted with >";
static const char header_rule[] = "a header block";
static const char original_rule[] = "a mark of an earlier mail";
static const char dashes_rule[] = "a signature below --";
static const char ruled_rule[] = "a signature below a rule";
static const char footer_rule[] = "a footer of a mail program";

typedef struct {
    const char *rule; /* why the line is not in the reply; NULL: it is */
    bool signature;
    bool introduces; /* a quote: an attribution */
} Fate;

typedef struct {
    GArray *lines; /* QuoteLine */
    Fate *fates;   /* one a line */
    guint history; /* lines from here on were there before */
    const char *history_rule;
    int forward; /* the line where what is passed on begins; -1: none */
    int looks;
    bool is_forward; /* the subject says so */
} Text;

static QuoteLine *line_at(const Text *text, guint i)
{
    return quote_line(text->lines, i);
}

static void cut(Text *text, guint start, guint end, bool signature, const char *rule)
{
    for (guint i = start; i < end; i++)
        if (!text->fates[i].rule)
            text->fates[i] = (Fate){rule, signature, false};
}

/* Does a line of the sender's own stand in [0, end)? */
static bool has_own(const Text *text, guint end)
{
    for (guint i = 0; i < end; i++)
        if (line_at(text, i)->class == LINE_OWN && !text->fates[i].rule &&
            !footer_is_rule(line_at(text, i)->at, line_at(text, i)->length))
            return true;
    return false;
}

/* --- 1. history -------------------------------------------------------------------------- */

/* A line of underscores or dashes above belongs to what follows. */
static guint rule_above(const Text *text, guint i)
{
    guint above = i;
    while (above > 0 && line_at(text, above - 1)->class == LINE_BLANK)
        above--;
    if (above == 0)
        return i;
    const QuoteLine *line = line_at(text, above - 1);
    gsize rule = strspn(line->at, "_-=*~");
    return rule >= 3 && rule >= line->length ? above - 1 : i;
}

static bool begin_history(Text *text, guint i, const char *rule)
{
    text->history = rule_above(text, i);
    text->history_rule = rule;
    return true;
}

/* Handles the attribution ending in line `i`, if there is one; true if history begins. */
static bool take_attribution(Text *text, guint from, guint i)
{
    Attribution found;
    if (!attribution_ends_in(text->lines, from, i, &text->looks, &found))
        return false;
    guint next = quote_skip_blank(text->lines, i + 1);
    bool quoted = next < text->lines->len && line_at(text, next)->class == LINE_QUOTE;
    bool alone = !quoted && found.sure && !has_own(text, found.first);
    if (!quoted && !found.sure)
        return false;
    if (text->is_forward && found.sure) {
        text->forward = (int)found.first;
        return true;
    }
    if (!quoted && !alone)
        return begin_history(text, found.first, found.rule);
    for (guint k = found.first; k <= i; k++) {
        text->fates[k].introduces = true;
        text->fates[k].rule = found.rule;
        line_at(text, k)->class = LINE_QUOTE;
    }
    return false;
}

static bool take_header_block(Text *text, guint i)
{
    gsize length;
    guint end;
    const char *bare = quote_bare(line_at(text, i), &length), *value;
    int field = header_field(bare, length, &value);
    if (!(field & ~FIELD_OTHER) || text->looks-- <= 0 || !header_block_at(text->lines, i, &end))
        return false;
    if (text->is_forward) {
        text->forward = (int)i;
        return true;
    }
    return begin_history(text, i, header_rule);
}

/* The first lines of a quote: some programs put "> " before their mark or header only. Of the
 * marks of an earlier mail that is "> Message du 20/11/2026", of French webmail. */
static bool take_quote_head(Text *text, guint i)
{
    gsize length;
    const char *bare = quote_bare(line_at(text, i), &length);
    MarkKind mark = mark_of_line(bare, length);
    if (mark == MARK_ORIGINAL && g_ascii_isalpha(*bare) && has_own(text, i))
        return begin_history(text, i, original_rule);
    if (mark == MARK_FORWARD && (text->is_forward || !has_own(text, i)))
        text->forward = (int)i;
    else if (text->is_forward && !mark)
        return take_header_block(text, i);
    return text->forward >= 0;
}

static bool take_mark(Text *text, guint i)
{
    const QuoteLine *line = line_at(text, i);
    MarkKind mark = mark_of_line(line->at, line->length);
    if (mark == MARK_FORWARD)
        text->forward = (int)i;
    if (mark == MARK_ORIGINAL && text->is_forward && !has_own(text, i))
        text->forward = (int)i;
    else if (mark == MARK_ORIGINAL)
        return begin_history(text, i, original_rule);
    return text->forward >= 0;
}

/* Finds where history or a forward begins, and joins attributions to their quotes. */
static void find_history(Text *text)
{
    guint from = 0; /* attributions do not begin above it */
    for (guint i = 0; i < text->lines->len; i++) {
        LineClass class = line_at(text, i)->class;
        bool head =
            class == LINE_QUOTE && (i == 0 || line_at(text, i - 1)->class != LINE_QUOTE ||
                                    text->fates[i - 1].introduces);
        if (head && take_quote_head(text, i))
            return;
        if (class == LINE_BLANK)
            from = i + 1;
        if (class != LINE_OWN)
            continue;
        if (take_mark(text, i) || take_header_block(text, i) || take_attribution(text, from, i))
            return;
    }
}

/* --- 2. from the bottom up --------------------------------------------------------------- */

/* The rule by which a signature of that many written lines begins in this line, or NULL. A rule
 * right below a line underlines that. */
static const char *signature_rule(const Text *text, guint i, guint written)
{
    const QuoteLine *line = line_at(text, i);
    bool blank_above = i > 0 && line_at(text, i - 1)->class == LINE_BLANK;
    if (line->class != LINE_OWN)
        return NULL;
    if (footer_is_mark(line->at, line->length))
        return written <= SIGNATURE_LINES ? dashes_rule : NULL;
    if (blank_above && footer_is_rule(line->at, line->length))
        return written <= RULED_LINES ? ruled_rule : NULL;
    if (written <= FOOTER_LINES && footer_is_program(line->at, line->length))
        return footer_rule;
    return NULL;
}

static bool is_question(const QuoteLine *line)
{
    return line->length > 0 && line->at[line->length - 1] == '?';
}

/* Where the signature at the end of [0, end) begins; `end` if there is none. It never begins a
 * text, and nobody asks below a mere rule in a signature. */
static guint signature_start(const Text *text, guint end, const char **ret_rule)
{
    guint start = end, written = 0, top = quote_skip_blank(text->lines, 0) + 1;
    bool asks = false;
    for (guint i = end; i > top && line_at(text, i - 1)->class != LINE_QUOTE; i--) {
        const QuoteLine *line = line_at(text, i - 1);
        written += line->class != LINE_BLANK;
        if (written > SIGNATURE_LINES || end - i > 2 * SIGNATURE_LINES)
            break;
        const char *rule = signature_rule(text, i - 1, written);
        if (rule && !(asks && rule == ruled_rule)) {
            start = i - 1;
            *ret_rule = rule;
        }
        asks |= is_question(line);
    }
    return start;
}

static guint quote_start(const Text *text, guint end)
{
    while (end > 0 && line_at(text, end - 1)->class != LINE_OWN)
        end--;
    return end;
}

static guint without_blanks(const Text *text, guint end)
{
    while (end > 0 && line_at(text, end - 1)->class == LINE_BLANK)
        end--;
    return end;
}

/* Takes off quotes and signatures; returns where what remains ends, and whether a quote was
 * taken off. */
static guint take_off(Text *text, bool *ret_quote)
{
    guint end = text->history;
    for (*ret_quote = false;;) {
        const char *rule = quoted_rule;
        guint written = without_blanks(text, end);
        if (written == 0)
            return end;
        bool quote = line_at(text, written - 1)->class == LINE_QUOTE;
        guint start =
            quote ? quote_start(text, written) : signature_start(text, written, &rule);
        if (start == written)
            return written;
        start = quote_skip_blank(text->lines, start);
        cut(text, start, end == text->lines->len ? end : written, !quote, rule);
        *ret_quote |= quote;
        end = start;
    }
}

/* --- 3. between -------------------------------------------------------------------------- */

/* How many quotes stand in [0, end), and the lines of the first. */
static guint count_quotes(const Text *text, guint end, guint *ret_start, guint *ret_end)
{
    guint n = 0;
    bool within = false;
    for (guint i = 0; i < end; i++) {
        LineClass class = line_at(text, i)->class;
        if (class == LINE_QUOTE && !within && n++ == 0)
            *ret_start = i;
        if (class != LINE_BLANK)
            within = class == LINE_QUOTE;
        if (within && n == 1)
            *ret_end = i + 1;
    }
    return n;
}

/* A footer above all that was written: some telephones put it there. */
static void take_first_footer(Text *text, guint end)
{
    guint i = quote_skip_blank(text->lines, 0);
    if (i + 1 < end && line_at(text, i)->class == LINE_OWN &&
        footer_is_program(line_at(text, i)->at, line_at(text, i)->length))
        cut(text, 0, i + 1, true, footer_rule);
}

static void cut_between(Text *text, guint end, bool quote_below)
{
    guint start = 0, stop = 0;
    guint quotes = count_quotes(text, end, &start, &stop);
    if (quotes == 1 && !quote_below && text->fates[start].introduces)
        cut(text, start, without_blanks(text, stop), false, quoted_rule);
    take_first_footer(text, end);
}

/* --- 4. the parts ------------------------------------------------------------------------ */

static bool has_words(const Text *text)
{
    for (guint i = 0; i < text->lines->len; i++) {
        const QuoteLine *line = line_at(text, i);
        for (gsize k = 0; k < line->length && !text->fates[i].rule; k++)
            if (g_ascii_isalnum(line->at[k]) || (guchar)line->at[k] >= 0x80)
                return true;
    }
    return false;
}

static void keep_all(Text *text)
{
    memset(text->fates, 0, sizeof(Fate) * text->lines->len);
}

/* Blank lines above what is cut go with it. */
static void cut_blanks(Text *text)
{
    for (guint i = text->lines->len; i > 1; i--)
        if (text->fates[i - 1].rule && !text->fates[i - 2].rule &&
            line_at(text, i - 2)->class == LINE_BLANK)
            text->fates[i - 2] =
                (Fate){text->fates[i - 1].rule, text->fates[i - 1].signature, 0};
}

static GPtrArray *list_cuts(const Text *text)
{
    GPtrArray *cuts = g_ptr_array_new_with_free_func((GDestroyNotify)mail_cut_free);
    MailCut *last = NULL;
    for (guint i = 0; i < text->lines->len; i++) {
        const Fate *fate = &text->fates[i];
        if (fate->rule && last && last->line + last->lines == i + 1 &&
            last->is_signature == fate->signature && strcmp(last->rule, fate->rule) == 0)
            last->lines++;
        else if (fate->rule)
            g_ptr_array_add(cuts, last = mail_cut_new(i + 1, 1, fate->signature, fate->rule));
    }
    return cuts;
}

static char *collect(const Text *text, bool kept, bool signature)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < text->lines->len; i++) {
        const Fate *fate = &text->fates[i];
        if (kept ? !fate->rule : fate->rule && fate->signature == signature)
            g_string_append_len(out, line_at(text, i)->at, (gssize)line_at(text, i)->whole);
    }
    return g_string_free(out, FALSE);
}

static void split(Text *text)
{
    bool quote;
    find_history(text);
    if (text->forward >= 0) {
        keep_all(text);
        return;
    }
    cut(text, text->history, text->lines->len, false, text->history_rule);
    guint end = take_off(text, &quote);
    cut_between(text, end, quote);
    if (has_words(text))
        cut_blanks(text);
    else
        keep_all(text);
}

static void fill_parts(Text *text, QuoteParts *parts)
{
    parts->cuts = list_cuts(text);
    if (parts->cuts->len > CUTS_MAX) {
        keep_all(text);
        g_ptr_array_set_size(parts->cuts, 0);
    }
    parts->reply = collect(text, true, false);
    parts->signature = collect(text, false, true);
    parts->quoted = collect(text, false, false);
}

void quote_split(const char *text, const char *subject, QuoteParts *parts)
{
    g_autoptr(GArray) lines = quote_lines(text);
    g_autofree Fate *fates = g_new0(Fate, lines->len + 1);
    Text all = {lines, fates, lines->len, NULL, -1, LOOKS, forward_is_subject(subject)};
    split(&all);
    fill_parts(&all, parts);
    parts->forward = all.forward >= 0 ? forward_read(lines, (guint)all.forward, subject) : NULL;
}

static void take_parts(QuoteParts *parts, Mail *mail)
{
    g_free(mail->reply);
    g_free(mail->signature);
    g_free(mail->quoted);
    g_ptr_array_unref(mail->cuts);
    mail_forward_free(mail->forwarded);
    mail->reply = parts->reply;
    mail->signature = parts->signature;
    mail->quoted = parts->quoted;
    mail->cuts = parts->cuts;
    mail->forwarded = parts->forward;
}

void quote_mail(Mail *mail)
{
    QuoteParts parts;
    quote_split(mail->text, mail->subject, &parts);
    take_parts(&parts, mail);
}

void quote_parts_clear(QuoteParts *parts)
{
    g_clear_pointer(&parts->reply, g_free);
    g_clear_pointer(&parts->signature, g_free);
    g_clear_pointer(&parts->quoted, g_free);
    g_clear_pointer(&parts->cuts, g_ptr_array_unref);
    g_clear_pointer(&parts->forward, mail_forward_free);
}

void quote_cut_from(Mail *mail, guint line, const char *rule)
{
    g_autoptr(GArray) lines = quote_lines(mail->text);
    g_autofree Fate *fates = g_new0(Fate, lines->len + 1);
    Text all = {.lines = lines, .fates = fates};
    for (guint i = 0; i < mail->cuts->len; i++) {
        const MailCut *cut = mail->cuts->pdata[i];
        for (guint k = cut->line - 1; k < cut->line - 1 + cut->lines && k < lines->len; k++)
            fates[k] = (Fate){cut->rule, cut->is_signature, 0};
    }
    for (guint i = line; i < lines->len; i++)
        if (!fates[i].rule)
            fates[i] = (Fate){rule, false, 0};
    cut_blanks(&all);
    QuoteParts parts = {.forward = g_steal_pointer(&mail->forwarded)};
    fill_parts(&all, &parts);
    take_parts(&parts, mail);
}
