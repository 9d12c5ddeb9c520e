/* Reading dates without knowing their language: a year, a month by name or number, a day, and
 * perhaps a time, an offset, "PM".
 *
 * "03/04/2024" is read day first, as all of the world but one country writes it, unless it
 * cannot be. Not here: RFC 5322 dates of real headers (parse.c). Never fails: 0. */
#include "core/mail/written_date.h"

#include "core/mail/quote_lines.h"

#include <stdbool.h>
#include <string.h>

#define NUMBERS_MAX 12
#define LENGTH_MAX 120

/* Beginnings of month names, lower case; the longest that fits wins. */
static const char *const months[12] = {
    "jan|ene|gen|januar|янв|січ|led|sty|ocak|ian|gener|tammi|ιαν|ינו|ينا|яну",
    "feb|fév|fev|феб|фев|лют|úno|lut|şub|helmi|φεβ|פבר|فبر|febr",
    "mar|mär|mrt|maa|мар|бер|bře|mart|mars|maalis|μαρ|מרץ|مار|márc",
    "apr|avr|abr|апр|кві|dub|kwi|nis|huhti|απρ|אפר|أبر|ápr",
    "may|mai|maj|mei|mag|мая|май|тра|kvě|touko|mayıs|μαΐ|μάι|μαϊ|מאי|ماي|máj",
    "jun|juin|giu|июн|чер|červen|čvn|cze|haz|kesä|ιουν|ιούν|יונ|يون|jún|iun",
    "jul|juil|lug|июл|лип|červenec|čvc|lip|tem|heinä|ιουλ|ιούλ|יול|يول|júl|iul",
    "aug|aoû|aou|ago|авг|сер|srp|sie|ağu|elo|αυγ|αύγ|אוג|أغس",
    "sep|set|сен|сент|вер|zář|wrz|eyl|syys|σεπ|ספט|سبت|szept|септ",
    "oct|okt|out|ott|окт|жов|říj|paź|eki|loka|οκτ|אוק|أكت",
    "nov|ноя|лис|lis|kas|marras|νοε|νοέ|נוב|نوف|noi|ное",
    "dec|déc|dez|dic|des|дек|гру|pro|gru|ara|joulu|δεκ|דצמ|ديس",
};

typedef struct {
    int value, digits;
    char before; /* '/', '.', '-', ':' between it and the number before; ' ' otherwise */
} Number;

typedef struct {
    Number numbers[NUMBERS_MAX];
    int count, month;
    int after_month; /* how many numbers stand before the month's name */
    bool pm, am;
    int offset; /* minutes */
} Found;

static int month_of_word(const char *word, gsize length)
{
    gsize best = 2;
    int month = 0;
    for (int m = 0; m < 12; m++)
        for (const char *name = months[m]; *name;) {
            gsize n = strcspn(name, "|");
            if (n > best && n <= length && memcmp(name, word, n) == 0) {
                best = n;
                month = m + 1;
            }
            name += n + (name[n] == '|');
        }
    return month;
}

static const char *take_word(const char *p, Found *found)
{
    gsize n = 0;
    while (p[n] && !g_ascii_isdigit(p[n]) && !strchr(" ,.:;()/-+'", p[n]))
        n++;
    if (n == 0)
        return p + 1;
    found->pm |= (n == 2 && memcmp(p, "pm", 2) == 0) || strncmp(p, "오후", 6) == 0 ||
                 strncmp(p, "下午", 6) == 0 || strncmp(p, "午後", 6) == 0 ||
                 strncmp(p, "μ", n) == 0;
    found->am |= (n == 2 && memcmp(p, "am", 2) == 0) || strncmp(p, "오전", 6) == 0 ||
                 strncmp(p, "上午", 6) == 0 || strncmp(p, "午前", 6) == 0;
    int month = month_of_word(p, n);
    if (month && !found->month) {
        found->month = month;
        found->after_month = found->count;
    }
    return p + n;
}

/* "+0200", "+02:00", "GMT+2" at the sign; NULL: no offset. */
static const char *take_offset(const char *p, Found *found)
{
    int sign = *p == '-' ? -1 : 1, value = 0, digits = 0;
    const char *q = p + 1;
    for (; g_ascii_isdigit(*q) || (*q == ':' && digits == 2); q++)
        if (*q != ':') {
            value = value * 10 + (*q - '0');
            digits++;
            if (digits > 4)
                return NULL;
        }
    if (digits == 1 || digits == 2)
        value *= 100;
    if (digits == 0 || value > 1400)
        return NULL;
    found->offset = sign * (value / 100 * 60 + value % 100);
    return q;
}

static const char *take_number(const char *p, char before, Found *found)
{
    int value = 0, digits = 0;
    for (; g_ascii_isdigit(*p); p++)
        if (++digits <= 6)
            value = value * 10 + (*p - '0');
    if (found->count < NUMBERS_MAX)
        found->numbers[found->count++] = (Number){value, digits, before};
    return p;
}

static bool has_clock(const Found *found)
{
    for (int i = 1; i < found->count; i++)
        if (found->numbers[i].before == ':')
            return true;
    return false;
}

static void scan(const char *p, Found *found)
{
    char before = ' ';
    while (*p) {
        if (g_ascii_isdigit(*p)) {
            p = take_number(p, before, found);
            before = *p && strchr("/.-:h", *p) && g_ascii_isdigit(p[1]) ? *p++ : ' ';
            before = before == 'h' ? ':' : before;
            continue;
        }
        const char *next = NULL;
        if ((*p == '+' || *p == '-') && has_clock(found))
            next = take_offset(p, found);
        p = next ? next : take_word(p, found);
        before = ' ';
    }
}

/* The date's numbers, apart from those of the time. False: no date. */
static bool read_day(const Found *found, int *year, int *month, int *day)
{
    int rest[NUMBERS_MAX], n = 0;
    *year = 0;
    *month = found->month;
    for (int i = 0; i < found->count && n < NUMBERS_MAX; i++) {
        const Number *number = &found->numbers[i];
        bool of_clock = number->before == ':' ||
                        (i + 1 < found->count && found->numbers[i + 1].before == ':');
        if (of_clock)
            continue;
        if (number->digits == 4 && !*year)
            *year = number->value;
        else if (number->digits <= 2)
            rest[n++] = number->value;
    }
    bool year_first = found->count > 0 && found->numbers[0].digits == 4;
    if (*month && n >= 1) {
        *day = rest[0];
        if (!*year && n >= 2)
            *year = 2000 + rest[1];
    } else if (n >= 2) {
        bool month_first = year_first || rest[1] > 12;
        *month = rest[month_first ? 0 : 1];
        *day = rest[month_first ? 1 : 0];
        if (!*year && n >= 3)
            *year = 2000 + rest[2];
    }
    return *year >= 1970 && *year < 2200 && *month >= 1 && *month <= 12;
}

static void read_time(const Found *found, int *hour, int *minute, int *second)
{
    *hour = *minute = *second = 0;
    for (int i = 1; i < found->count; i++) {
        if (found->numbers[i].before != ':')
            continue;
        *hour = found->numbers[i - 1].value;
        *minute = found->numbers[i].value;
        if (i + 1 < found->count && found->numbers[i + 1].before == ':')
            *second = found->numbers[i + 1].value;
        break;
    }
    if (found->pm && *hour < 12)
        *hour += 12;
    if (found->am && *hour == 12)
        *hour = 0;
}

gint64 written_date_read(const char *text, gsize length)
{
    g_autofree char *folded = quote_fold(text, MIN(length, LENGTH_MAX));
    Found found = {0};
    int year, month, day = 0, hour, minute, second;
    scan(folded, &found);
    if (!read_day(&found, &year, &month, &day))
        return 0;
    read_time(&found, &hour, &minute, &second);
    if (hour > 23 || minute > 59)
        hour = minute = second = 0;
    g_autoptr(GDateTime) when =
        g_date_time_new_utc(year, month, day, hour, minute, MIN(second, 59));
    return when ? g_date_time_to_unix(when) - found.offset * 60 : 0;
}
