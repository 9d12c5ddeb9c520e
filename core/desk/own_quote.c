/* Finding our words in an answer.
 *
 * An answer's lines are compared with ours as words, since mail programs wrap, indent and link
 * them anew. Our notification begins where a line begins as ours do; from there on, every line
 * must be found in ours behind the one before. One that is not is somebody's own, and then
 * nothing is cut: what is doubtful is shown. */
#include "core/desk/own_quote.h"

#include "core/desk/wording.h"
#include "core/mail/composed.h"
#include "core/mail/html.h"
#include "core/mail/quote.h"
#include "schema/outbox.h"

#include <string.h>

#define ANCESTORS_MAX 5       /* Message-IDs looked at, the nearest first */
#define OURS_MAX (64 * 1024)  /* bytes of a notification read: its texts come first */
#define TEXT_MAX (256 * 1024) /* bytes of an answer that is looked into */
#define FIRST_WORDS 3         /* by which its beginning is recognised */
#define LEAST_WORDS 8         /* fewer might be the sender's own */
#define STEPS_MAX 2000000
#define INTRODUCTION_MAX 300 /* bytes of a line that introduces a quote */

static const char rule[] = "our own notification";

/* --- words of lines ----------------------------------------------------------------------- */

typedef struct {
    const char *at;
    gsize length;
    bool is_cut; /* a signature or a quote already */
    Wording words;
} Line;

/* None where it is blank, or cut. */
static guint count_words(const Line *line)
{
    return line->words.hashes ? line->words.hashes->len : 0;
}

static void line_clear(gpointer data)
{
    Line *line = data;
    wording_clear(&line->words);
}

static bool is_link(const char *token, gsize length)
{
    return g_strstr_len(token, (gssize)length, "://") || strncmp(token, "mailto:", 7) == 0 ||
           strncmp(token, "<mailto:", 8) == 0;
}

/* Links are written anew on the way, and programs add their targets. */
static void read_words(Wording *words, const char *line, gsize length)
{
    const char *end = line + length;
    while (line < end) {
        const char *stop = line;
        while (stop < end && *stop != ' ' && *stop != '\t' && *stop != '\n')
            stop++;
        if (!is_link(line, (gsize)(stop - line)))
            wording_read(words, line, (gsize)(stop - line));
        line = stop + 1;
    }
}

static void mark_cuts(GArray *lines, const GPtrArray *cuts)
{
    for (guint i = 0; i < cuts->len; i++) {
        const MailCut *cut = cuts->pdata[i];
        for (guint k = 0; k < cut->lines && cut->line - 1 + k < lines->len; k++)
            g_array_index(lines, Line, cut->line - 1 + k).is_cut = true;
    }
}

static GArray *lines_of(const Mail *mail)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_array_set_clear_func(lines, line_clear);
    for (const char *at = mail->text; *at;) {
        gsize length = strcspn(at, "\n");
        Line line = {.at = at, .length = length};
        g_array_append_val(lines, line);
        at += length + (at[length] == '\n');
    }
    mark_cuts(lines, mail->cuts);
    for (guint i = 0; i < lines->len; i++) {
        Line *line = &g_array_index(lines, Line, i);
        if (line->is_cut || line->length == 0)
            continue;
        line->words = wording_new();
        read_words(&line->words, line->at, line->length);
    }
    return lines;
}

/* --- the comparison ----------------------------------------------------------------------- */

typedef struct {
    const guint64 *words; /* ours */
    guint n;
    guint steps;
} Ours;

/* Where our words hold `words`, from `from` on; -1: nowhere. */
static gint64 find_words(Ours *ours, guint from, const GArray *words)
{
    gsize bytes = words->len * sizeof(guint64);
    for (guint at = from; at + words->len <= ours->n && ours->steps < STEPS_MAX; at++) {
        ours->steps++;
        if (ours->words[at] != g_array_index(words, guint64, 0))
            continue;
        ours->steps += words->len;
        if (memcmp(ours->words + at, words->data, bytes) == 0)
            return at;
    }
    return -1;
}

static bool begins_ours(const Ours *ours, const Line *line)
{
    return count_words(line) >= FIRST_WORDS && ours->n >= LEAST_WORDS &&
           memcmp(line->words.hashes->data, ours->words, FIRST_WORDS * sizeof(guint64)) == 0;
}

/* Are all lines from `first` on ours, one after the other? */
static bool is_ours(Ours *ours, const GArray *lines, guint first)
{
    guint at = 0, found = 0;
    for (guint i = first; i < lines->len; i++) {
        const Line *line = &g_array_index(lines, Line, i);
        if (count_words(line) == 0)
            continue;
        gint64 place = find_words(ours, at, line->words.hashes);
        if (place < 0)
            return false;
        at = (guint)place + count_words(line);
        found += count_words(line);
    }
    return found >= LEAST_WORDS;
}

/* A line above it that ends in a colon introduces it. */
static guint with_introduction(const GArray *lines, guint first)
{
    guint above = first;
    while (above > 0 && count_words(&g_array_index(lines, Line, above - 1)) == 0 &&
           !g_array_index(lines, Line, above - 1).is_cut)
        above--;
    if (above == 0)
        return first;
    const Line *line = &g_array_index(lines, Line, above - 1);
    gsize length = line->length;
    while (length > 0 && strchr(" \t\r", line->at[length - 1]))
        length--;
    bool introduces = length > 0 && length <= INTRODUCTION_MAX && line->at[length - 1] == ':';
    return introduces && above > 1 ? above - 1 : first;
}

/* Does anything stay in the reply? */
static bool leaves_words(const GArray *lines, guint first)
{
    for (guint i = 0; i < first; i++)
        if (count_words(&g_array_index(lines, Line, i)) > 0)
            return true;
    return false;
}

gint64 own_quote_find(const Mail *mail, const char *text)
{
    if (strlen(mail->text) > TEXT_MAX)
        return -1;
    g_autoptr(GArray) lines = lines_of(mail);
    g_auto(Wording) words = wording_new();
    read_words(&words, text, strlen(text));
    Ours ours = {(const guint64 *)(gpointer)words.hashes->data, words.hashes->len, 0};
    for (guint i = 0; i < lines->len; i++) {
        if (!begins_ours(&ours, &g_array_index(lines, Line, i)) || !is_ours(&ours, lines, i))
            continue;
        guint first = with_introduction(lines, i);
        return leaves_words(lines, first) ? (gint64)first : -1;
    }
    return -1;
}

/* --- what we sent ------------------------------------------------------------------------- */

static bool load_mail(Desk *desk, gint64 row, GByteArray *ret, GError **error)
{
    for (gint64 seq = 0; ret->len < OURS_MAX; seq++) {
        g_autoptr(GBytes) piece = NULL;
        if (!outbox_piece(desk->store, row, seq, &piece, error))
            return false;
        if (!piece)
            break;
        gsize length;
        const guint8 *bytes = g_bytes_get_data(piece, &length);
        g_byte_array_append(ret, bytes, (guint)MIN(length, OURS_MAX - ret->len));
    }
    return true;
}

/* As its reader saw it: its plain text, or its HTML as text. */
static gint64 find_mail(const Mail *mail, const GByteArray *sent)
{
    g_autofree char *plain = composed_text(sent->data, sent->len, "text/plain");
    gint64 found = plain ? own_quote_find(mail, plain) : -1;
    if (found >= 0)
        return found;
    g_autofree char *html = composed_text(sent->data, sent->len, "text/html");
    g_autofree char *shown = html ? html_to_text(html, strlen(html)) : NULL;
    return shown ? own_quote_find(mail, shown) : -1;
}

/* The ids this mail answers, the nearest ancestor first. */
static GPtrArray *ancestors(const Mail *mail)
{
    GPtrArray *ids = g_ptr_array_new();
    for (guint i = 0; i < mail->in_reply_to->len && ids->len < ANCESTORS_MAX; i++)
        g_ptr_array_add(ids, mail->in_reply_to->pdata[i]);
    for (guint i = mail->references->len; i > 0 && ids->len < ANCESTORS_MAX; i--)
        g_ptr_array_add(ids, mail->references->pdata[i - 1]);
    return ids;
}

bool own_quote_cut(Desk *desk, Mail *mail, GError **error)
{
    g_autoptr(GPtrArray) ids = ancestors(mail);
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(OutboxRow) row = NULL;
        g_autoptr(GByteArray) sent = g_byte_array_new();
        if (!outbox_by_message_id(desk->store, ids->pdata[i], &row, error))
            return false;
        if (!row)
            continue;
        if (!load_mail(desk, row->id, sent, error))
            return false;
        gint64 line = sent->len > 0 ? find_mail(mail, sent) : -1; /* not yet rendered: 0 */
        if (line >= 0) {
            quote_cut_from(mail, (guint)line, rule);
            break;
        }
    }
    return true;
}
