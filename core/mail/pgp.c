/* Passes over lines. Only a whole line at the margin is armor: one that is quoted is history,
 * one within a sentence is prose. What stands between the lines that begin and end a signature
 * goes, so it must look like armor: no prose is lost between two lines that say "PGP".
 */
#include "core/mail/pgp.h"

#include <glib.h>
#include <string.h>

enum { DATA_LINE_MAX = 128, KEY_MAX = 30 };

static const char begin_signed[] = "-----BEGIN PGP SIGNED MESSAGE-----";
static const char begin_signature[] = "-----BEGIN PGP SIGNATURE-----";
static const char end_signature[] = "-----END PGP SIGNATURE-----";
static const char begin_message[] = "-----BEGIN PGP MESSAGE-----";
static const char end_message[] = "-----END PGP MESSAGE-----";

/* --- lines ------------------------------------------------------------------------------- */

typedef struct {
    const char *at;
    gsize length;     /* without the line end and the white space before it */
    const char *next; /* the line below, or the end of the text */
} Line;

static Line line_at(const char *at)
{
    const char *lf = strchr(at, '\n');
    gsize length = lf ? (gsize)(lf - at) : strlen(at);
    Line line = {.at = at, .next = at + length + (lf ? 1 : 0)};
    while (length > 0 && strchr(" \t\r", at[length - 1]))
        length--;
    line.length = length;
    return line;
}

static bool line_is(const Line *line, const char *armor)
{
    return line->length == strlen(armor) && memcmp(line->at, armor, line->length) == 0;
}

/* Does the text end in the middle of this line? */
static bool line_breaks_off(const Line *line, const char *armor)
{
    return *line->next == '\0' && line->length > 0 && line->length < strlen(armor) &&
           memcmp(line->at, armor, line->length) == 0;
}

/* Bytes of the key in "Key: value", or 0. */
static gsize header_key(const Line *line)
{
    gsize n = 0;
    while (n < line->length && (g_ascii_isalnum(line->at[n]) || line->at[n] == '-'))
        n++;
    return n <= KEY_MAX && n < line->length && line->at[n] == ':' ? n : 0;
}

/* Base64 or blank; some programs set it in. */
static bool is_data(const Line *line)
{
    gsize i = 0;
    while (i < line->length && (line->at[i] == ' ' || line->at[i] == '\t'))
        i++;
    if (line->length - i > DATA_LINE_MAX)
        return false;
    for (; i < line->length; i++)
        if (!g_ascii_isalnum(line->at[i]) && !memchr("+/=", line->at[i], 3))
            return false;
    return true;
}

/* --- armor ------------------------------------------------------------------------------- */

/* From below the line that begins it: what follows the line that ends it, or the end of the
 * text if that comes first; NULL if prose does. *ret_lines: of data. A blank line above the
 * data may be missing, and a long "Comment:" may have been wrapped by a mail program. */
static const char *skip_armor(const char *at, const char *end_line, guint *ret_lines)
{
    bool below_header = false;
    *ret_lines = 0;
    while (*at) {
        Line line = line_at(at);
        if (line_is(&line, end_line) || line_breaks_off(&line, end_line))
            return line.next;
        bool header = *ret_lines == 0 && header_key(&line) > 0;
        bool wrapped = below_header && *line.at != '-';
        if (!header && !wrapped && !is_data(&line))
            return NULL;
        if (!header && !wrapped && line.length > 0)
            ++*ret_lines;
        below_header = header;
        at = line.next;
    }
    return at;
}

static bool has_message(const char *text)
{
    for (const char *at = text; *at;) {
        Line line = line_at(at);
        guint lines;
        if (line_is(&line, begin_message) && skip_armor(line.next, end_message, &lines) &&
            lines > 0)
            return true;
        at = line.next;
    }
    return false;
}

/* --- passages ---------------------------------------------------------------------------- */

typedef struct {
    const char *text, *signature, *after; /* where each begins */
    bool escaped;
} Passage;

/* RFC 9580 section 7.1 has the first, GnuPG the second, armor of any kind the others. No other
 * line is taken for a header: the blank line may be missing, and prose may begin "Re: …". */
static bool is_header(const Line *line, bool *ret_escaped)
{
    static const char *const keys[] = {"Hash",    "NotDashEscaped", "Version",
                                       "Comment", "Charset",        "MessageID"};
    gsize n = header_key(line);
    for (gsize i = 0; n > 0 && i < G_N_ELEMENTS(keys); i++) {
        if (n != strlen(keys[i]) || memcmp(line->at, keys[i], n) != 0)
            continue;
        *ret_escaped &= strcmp(keys[i], "NotDashEscaped") != 0;
        return true;
    }
    return false;
}

/* Past "Hash: …" and its kin and the one blank line below them. */
static const char *skip_headers(const char *at, bool *ret_escaped)
{
    *ret_escaped = true;
    Line line = line_at(at);
    while (is_header(&line, ret_escaped))
        line = line_at(line.next);
    return line.length == 0 ? line.next : line.at;
}

/* The line that begins the signature; NULL if there is none before another passage begins. */
static const char *find_signature(const char *at)
{
    while (*at) {
        Line line = line_at(at);
        if (line_is(&line, begin_signature))
            return at;
        if (line_is(&line, begin_signed))
            return NULL;
        at = line.next;
    }
    return NULL;
}

/* From below the line that begins it. */
static bool find_passage(const char *at, Passage *ret)
{
    guint ignored;
    ret->text = skip_headers(at, &ret->escaped);
    ret->signature = find_signature(ret->text);
    if (!ret->signature)
        return false;
    ret->after = skip_armor(line_at(ret->signature).next, end_signature, &ignored);
    return ret->after != NULL;
}

static void append_passage(GString *out, const Passage *passage)
{
    const char *next;
    for (const char *at = passage->text; at < passage->signature; at = next) {
        next = line_at(at).next;
        if (passage->escaped && at[0] == '-' && at[1] == ' ')
            at += 2;
        g_string_append_len(out, at, next - at);
    }
}

static char *open_passages(const char *text)
{
    GString *out = NULL;
    const char *done = text; /* all before it is in `out` or dropped */
    for (const char *at = text; *at;) {
        Line line = line_at(at);
        Passage passage;
        at = line.next;
        if (!line_is(&line, begin_signed) || !find_passage(at, &passage))
            continue;
        if (!out)
            out = g_string_sized_new(strlen(text));
        g_string_append_len(out, done, line.at - done);
        append_passage(out, &passage);
        done = at = passage.after;
    }
    return out ? g_string_free(g_string_append(out, done), FALSE) : NULL;
}

char *pgp_open_text(const char *text, PgpMarks *ret)
{
    *ret = (PgpMarks){0};
    if (!strstr(text, "-----BEGIN PGP ")) /* nearly every text */
        return NULL;
    char *opened = open_passages(text);
    ret->is_signed = opened != NULL;
    ret->is_encrypted = has_message(opened ? opened : text);
    return opened;
}
