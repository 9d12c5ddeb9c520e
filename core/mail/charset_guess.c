/* Guessing a charset from the bytes of a text, by counting them.
 *
 * Each family leaves its own trace: letters beyond ASCII stand alone in Western text, make up
 * the words in Cyrillic, come in pairs in the double-byte charsets of East Asia. Only what is
 * plain is decided; doubt falls to Western text, which is the caller's default.
 *
 * Not here: validity, which the converter judges, and UTF-8, which is tried first. */
#include "core/mail/charset_guess.h"

#include <stdbool.h>
#include <string.h>

enum {
    LOOK_BYTES = 16 * 1024,
    PAIRS_MIN = 4, /* of a double-byte text: two words */
    LETTERS_MIN = 6,
};

#define JAPANESE_7BIT "ISO-2022-JP-2"
#define KOREAN_7BIT "ISO-2022-KR"
#define JAPANESE_EUC "EUC-JP"
#define JAPANESE_SHIFTED "CP932"
#define KOREAN "CP949"
#define CHINESE "GB18030"
#define CHINESE_BIG5 "BIG5-HKSCS"
#define CYRILLIC_WINDOWS "CP1251"
#define CYRILLIC_KOI8 "KOI8-R"
#define TURKISH "CP1254"

const char *const charset_guesses[] = {
    JAPANESE_7BIT, KOREAN_7BIT,   JAPANESE_EUC,     JAPANESE_SHIFTED, KOREAN, CHINESE,
    CHINESE_BIG5,  CYRILLIC_KOI8, CYRILLIC_WINDOWS, TURKISH,          NULL,
};

/* --- escape sequences -------------------------------------------------------------------- */

const char *charset_guess_escaped(const guint8 *bytes, gsize length)
{
    static const struct {
        const char *escape, *name;
    } escapes[] = {
        {"\033$B", JAPANESE_7BIT},
        {"\033$@", JAPANESE_7BIT},
        {"\033$(D", JAPANESE_7BIT},
        {"\033$)C", KOREAN_7BIT},
    };
    const guint8 *end = bytes + length;
    for (const guint8 *p = bytes; (p = memchr(p, '\033', (gsize)(end - p))) != NULL; p++)
        for (gsize i = 0; i < G_N_ELEMENTS(escapes); i++) {
            gsize n = strlen(escapes[i].escape);
            if ((gsize)(end - p) > n && memcmp(p, escapes[i].escape, n) == 0)
                return escapes[i].name;
        }
    return NULL;
}

/* --- counts ------------------------------------------------------------------------------ */

typedef struct {
    gsize bytes[256];
    gsize high;    /* from 0x80 on */
    gsize letters; /* of ASCII */
} Counts;

static void count_bytes(const guint8 *bytes, gsize length, Counts *counts)
{
    for (gsize i = 0; i < length; i++) {
        counts->bytes[bytes[i]]++;
        counts->high += bytes[i] >= 0x80;
        counts->letters += g_ascii_isalpha(bytes[i]);
    }
}

static gsize sum(const Counts *counts, guint first, guint last)
{
    gsize n = 0;
    for (guint i = first; i <= last; i++)
        n += counts->bytes[i];
    return n;
}

/* Is `part` at least `percent` of `whole`? */
static bool is_share(gsize part, gsize whole, gsize percent)
{
    return whole > 0 && part * 100 >= whole * percent;
}

/* --- pairs ------------------------------------------------------------------------------- */

typedef struct {
    gsize pairs;
    gsize broken;    /* high bytes that begin no pair */
    gsize low_trail; /* pairs that end in ASCII */
    gsize kana;      /* pairs that are Japanese syllables */
    gsize hangul;    /* pairs that begin as Korean syllables do */
    gsize ideograms; /* pairs that begin as those or as Chinese signs do */
} Pairs;

/* Pairs of two bytes from 0xa1 on: EUC-JP, EUC-KR, GB2312. */
static Pairs count_euc(const guint8 *bytes, gsize length)
{
    Pairs pairs = {0};
    for (gsize i = 0; i < length; i++) {
        guint8 lead = bytes[i];
        if (lead < 0x80)
            continue;
        if (lead < 0xa1 || lead == 0xff || i + 1 == length || bytes[i + 1] < 0xa1) {
            pairs.broken++;
            continue;
        }
        pairs.pairs++;
        pairs.kana += lead == 0xa4 || lead == 0xa5;
        pairs.hangul += lead >= 0xb0 && lead <= 0xc8;
        pairs.ideograms += lead >= 0xb0;
        i++;
    }
    return pairs;
}

/* Pairs whose second byte may be ASCII: Shift_JIS (`shifted`), Big5. */
static Pairs count_mixed(const guint8 *bytes, gsize length, bool shifted)
{
    Pairs pairs = {0};
    for (gsize i = 0; i < length; i++) {
        guint8 lead = bytes[i], trail = i + 1 < length ? bytes[i + 1] : 0;
        if (lead < 0x80 || (shifted && lead >= 0xa1 && lead <= 0xdf)) /* half-width kana */
            continue;
        bool low = trail >= 0x40 && trail <= 0x7e;
        bool leads = shifted ? (lead >= 0x81 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xfc)
                             : lead >= 0xa1 && lead <= 0xf9;
        bool trails = low || (shifted ? trail >= 0x80 && trail <= 0xfc : trail >= 0xa1);
        if (!leads || !trails) {
            pairs.broken++;
            continue;
        }
        pairs.pairs++;
        pairs.low_trail += low;
        pairs.kana +=
            (lead == 0x82 && trail >= 0x9f && trail <= 0xf1) || (lead == 0x83 && trail <= 0x96);
        i++;
    }
    return pairs;
}

static bool is_paired(const Pairs *pairs)
{
    return pairs->pairs >= PAIRS_MIN && !is_share(pairs->broken, pairs->pairs, 3);
}

static const char *guess_double_byte(const guint8 *bytes, gsize length)
{
    Pairs euc = count_euc(bytes, length);
    if (is_paired(&euc)) {
        if (is_share(euc.kana, euc.pairs, 20))
            return JAPANESE_EUC;
        return is_share(euc.hangul, euc.ideograms, 85) ? KOREAN : CHINESE;
    }
    Pairs shifted = count_mixed(bytes, length, true);
    if (is_paired(&shifted) && is_share(shifted.kana, shifted.pairs, 20))
        return JAPANESE_SHIFTED;
    Pairs big5 = count_mixed(bytes, length, false);
    return is_paired(&big5) && is_share(big5.low_trail, big5.pairs, 15) ? CHINESE_BIG5 : NULL;
}

/* --- single bytes ------------------------------------------------------------------------ */

/* Most letters of Russian are lower case: the upper half of them in Windows's order, the lower
 * in KOI8's. */
static const char *guess_cyrillic(const Counts *counts)
{
    gsize low = sum(counts, 0xc0, 0xdf), high = sum(counts, 0xe0, 0xff);
    if (low + high < LETTERS_MIN || !is_share(low + high, counts->high, 93))
        return NULL;
    return high > low ? CYRILLIC_WINDOWS : CYRILLIC_KOI8;
}

/* Turkish took the places of the letters that only Icelandic has, which has accents besides. */
static const char *guess_turkish(const Counts *counts)
{
    static const guint8 turkish[] = {0xd0, 0xdd, 0xde, 0xf0, 0xfd, 0xfe};
    static const guint8 icelandic[] = {0xe1, 0xe6, 0xe9, 0xed, 0xf3, 0xfa};
    gsize own = 0, foreign = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(turkish); i++)
        own += counts->bytes[turkish[i]];
    for (gsize i = 0; i < G_N_ELEMENTS(icelandic); i++)
        foreign += counts->bytes[icelandic[i]];
    return own > 1 && own > foreign && is_share(own, counts->high, 25) ? TURKISH : NULL;
}

const char *charset_guess(const guint8 *bytes, gsize length)
{
    Counts counts = {0};
    length = MIN(length, (gsize)LOOK_BYTES);
    count_bytes(bytes, length, &counts);
    /* Where words are made of them, not sprinkled with them. */
    if (is_share(counts.high, counts.high + counts.letters, 40)) {
        const char *cyrillic = guess_cyrillic(&counts);
        return cyrillic ? cyrillic : guess_double_byte(bytes, length);
    }
    return guess_turkish(&counts);
}
