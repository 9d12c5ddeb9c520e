/* Reading moments: the text becomes numbers, words and marks; each rule below takes those it
 * knows from where the reading stands, until nothing is left. What no rule knows ends it. */
#include "core/desk/when.h"

#include "core/desk/fold.h"

#include <string.h>

#define TOKENS_MAX 24
#define WORD_BYTES 16
#define MORNING 9 /* hours */
#define AFTERNOON 14
#define EVENING 18
#define WORKDAY_END 17
#define AMOUNT_MAX 5000

typedef struct {
    int number;            /* -1: a word or a mark */
    char word[WORD_BYTES]; /* folded; "/" and the like for a mark; "" for a number */
} Token;

typedef struct {
    Token tokens[TOKENS_MAX + 4]; /* the last ones are empty, so that rules may look ahead */
    guint n, at;
    GDateTime *now; /* in the zone */
    GTimeZone *zone;
    int year, month, day; /* 0: not said */
    bool year_said;
    int hour, minute;  /* -1: not said */
    GDateTime *moment; /* said as so long from now; NULL: not */
} Reading;

static void reading_clear(Reading *reading)
{
    g_clear_pointer(&reading->now, g_date_time_unref);
    g_clear_pointer(&reading->moment, g_date_time_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

/* --- tokens ------------------------------------------------------------------------------ */

/* Length of the token at `p`; 0: nothing that belongs into a moment. */
static gsize token_length(const char *p)
{
    gsize n = strspn(p, "0123456789");
    if (n > 0)
        return n <= 4 ? n : 0;
    while (g_ascii_isalpha(p[n]))
        n++;
    if (n > 0)
        return n < WORD_BYTES ? n : 0;
    return strchr("/-.:", *p) != NULL;
}

static bool cut(const char *text, Reading *reading)
{
    for (const char *p = text + strspn(text, " ,'"); *p; p += strspn(p, " ,'")) {
        gsize length = token_length(p);
        if (length == 0 || reading->n == TOKENS_MAX)
            return false;
        Token *token = &reading->tokens[reading->n++];
        token->number = g_ascii_isdigit(*p) ? (int)g_ascii_strtoll(p, NULL, 10) : -1;
        if (token->number < 0)
            memcpy(token->word, p, length);
        p += length;
    }
    return reading->n > 0;
}

static const Token *ahead(const Reading *reading, guint n)
{
    return &reading->tokens[MIN(reading->at + n, TOKENS_MAX)];
}

static bool is_word(const Reading *reading, guint n, const char *word)
{
    return strcmp(ahead(reading, n)->word, word) == 0;
}

/* Where `word` stands in `words`, which ends with NULL; -1: nowhere. */
static int find(const char *word, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

/* --- the calendar ------------------------------------------------------------------------ */

static void set_date(Reading *reading, GDateTime *date)
{
    g_date_time_get_ymd(date, &reading->year, &reading->month, &reading->day);
    reading->year_said = true;
}

static bool set_day(Reading *reading, int days)
{
    g_autoptr(GDateTime) date = g_date_time_add_days(reading->now, days);
    if (date)
        set_date(reading, date);
    return date;
}

static bool set_clock(Reading *reading, int hour, int minute)
{
    if (reading->hour >= 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return false;
    reading->hour = hour;
    reading->minute = minute;
    return true;
}

static bool set_numbers(Reading *reading, int day, int month, int year)
{
    if (reading->day != 0 || day < 1 || day > 31 || month < 1 || month > 12)
        return false;
    reading->day = day;
    reading->month = month;
    reading->year_said = year > 0;
    reading->year =
        year > 0 ? year + (year < 100 ? 2000 : 0) : g_date_time_get_year(reading->now);
    return true;
}

static int month_of(const char *word)
{
    static const char *const months[12][6] = {
        {"january", "jan", "janvier", "janv"},
        {"february", "feb", "fevrier", "fevr", "fev"},
        {"march", "mar", "mars"},
        {"april", "apr", "avril", "avr"},
        {"may", "mai"},
        {"june", "jun", "juin"},
        {"july", "jul", "juillet", "juil"},
        {"august", "aug", "aout"},
        {"september", "sep", "sept", "septembre"},
        {"october", "oct", "octobre"},
        {"november", "nov", "novembre"},
        {"december", "dec", "decembre"},
    };
    for (int i = 0; i < 12; i++)
        if (*word && find(word, months[i]) >= 0)
            return i + 1;
    return 0;
}

/* --- rules ------------------------------------------------------------------------------- */

/* Each takes what it knows and returns how many tokens that was; 0: none; -1: it cannot be. */
typedef int (*Rule)(Reading *reading);

static int done(bool good, int taken)
{
    return good ? taken : -1;
}

/* 2026-12-24 */
static int iso_date(Reading *reading)
{
    const Token *year = ahead(reading, 0), *month = ahead(reading, 2), *day = ahead(reading, 4);
    if (year->number < 1000 || month->number < 0 || day->number < 0 ||
        !is_word(reading, 1, "-") || !is_word(reading, 3, "-"))
        return 0;
    return done(set_numbers(reading, day->number, month->number, year->number), 5);
}

/* 24/12, 24/12/2026, 24.12.2026 */
static int slash_date(Reading *reading)
{
    const char *mark = ahead(reading, 1)->word;
    const Token *day = ahead(reading, 0), *month = ahead(reading, 2), *year = ahead(reading, 4);
    if (day->number < 0 || month->number < 0 || (*mark != '/' && *mark != '.'))
        return 0;
    bool whole = is_word(reading, 3, mark) && year->number >= 0;
    if (*mark == '.' && !whole)
        return 0;
    return done(set_numbers(reading, day->number, month->number, whole ? year->number : 0),
                whole ? 5 : 3);
}

/* The year behind a written month, past what abbreviates it. */
static int year_behind(const Reading *reading, guint at, int *ret_year)
{
    guint dot = is_word(reading, at, ".") ? 1 : 0;
    const Token *year = ahead(reading, at + dot);
    *ret_year = year->number >= 1000 ? year->number : 0;
    return (int)dot + (*ret_year ? 1 : 0);
}

/* 24 décembre, 1er janv. 2027 */
static int day_month(Reading *reading)
{
    static const char *const ordinals[] = {"er", "st", "nd", "rd", "th", NULL};
    guint at = find(ahead(reading, 1)->word, ordinals) >= 0 ? 2 : 1;
    int month = month_of(ahead(reading, at)->word), year = 0;
    if (ahead(reading, 0)->number < 0 || month == 0)
        return 0;
    int behind = year_behind(reading, at + 1, &year);
    return done(set_numbers(reading, ahead(reading, 0)->number, month, year),
                (int)at + 1 + behind);
}

/* Dec 24, December 24th 2026 */
static int month_day(Reading *reading)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th", NULL};
    int month = month_of(ahead(reading, 0)->word), year = 0;
    guint at = is_word(reading, 1, ".") ? 2 : 1;
    int day = ahead(reading, at)->number;
    if (month == 0 || day < 0)
        return 0;
    at += find(ahead(reading, at + 1)->word, ordinals) >= 0 ? 2 : 1;
    int behind = year_behind(reading, at, &year);
    return done(set_numbers(reading, day, month, year), (int)at + behind);
}

/* pm, p.m. behind an hour: *ret_add is 0 or 12, or -1 for none. */
static int half_of_day(const Reading *reading, guint at, int *ret_add)
{
    bool am = is_word(reading, at, "am"), pm = is_word(reading, at, "pm");
    *ret_add = am ? 0 : pm ? 12 : -1;
    return am || pm;
}

/* 14h, 14h30, 9 h 30, 14:30, 2pm, 2:30 pm */
static int clock_time(Reading *reading)
{
    static const char *const hours[] = {"h", "heures", "heure", ":", NULL};
    int hour = ahead(reading, 0)->number, minute = 0, taken = 1, add = -1;
    if (hour < 0)
        return 0;
    int mark = find(ahead(reading, 1)->word, hours);
    if (mark >= 0) {
        minute = ahead(reading, 2)->number;
        taken = minute >= 0 ? 3 : 2;
        if (mark == 3 && minute < 0)
            return -1;
    }
    taken += half_of_day(reading, (guint)taken, &add);
    if (mark < 0 && add < 0)
        return 0;
    if (add >= 0 && (hour < 1 || hour > 12))
        return -1;
    return done(set_clock(reading, add < 0 ? hour : hour % 12 + add, MAX(minute, 0)), taken);
}

/* 3, trois, a: how many; 0: no number. */
static int amount_of(const Token *token)
{
    static const char *const ones[] = {"a", "an", "one", "un", "une", NULL};
    static const char *const numbers[] = {"two",  "deux", "three", "trois", "four", "quatre",
                                          "five", "cinq", "six",   "six",   NULL};
    if (token->number >= 0)
        return MIN(token->number, AMOUNT_MAX);
    if (find(token->word, ones) >= 0)
        return 1;
    int place = find(token->word, numbers);
    return place >= 0 ? place / 2 + 2 : 0;
}

static GDateTime *moment_after(GDateTime *now, int amount, const char *unit,
                               bool *ret_whole_day)
{
    static const char *const minutes[] = {"minute", "minutes", "min", "mn", NULL};
    static const char *const hours[] = {"hour", "hours", "heure", "heures", "h", NULL};
    static const char *const days[] = {"day", "days", "jour", "jours", "j", "d", NULL};
    static const char *const weeks[] = {"week", "weeks", "semaine", "semaines", NULL};
    static const char *const months[] = {"month", "months", "mois", NULL};
    *ret_whole_day = true;
    if (find(unit, days) >= 0)
        return g_date_time_add_days(now, amount);
    if (find(unit, weeks) >= 0)
        return g_date_time_add_weeks(now, amount);
    if (find(unit, months) >= 0)
        return g_date_time_add_months(now, amount);
    *ret_whole_day = false;
    if (find(unit, minutes) >= 0)
        return g_date_time_add_minutes(now, amount);
    if (find(unit, hours) >= 0)
        return g_date_time_add_hours(now, amount);
    return NULL;
}

/* in 3 days, dans une heure: at this time of day, unless one is said. */
static int after_amount(Reading *reading)
{
    if (!is_word(reading, 0, "in") && !is_word(reading, 0, "dans"))
        return 0;
    bool whole_day = false;
    int amount = amount_of(ahead(reading, 1));
    GDateTime *moment = moment_after(reading->now, amount, ahead(reading, 2)->word, &whole_day);
    if (amount == 0 || !moment || reading->moment || reading->day != 0) {
        g_clear_pointer(&moment, g_date_time_unref);
        return -1;
    }
    reading->moment = moment;
    if (whole_day)
        set_date(reading, moment);
    return 3;
}

/* Monday 1 … Sunday 7; 0: none. */
static int weekday_of(const char *word)
{
    static const char *const names[7][5] = {
        {"monday", "mon", "lundi", "lun"},       {"tuesday", "tue", "mardi"},
        {"wednesday", "wed", "mercredi", "mer"}, {"thursday", "thu", "jeudi", "jeu"},
        {"friday", "fri", "vendredi", "ven"},    {"saturday", "sat", "samedi", "sam"},
        {"sunday", "sun", "dimanche", "dim"},
    };
    for (int i = 0; i < 7; i++)
        if (*word && find(word, names[i]) >= 0)
            return i + 1;
    return 0;
}

static int days_until(const Reading *reading, int weekday)
{
    int days = (weekday - g_date_time_get_day_of_week(reading->now) + 7) % 7;
    return days ? days : 7;
}

/* A weekday with a date beside it ("jeudi 24 décembre") only decorates it. */
static int weekday(Reading *reading)
{
    int day = weekday_of(ahead(reading, 0)->word);
    if (day == 0)
        return 0;
    int behind = ahead(reading, 1)->number;
    bool dated = reading->day != 0 || (behind > 0 && month_of(ahead(reading, 2)->word)) ||
                 (behind > 0 && is_word(reading, 2, "/"));
    return done(dated || set_day(reading, days_until(reading, day)), 1);
}

/* Words that stand for a day, a time, or both. */
static const struct {
    const char *words[4]; /* one after another */
    int days;             /* from today; -1: says no day */
    int hour;             /* -1: says no time */
} phrases[] = {
    {{"day", "after", "tomorrow"}, 2, -1},
    {{"apres", "-", "demain"}, 2, -1},
    {{"apres", "demain"}, 2, -1},
    {{"tomorrow"}, 1, -1},
    {{"demain"}, 1, -1},
    {{"today"}, 0, -1},
    {{"aujourd", "hui"}, 0, -1},
    {{"tonight"}, 0, EVENING},
    {{"this", "evening"}, 0, EVENING},
    {{"ce", "soir"}, 0, EVENING},
    {{"this", "afternoon"}, 0, AFTERNOON},
    {{"cet", "apres", "-", "midi"}, 0, AFTERNOON},
    {{"this", "noon"}, 0, 12},
    {{"ce", "midi"}, 0, 12},
    {{"apres", "-", "midi"}, -1, AFTERNOON},
    {{"afternoon"}, -1, AFTERNOON},
    {{"matin"}, -1, MORNING},
    {{"morning"}, -1, MORNING},
    {{"midi"}, -1, 12},
    {{"noon"}, -1, 12},
    {{"soir"}, -1, EVENING},
    {{"evening"}, -1, EVENING},
};

static int phrase(Reading *reading)
{
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        guint n = 0;
        while (n < 4 && phrases[i].words[n] && is_word(reading, n, phrases[i].words[n]))
            n++;
        if (n < 4 && phrases[i].words[n])
            continue;
        bool good =
            phrases[i].days < 0 || (reading->day == 0 && set_day(reading, phrases[i].days));
        good = good && (phrases[i].hour < 0 || set_clock(reading, phrases[i].hour, 0));
        return done(good, (int)n);
    }
    return 0;
}

static bool set_month_end(Reading *reading)
{
    g_autoptr(GDateTime) next = g_date_time_add_months(reading->now, 1);
    g_autoptr(GDateTime) end = g_date_time_add_days(next, -g_date_time_get_day_of_month(next));
    set_date(reading, end);
    return set_clock(reading, WORKDAY_END, 0);
}

/* This week's Friday evening; next week's once that has gone by. */
static bool set_week_end(Reading *reading)
{
    int days = (5 - g_date_time_get_day_of_week(reading->now) + 7) % 7;
    if (days == 0 && g_date_time_get_hour(reading->now) >= WORKDAY_END)
        days = 7;
    return set_day(reading, days) && set_clock(reading, WORKDAY_END, 0);
}

/* next week, semaine prochaine, end of week, fin du mois */
static int span(Reading *reading)
{
    bool next = (is_word(reading, 0, "next") && is_word(reading, 1, "week")) ||
                (is_word(reading, 0, "semaine") && is_word(reading, 1, "prochaine"));
    if (next)
        return done(reading->day == 0 && set_day(reading, days_until(reading, 1)), 2);
    if (!is_word(reading, 0, "end") && !is_word(reading, 0, "fin"))
        return 0;
    guint at = 1;
    static const char *const between[] = {"of", "the", "de", "du", "la", "this", NULL};
    while (find(ahead(reading, at)->word, between) >= 0)
        at++;
    bool week = is_word(reading, at, "week") || is_word(reading, at, "semaine");
    bool month = is_word(reading, at, "month") || is_word(reading, at, "mois");
    if (reading->day != 0 || (!week && !month))
        return -1;
    return done(week ? set_week_end(reading) : set_month_end(reading), (int)at + 1);
}

static int filler(Reading *reading)
{
    static const char *const words[] = {
        "le",       "la",        "les",  "l",  "a",     "at", "on",   "the", "d",    "de",
        "du",       "until",     "till", "by", "jusqu", "au", "pour", "for", "this", "ce",
        "prochain", "prochaine", "next", "en", "vers",  ".",  "-",    NULL};
    return find(ahead(reading, 0)->word, words) >= 0;
}

static bool read_all(Reading *reading)
{
    static const Rule rules[] = {iso_date, slash_date, day_month,    month_day, clock_time,
                                 phrase,   span,       after_amount, weekday,   filler};
    while (reading->at < reading->n) {
        int taken = 0;
        for (gsize i = 0; i < G_N_ELEMENTS(rules) && taken == 0; i++)
            taken = rules[i](reading);
        if (taken <= 0)
            return false;
        reading->at += (guint)taken;
    }
    return reading->at == reading->n;
}

/* --- the moment -------------------------------------------------------------------------- */

static GDateTime *at_date(const Reading *reading, int years)
{
    int hour = reading->hour, minute = reading->minute;
    if (hour < 0) {
        hour = reading->moment ? g_date_time_get_hour(reading->moment) : MORNING;
        minute = reading->moment ? g_date_time_get_minute(reading->moment) : 0;
    }
    /* g_date_time_new refuses 31/02 and moves what the clocks leave out forward. */
    return g_date_time_new(reading->zone, reading->year + years, reading->month, reading->day,
                           hour, minute, 0);
}

/* NULL: there is no such day. */
static GDateTime *settle(Reading *reading)
{
    if (reading->day == 0 && reading->hour < 0)
        return reading->moment ? g_date_time_ref(reading->moment) : NULL;
    if (reading->day != 0) {
        GDateTime *first = at_date(reading, 0);
        bool gone = first && g_date_time_compare(first, reading->now) <= 0;
        if (!gone || reading->year_said)
            return first;
        g_date_time_unref(first);
        return at_date(reading, 1);
    }
    if (reading->moment) /* "in two hours at 9" */
        return NULL;
    for (int days = 0; days < 2; days++) {
        if (!set_day(reading, days))
            return NULL;
        GDateTime *moment = at_date(reading, 0);
        if (moment && g_date_time_compare(moment, reading->now) > 0)
            return moment;
        g_clear_pointer(&moment, g_date_time_unref);
    }
    return NULL;
}

bool when_read(const char *text, gint64 now, GTimeZone *zone, gint64 *ret)
{
    g_autofree char *folded = fold_letters(text);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now);
    g_auto(Reading) reading = {.zone = zone, .hour = -1, .minute = -1};
    for (guint i = 0; i < G_N_ELEMENTS(reading.tokens); i++)
        reading.tokens[i].number = -1;
    reading.now = utc ? g_date_time_to_timezone(utc, zone) : NULL;
    if (!reading.now || !cut(folded, &reading) || !read_all(&reading))
        return false;
    g_autoptr(GDateTime) moment = settle(&reading);
    g_autoptr(GDateTime) last = g_date_time_add_years(reading.now, WHEN_YEARS);
    if (!moment || !last || g_date_time_compare(moment, reading.now) <= 0 ||
        g_date_time_compare(moment, last) > 0)
        return false;
    *ret = g_date_time_to_unix(moment);
    return true;
}

const char *when_examples(bool french)
{
    return french ? "demain 14h, vendredi, dans 3 jours, 24/12 à 9h30, 2026-12-24 09:00"
                  : "tomorrow 2pm, friday, in 3 days, 24/12 at 9:30, 2026-12-24 09:00";
}
