/* Turning the web addresses in plain text into links.
 *
 * Only http and https, only where a word starts, and only bytes that can stand in an address:
 * everything else stays text. What is linked is shown in full, so that nobody is led elsewhere
 * than what they read. One pass; the look back at a link's end is bounded by the link. */
#include "webview/html.h"

#include <string.h>

#define REL " rel=\"noreferrer nofollow noopener\""

/* Length of "http://" or "https://" at `at`, or 0. */
static gsize scheme_length(const char *at)
{
    if (g_ascii_strncasecmp(at, "http://", 7) == 0)
        return 7;
    return g_ascii_strncasecmp(at, "https://", 8) == 0 ? 8 : 0;
}

/* May this character be part of an address in running text? Letters of any script may (people
 * paste them unescaped); white space and every kind of quotation mark may not. */
static bool is_address_char(gunichar c)
{
    if (c < 0x80)
        return c > 0x20 && c != 0x7F && !strchr("<>\"`{}|\\^", (int)c);
    switch (g_unichar_type(c)) {
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
        return false;
    default:
        return true;
    }
}

static gsize count(const char *text, gsize length, char c)
{
    gsize n = 0;
    for (gsize i = 0; i < length; i++)
        n += text[i] == c;
    return n;
}

/* Punctuation that ends the sentence, not the address; a closing bracket stays if its opening
 * one is in the address: ".../Mailwicket_(gateway)". */
static gsize without_trailing_punctuation(const char *at, gsize length)
{
    gsize opened = count(at, length, '('), closed = count(at, length, ')');
    while (length > 0) {
        char last = at[length - 1];
        if (last == ')' && closed > opened)
            closed--;
        else if (last == ')' || !strchr(".,;:!?'*_~[]", last))
            break;
        length--;
    }
    return length;
}

/* Length of the address at `at`, or 0 if there is none. */
static gsize address_length(const char *at)
{
    gsize scheme = scheme_length(at);
    if (scheme == 0 || !(g_ascii_isalnum(at[scheme]) || ((guint8)at[scheme] & 0x80)))
        return 0;
    const char *end = at + scheme;
    while (*end && is_address_char(g_utf8_get_char(end)))
        end = g_utf8_next_char(end);
    gsize length = without_trailing_punctuation(at, (gsize)(end - at));
    return length > scheme ? length : 0;
}

static void append_link(GString *out, const char *at, gsize length)
{
    g_autofree char *address = g_strndup(at, length);
    html_raw(out, "<a href=\"");
    html_attr(out, address);
    html_raw(out, "\"" REL ">");
    html_text(out, address);
    html_raw(out, "</a>");
}

static void append_text(GString *out, const char *from, const char *to)
{
    if (to == from)
        return;
    g_autofree char *text = g_strndup(from, (gsize)(to - from));
    html_text(out, text);
}

/* The next "http" that starts a word, or NULL. */
static const char *next_candidate(const char *text, const char *p)
{
    for (; (p = strpbrk(p, "hH")); p++)
        if (scheme_length(p) > 0 && (p == text || !g_ascii_isalnum(p[-1])))
            return p;
    return NULL;
}

static void link_valid(GString *out, const char *text)
{
    const char *done = text;
    const char *at = text;
    while ((at = next_candidate(text, at))) {
        gsize length = address_length(at);
        if (length == 0) {
            at++;
            continue;
        }
        append_text(out, done, at);
        append_link(out, at, length);
        done = at += length;
    }
    html_text(out, done);
}

void html_linked(GString *out, const char *text)
{
    g_autofree char *mended =
        g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    link_valid(out, mended ? mended : text);
}
