/* Lines, and the one form in which they are compared with phrases.
 *
 * Not here: what any line means (quote.c, attribution.c, mark.c, footer.c, header_block.c).
 * Never fails. */
#include "core/mail/quote_lines.h"

#include <string.h>

/* Bytes of a blank at the end of the text, or 0: white space, no-break and invisible ones. */
static gsize blank_at_end(const char *at, gsize length)
{
    if (length >= 1 && strchr(" \t\n\r\f\v", at[length - 1]))
        return 1;
    if (length >= 2 && memcmp(at + length - 2, "\302\240", 2) == 0)
        return 2;
    static const char *const wide[] = {"\342\200\213", "\342\200\214", "\342\200\216",
                                       "\342\200\217", "\342\200\257", "\343\200\200",
                                       "\357\273\277"};
    for (gsize i = 0; length >= 3 && i < G_N_ELEMENTS(wide); i++)
        if (memcmp(at + length - 3, wide[i], 3) == 0)
            return 3;
    return 0;
}

static gsize trimmed_length(const char *at, gsize length)
{
    gsize blank;
    while (length > 0 && (blank = blank_at_end(at, length)) > 0)
        length -= blank;
    return length;
}

GArray *quote_lines(const char *text)
{
    GArray *lines = g_array_sized_new(FALSE, FALSE, sizeof(QuoteLine), 64);
    while (*text) {
        const char *stop = strchr(text, '\n');
        gsize whole = stop ? (gsize)(stop - text) + 1 : strlen(text);
        QuoteLine line = {.at = text, .length = trimmed_length(text, whole), .whole = whole};
        line.class = line.length == 0 ? LINE_BLANK : *text == '>' ? LINE_QUOTE : LINE_OWN;
        g_array_append_val(lines, line);
        text += whole;
    }
    return lines;
}

guint quote_skip_blank(const GArray *lines, guint i)
{
    while (i < lines->len && quote_line(lines, i)->class == LINE_BLANK)
        i++;
    return i;
}

const char *quote_bare(const QuoteLine *line, gsize *ret_length)
{
    gsize marks = 0;
    while (marks < line->length && strchr("> \t", line->at[marks]))
        marks++;
    *ret_length = line->length - marks;
    return line->at + marks;
}

/* What stands for the character at `p` (of `length` bytes), as one ASCII character; 0: itself.
 */
static char plain_form(const char *p, gsize length)
{
    static const struct {
        const char *bytes;
        char plain;
    } forms[] = {
        {"\302\240", ' '},      {"\342\200\257", ' '}, {"\343\200\200", ' '},
        {"\342\200\231", '\''}, {"\357\274\232", ':'},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
        if (length == strlen(forms[i].bytes) && memcmp(p, forms[i].bytes, length) == 0)
            return forms[i].plain;
    return 0;
}

static bool is_invisible(gunichar c)
{
    return c == 0x200b || c == 0x200c || c == 0x200e || c == 0x200f || c == 0xfeff ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static void append_blank(GString *out)
{
    if (out->len == 0 || out->str[out->len - 1] != ' ')
        g_string_append_c(out, ' ');
}

char *quote_fold(const char *line, gsize length)
{
    g_autoptr(GString) out = g_string_sized_new(length + 1);
    for (gsize i = 0; i < length;) {
        guchar c = (guchar)line[i];
        gunichar wide =
            c < 0x80 ? c : g_utf8_get_char_validated(line + i, (gssize)(length - i));
        if (c < 0x80 || wide >= (gunichar)-2) {
            if (c == ' ' || c == '\t')
                append_blank(out);
            else
                g_string_append_c(out, g_ascii_tolower((char)c));
            i++;
            continue;
        }
        gsize n = (gsize)g_unichar_to_utf8(wide, NULL);
        char plain = plain_form(line + i, n);
        if (plain == ' ')
            append_blank(out);
        else if (plain)
            g_string_append_c(out, plain);
        else if (!is_invisible(wide))
            g_string_append_unichar(out, g_unichar_tolower(wide));
        i += n;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

bool quote_is_letter(char c)
{
    return (guchar)c >= 0x80 || g_ascii_isalnum(c);
}
