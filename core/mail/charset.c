/* Charset conversion with the fallbacks that real mail needs.
 *
 * Only charsets of the table below reach iconv: a mail cannot make us load a converter that
 * nobody uses and nobody tests. windows-1252 is converted here, because it is the last resort
 * and may not fail. Never fails: what no reading makes sense of becomes U+FFFD.
 *
 * iconv loads its converters from the system's gconv folder at first use; where that is out of
 * reach (a sandbox), what they would have read falls back to windows-1252. So they can be
 * opened beforehand, and stay open: one process, one thread, one of each. */
#include "core/mail/charset.h"

#include "core/base/utf8.h"
#include "core/mail/charset_guess.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\357\277\275" /* U+FFFD */

/* The iconv name; "" for what is no declaration. */
#define NONE ""
#define WINDOWS_1252 "windows-1252"
#define UTF_8 "utf-8"

/* Sorted by label. A label is lower case without quotes. */
static const struct {
    const char *label, *name;
} labels[] = {
    {"ansi_x3.4-1968", NONE},
    {"ascii", NONE},
    {"big5", "BIG5-HKSCS"},
    {"big5-hkscs", "BIG5-HKSCS"},
    {"cp1252", WINDOWS_1252},
    {"cp437", "CP437"},
    {"cp850", "CP850"},
    {"cp852", "CP852"},
    {"cp866", "CP866"},
    {"cp874", "CP874"},
    {"cp932", "CP932"},
    {"cp936", "GB18030"},
    {"cp949", "CP949"},
    {"cp950", "BIG5-HKSCS"},
    {"euc-jp", "EUC-JP"},
    {"euc-kr", "CP949"},
    {"euc_kr", "CP949"},
    {"gb18030", "GB18030"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"ibm437", "CP437"},
    {"ibm850", "CP850"},
    {"ibm852", "CP852"},
    {"ibm866", "CP866"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"iso-2022-kr", "ISO-2022-KR"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"koi8_r", "KOI8-R"},
    {"ks_c_5601-1987", "CP949"},
    {"ksc5601", "CP949"},
    {"l1", WINDOWS_1252},
    {"latin-1", WINDOWS_1252},
    {"latin1", WINDOWS_1252},
    {"latin2", "ISO-8859-2"},
    {"latin9", "ISO-8859-15"},
    {"macintosh", "MACINTOSH"},
    {"ms_kanji", "CP932"},
    {"shift-jis", "CP932"},
    {"shift_jis", "CP932"},
    {"sjis", "CP932"},
    {"tis-620", "CP874"},
    {"ucs-2", "UTF-16"},
    {"unicode", "UTF-16"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"unicode-1-1-utf-8", UTF_8},
    {"us-ascii", NONE},
    {"utf-16", "UTF-16"},
    {"utf-16be", "UTF-16BE"},
    {"utf-16le", "UTF-16LE"},
    {"utf-32", "UTF-32"},
    {"utf-7", "UTF-7"},
    {"utf-8", UTF_8},
    {"utf16", "UTF-16"},
    {"utf7", "UTF-7"},
    {"utf8", UTF_8},
    {"x-gbk", "GB18030"},
    {"x-mac-cyrillic", "MAC-CYRILLIC"},
    {"x-mac-roman", "MACINTOSH"},
    {"x-sjis", "CP932"},
};

/* iso-8859-N as iconv knows it, by N. */
static const char *const iso_8859[] = {
    [1] = WINDOWS_1252,   [2] = "ISO-8859-2",   [3] = "ISO-8859-3",   [4] = "ISO-8859-4",
    [5] = "ISO-8859-5",   [6] = "ISO-8859-6",   [7] = "ISO-8859-7",   [8] = "ISO-8859-8",
    [9] = "CP1254",       [10] = "ISO-8859-10", [11] = "CP874",       [13] = "ISO-8859-13",
    [14] = "ISO-8859-14", [15] = "ISO-8859-15", [16] = "ISO-8859-16",
};

/* Windows code pages 1250 to 1258. */
static const char *const windows_125x[] = {
    "CP1250", "CP1251", WINDOWS_1252, "CP1253", "CP1254",
    "CP1255", "CP1256", "CP1257",     "CP1258",
};

static int compare_label(const void *key, const void *row)
{
    return strcmp(key, *(const char *const *)row);
}

/* The digits at the end of `label`, after one of the prefixes; -1 if it is not of that family.
 */
static int family_number(const char *label, const char *const *prefixes)
{
    for (; *prefixes; prefixes++) {
        gsize length = strlen(*prefixes);
        if (strncmp(label, *prefixes, length) == 0 && g_ascii_isdigit(label[length]))
            return atoi(label + length); /* a suffix such as -i (visual order) is ignored */
    }
    return -1;
}

static const char *converter_name(const char *charset)
{
    static const char *const iso[] = {"iso-8859-", "iso8859-", "iso_8859-", "iso8859_",
                                      "8859-",     "iso-8859", "iso8859",   NULL};
    static const char *const windows[] = {"windows-", "windows", "cp", "cp-", "x-cp", NULL};
    char label[32];
    gsize n = 0;
    for (; *charset && n + 1 < sizeof label; charset++)
        if (*charset > ' ' && *charset != '"' && *charset != '\'')
            label[n++] = g_ascii_tolower(*charset);
    label[n] = '\0';
    const char *const *row =
        bsearch(label, labels, G_N_ELEMENTS(labels), sizeof *labels, compare_label);
    if (row)
        return row[1];
    int number = family_number(label, iso);
    if (number > 0 && number < (int)G_N_ELEMENTS(iso_8859) && iso_8859[number])
        return iso_8859[number];
    number = family_number(label, windows);
    if (number == 874)
        return "CP874";
    return number >= 1250 && number <= 1258 ? windows_125x[number - 1250] : NONE;
}

static char *from_windows_1252(const guint8 *bytes, gsize length)
{
    /* 0 where the code page has no character. */
    static const guint16 high[32] = {
        0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
    };
    g_autoptr(GString) out = g_string_sized_new(length + length / 4);
    for (gsize i = 0; i < length; i++) {
        if (bytes[i] < 0x80)
            g_string_append_c(out, (char)bytes[i]);
        else if (bytes[i] >= 0xa0)
            g_string_append_unichar(out, bytes[i]);
        else
            g_string_append_unichar(out,
                                    high[bytes[i] - 0x80] ? high[bytes[i] - 0x80] : 0xfffd);
    }
    return utf8_clean(out->str, out->len, TEXT_BLOCK);
}

/* The converter of a name, opened at most once. */
static GIConv open_converter(const char *name)
{
    static GHashTable *converters; /* name, static → GIConv, (GIConv)-1 too */
    gpointer converter;
    if (!converters)
        converters = g_hash_table_new(g_str_hash, g_str_equal);
    if (!g_hash_table_lookup_extended(converters, name, NULL, &converter)) {
        converter = g_iconv_open("UTF-8", name);
        g_hash_table_insert(converters, (gpointer)name, converter);
    }
    return converter;
}

static bool needs_converter(const char *name)
{
    return *name && strcmp(name, UTF_8) != 0 && strcmp(name, WINDOWS_1252) != 0;
}

bool charset_open(const char *charset)
{
    const char *name = converter_name(charset);
    if (needs_converter(name))
        open_converter(name);
    return *name != '\0';
}

void charset_open_guesses(void)
{
    for (gsize i = 0; charset_guesses[i]; i++)
        open_converter(charset_guesses[i]);
}

void charset_open_all(void)
{
    charset_open_guesses();
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++)
        if (needs_converter(labels[i].name))
            open_converter(labels[i].name);
    for (gsize i = 0; i < G_N_ELEMENTS(iso_8859); i++)
        if (iso_8859[i] && needs_converter(iso_8859[i]))
            open_converter(iso_8859[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(windows_125x); i++)
        if (needs_converter(windows_125x[i]))
            open_converter(windows_125x[i]);
}

/* NULL if the converter is not to be had. *ret_bad: bytes that are not of the charset. */
static GString *convert(const guint8 *bytes, gsize length, const char *name, gsize *ret_bad)
{
    GIConv converter = open_converter(name);
    if (converter == (GIConv)-1)
        return NULL;
    g_iconv(converter, NULL, NULL, NULL, NULL); /* as new */
    GString *out = g_string_sized_new(length * 2);
    char *in = (char *)bytes;
    char piece[4096];
    *ret_bad = 0;
    for (bool flushed = false; !flushed;) {
        char *to = piece;
        gsize room = sizeof piece;
        flushed = length == 0;
        gsize done = g_iconv(converter, flushed ? NULL : &in, &length, &to, &room);
        int why = done == (gsize)-1 ? errno : 0;
        g_string_append_len(out, piece, to - piece);
        if (why == E2BIG) {
            flushed = false;
        } else if (why != 0 &&
                   length > 0) { /* foreign (EILSEQ), or cut off at the end (EINVAL) */
            g_string_append(out, REPLACEMENT);
            in++;
            length--;
            (*ret_bad)++;
        }
    }
    return out;
}

/* How much of `bytes` is UTF-8: characters beyond ASCII, and bytes that are none. */
static void weigh_utf8(const guint8 *bytes, gsize length, gsize *ret_good, gsize *ret_bad)
{
    const char *at = (const char *)bytes, *limit = at + length, *stop;
    *ret_good = *ret_bad = 0;
    while (at < limit) {
        bool whole = g_utf8_validate_len(at, (gsize)(limit - at), &stop);
        for (; at < stop; at++)
            *ret_good += (guchar)*at >= 0xc0;
        if (whole)
            break;
        *ret_bad += *at != '\0';
        at++;
    }
}

/* How many characters it takes to believe that a text is UTF-8 although another charset is
 * declared that its bytes fit as well. Letters of double-byte charsets, and of those that are
 * all letters, look like UTF-8 by chance; those of Western text hardly ever. */
static gsize utf8_evidence(const char *name)
{
    static const char *const dense[] = {"CP932",      "CP949",     "GB18030",    "BIG5-HKSCS",
                                        "EUC-JP",     "CP874",     "ISO-8859-5", "ISO-8859-6",
                                        "ISO-8859-7", "ISO-8859-8"};
    static const char *const other_form[] = {"UTF-7", "ISO-2022-JP", "ISO-2022-KR"};
    if (strcmp(name, NONE) == 0 || strcmp(name, UTF_8) == 0 || strcmp(name, WINDOWS_1252) == 0)
        return 1;
    for (gsize i = 0; i < G_N_ELEMENTS(dense); i++)
        if (strcmp(name, dense[i]) == 0)
            return 10;
    for (gsize i = 0; i < G_N_ELEMENTS(other_form); i++)
        if (strcmp(name, other_form[i]) == 0)
            return G_MAXSIZE;
    return g_str_has_prefix(name, "UTF-") ? G_MAXSIZE : 3;
}

/* NULL unless every byte of the text fits. */
static char *convert_strictly(const guint8 *bytes, gsize length, const char *name)
{
    gsize foreign = 0;
    g_autoptr(GString) converted = name ? convert(bytes, length, name, &foreign) : NULL;
    return converted && foreign == 0 ? utf8_clean(converted->str, converted->len, TEXT_BLOCK)
                                     : NULL;
}

/* Neither UTF-8 nor what was declared, if anything was. */
static char *guess(const guint8 *bytes, gsize length)
{
    const char *name = charset_guess(bytes, length);
    gsize foreign = 0;
    g_autoptr(GString) converted = name ? convert(bytes, length, name, &foreign) : NULL;
    if (converted && foreign <= length / 50 + 1)
        return utf8_clean(converted->str, converted->len, TEXT_BLOCK);
    return from_windows_1252(bytes, length);
}

char *charset_to_utf8(const guint8 *bytes, gsize length, const char *charset)
{
    if (length == 0) /* `bytes` may be NULL */
        return g_strdup("");
    const char *name = charset ? converter_name(charset) : NONE;
    gsize good, bad, foreign = 0;
    weigh_utf8(bytes, length, &good, &bad);
    char *escaped = bad == 0 && good == 0 && !g_str_has_prefix(name, "ISO-2022")
                        ? convert_strictly(bytes, length, charset_guess_escaped(bytes, length))
                        : NULL;
    if (escaped)
        return escaped;
    if (bad == 0 && (good >= utf8_evidence(name) || !needs_converter(name)))
        return utf8_clean((const char *)bytes, length, TEXT_BLOCK);
    if (strcmp(name, WINDOWS_1252) == 0)
        return from_windows_1252(bytes, length);

    g_autoptr(GString) converted = NULL;
    if (needs_converter(name))
        converted = convert(bytes, length, name, &foreign);
    /* One bad byte in fifty is damage; more is another charset. */
    if (converted && (foreign == 0 || (bad > 0 && foreign <= length / 50 + 1)))
        return utf8_clean(converted->str, converted->len, TEXT_BLOCK);
    if (bad == 0 || good > 2 * bad)
        return utf8_clean((const char *)bytes, length, TEXT_BLOCK);
    return guess(bytes, length);
}
