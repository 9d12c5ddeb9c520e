/* The search for charset names: every "=" is looked at, and what stands around it.
 *
 * Pieces overlap, so that a name across their border is seen whole. A name in base64 (HTML that
 * names its charset and is encoded so) is not found. A read error ends the search. */
#include "core/mail/labels.h"

#include "core/mail/raw.h"

#include <string.h>

enum {
    PIECE = 64 * 1024,
    BEFORE = 16, /* bytes that may belong to a name's introduction: "charset*0* = " */
    LABEL_MAX = 31,
    BLANKS_MAX = 8, /* and quotes, between "=" and the name */
    AROUND = 64,    /* all of these, and a few more */
};

static bool is_label_char(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == ':';
}

static bool is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'';
}

/* "charset", blanks and the section marks of RFC 2231 right in front of `equals`? */
static bool follows_charset(const char *start, const char *equals)
{
    static const char word[] = "charset";
    const gsize length = sizeof word - 1;
    const char *p = equals, *first = equals - MIN((gsize)(equals - start), (gsize)BEFORE);
    while (p > first && strchr(" \t*0", p[-1]) != NULL && p[-1] != '\0')
        p--;
    return (gsize)(p - first) >= length && g_ascii_strncasecmp(p - length, word, length) == 0;
}

/* NAME'LANGUAGE'TEXT of RFC 2231, where the value of "parameter*=" stands? */
static bool begins_extended(const char *start, const char *equals, const char *p,
                            const char *end)
{
    if (equals == start || equals[-1] != '*')
        return false;
    for (int i = 0; i <= LABEL_MAX && p < end && is_label_char(*p); i++)
        p++;
    return p < end && *p == '\'';
}

static void take_label(const char *p, const char *end, GPtrArray *labels)
{
    char label[LABEL_MAX + 1];
    gsize n = 0;
    for (; p < end && n < LABEL_MAX && is_label_char(*p); p++)
        label[n++] = g_ascii_tolower(*p);
    label[n] = '\0';
    if (n < 2 || labels->len >= LABELS_MAX)
        return;
    for (guint i = 0; i < labels->len; i++)
        if (strcmp(labels->pdata[i], label) == 0)
            return;
    g_ptr_array_add(labels, g_strdup(label));
}

/* "=E9": a byte beyond ASCII, in quoted-printable. */
static bool is_foreign_escape(const char *equals, const char *end)
{
    return end - equals > 2 && g_ascii_xdigit_value(equals[1]) >= 8 &&
           g_ascii_isxdigit(equals[2]);
}

static bool has_foreign_bytes(const char *p, const char *end)
{
    guchar seen = 0;
    bool escape = memchr(p, '\033', (gsize)(end - p)) != NULL;
    for (; p < end; p++)
        seen |= (guchar)*p;
    return escape || seen >= 0x80;
}

static void look_at(const char *start, const char *equals, const char *end, GPtrArray *labels)
{
    const char *p = equals + 1;
    if (p < end && *p == '?') {
        take_label(p + 1, end, labels);
    } else if (begins_extended(start, equals, p + (p < end && *p == '"'), end)) {
        take_label(p + (*p == '"'), end, labels);
    } else if (follows_charset(start, equals)) {
        if (end - p > 2 && p[0] == '3' && g_ascii_toupper(p[1]) == 'D') /* quoted-printable */
            p += 2;
        for (int i = 0; i < BLANKS_MAX && p < end && is_between(*p); i++)
            p++;
        take_label(p, end, labels);
    }
}

static bool has_word(const char *p, const char *end, const char *word)
{
    return memmem(p, (gsize)(end - p), word, strlen(word)) != NULL;
}

static bool has_sealed(const char *p, const char *end)
{
    return has_word(p, end, "ms-tnef") || has_word(p, end, "winmail.dat") ||
           has_word(p, end, "pkcs7-mime");
}

void labels_clear(Labels *labels)
{
    g_clear_pointer(&labels->names, g_ptr_array_unref);
}

void labels_find(int fd, guint64 size, Labels *ret)
{
    const RawMail raw = {.fd = fd, .size = size};
    *ret = (Labels){.names = g_ptr_array_new_with_free_func(g_free)};
    g_autofree char *piece = g_malloc(AROUND + PIECE);
    gsize kept = 0, looked = 0; /* bytes at the start of the piece; those done with already */
    for (guint64 offset = 0; offset < size && ret->names->len < LABELS_MAX;) {
        gssize n = raw_pread(&raw, offset, piece + kept, PIECE);
        if (n <= 0)
            break;
        offset += (guint64)n;
        const char *end = piece + kept + n;
        ret->foreign |= has_foreign_bytes(piece + kept, end);
        ret->sealed |= has_sealed(piece, end);
        /* What is too near the end is looked at again, with what follows it. */
        const char *stop = offset < size ? end - MIN(end - piece, AROUND - BEFORE) : end;
        const char *p = piece + looked;
        while (p < stop && (p = memchr(p, '=', (gsize)(stop - p))) != NULL) {
            ret->foreign |= is_foreign_escape(p, end);
            look_at(piece, p++, end, ret->names);
        }
        kept = (gsize)MIN(end - piece, AROUND);
        looked = offset < size ? kept - (gsize)(end - MAX(stop, piece + looked)) : 0;
        memmove(piece, end - kept, kept);
    }
}
