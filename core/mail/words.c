/* A small decoder of encoded words, for the parent process, where no iconv and no GMime may
 * meet hostile bytes. The parser's own, complete decoding is in header.c. */
#include "core/mail/words.h"

#include "core/base/transfer.h"
#include "core/base/utf8.h"

#include <glib.h>
#include <string.h>

/* 0x80 to 0x9f of Windows-1252; the five unassigned ones become U+FFFD. */
static const gunichar high[32] = {
    0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
};

typedef enum { CHARSET_UTF8, CHARSET_WINDOWS_1252, CHARSET_OTHER } Charset;

typedef struct {
    Charset charset;
    bool base64;
    const char *text;
    gsize length;
    const char *end; /* behind "?=" */
} Word;

static void append_bytes(GString *out, const char *bytes, gsize length, Charset charset)
{
    if (charset == CHARSET_UTF8) {
        g_string_append_len(out, bytes, (gssize)length);
        return;
    }
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)bytes[i];
        g_string_append_unichar(out, c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c);
    }
}

static Charset charset_of(const char *name, gsize length)
{
    static const struct {
        const char *name;
        Charset charset;
    } known[] = {
        {"utf-8", CHARSET_UTF8},
        {"utf8", CHARSET_UTF8},
        {"us-ascii", CHARSET_WINDOWS_1252},
        {"iso-8859-1", CHARSET_WINDOWS_1252},
        {"windows-1252", CHARSET_WINDOWS_1252},
        {"cp1252", CHARSET_WINDOWS_1252},
    };
    const char *language = memchr(name, '*', length); /* RFC 2231 section 5 */
    if (language)
        length = (gsize)(language - name);
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (strlen(known[i].name) == length &&
            g_ascii_strncasecmp(name, known[i].name, length) == 0)
            return known[i].charset;
    return CHARSET_OTHER;
}

/* "=?charset?Q?text?=" at `p`. */
static bool read_word(const char *p, Word *word)
{
    if (p[0] != '=' || p[1] != '?')
        return false;
    const char *name = p + 2;
    gsize name_length = strcspn(name, "? \t\r\n");
    const char *mark = name + name_length;
    if (mark[0] != '?' || !mark[1] || !strchr("qQbB", mark[1]) || mark[2] != '?')
        return false;
    word->text = mark + 3;
    word->length = strcspn(word->text, "? \t\r\n");
    if (word->text[word->length] != '?' || word->text[word->length + 1] != '=')
        return false;
    word->end = word->text + word->length + 2;
    word->base64 = g_ascii_tolower(mark[1]) == 'b';
    word->charset = charset_of(name, name_length);
    return word->charset != CHARSET_OTHER;
}

/* The Q encoding is quoted-printable with "_" for a space: RFC 2047 section 4.2. */
static void append_word(GString *out, const Word *word)
{
    TransferDecoder decoder;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GString) text = g_string_new_len(word->text, (gssize)word->length);
    if (!word->base64)
        g_string_replace(text, "_", "=20", 0);
    transfer_init(&decoder, word->base64 ? TRANSFER_BASE64 : TRANSFER_QUOTED_PRINTABLE);
    transfer_decode(&decoder, (const guint8 *)text->str, text->len, bytes);
    transfer_finish(&decoder, bytes);
    append_bytes(out, (const char *)bytes->data, bytes->len, word->charset);
}

/* Past white space, if an encoded word comes after it. */
static const char *skip_to_word(const char *p, Word *word)
{
    const char *next = p + strspn(p, " \t\r\n");
    return next > p && read_word(next, word) ? next : NULL;
}

char *words_decode(const char *raw)
{
    const Charset outside =
        g_utf8_validate(raw, -1, NULL) ? CHARSET_UTF8 : CHARSET_WINDOWS_1252;
    g_autoptr(GString) out = g_string_new(NULL);
    Word word;
    for (const char *p = raw; *p;) {
        if (*p == '\r' || *p == '\n') {
            p++;
        } else if (!read_word(p, &word)) {
            append_bytes(out, p++, 1, outside);
        } else {
            append_word(out, &word);
            p = word.end;
            /* Blanks between two encoded words are not text: RFC 2047 section 6.2. */
            const char *next = skip_to_word(p, &word);
            p = next ? next : p;
        }
    }
    return utf8_clean(out->str, out->len, TEXT_LINE);
}
