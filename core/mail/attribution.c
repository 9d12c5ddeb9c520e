/* Attributions, by a table of the words that mail programs of each language put in them.
 *
 * An attribution has a word for "wrote", in most programs and languages a colon at its end, and
 * begins with what leads to a date ("On", "Le", "Am"), with a date, or with the writer. Some
 * programs write no verb at all but a date, a name and an address: "2013/11/1 Ann <a@b>:".
 * A date or an address makes it sure: without one, "she wrote:" may be anybody's prose.
 *
 * Not here: what follows from an attribution (quote.c). No patterns: words are searched for as
 * bytes in a window of a few lines. Never fails. */
#include "core/mail/attribution.h"

#include <string.h>

#define LINES_MAX 5   /* one attribution is wrapped over at most */
#define BYTES_MAX 700 /* of all its lines */
#define RULE(language) "an attribution line, " language

/* Lower case. A verb stands alone, except in scripts that write no blanks between words. */
static const struct {
    const char *verb, *rule;
} verbs[] = {
    {"wrote", RULE("English")},
    {"writes", RULE("English")},
    {"said", RULE("English")},
    {"a écrit", RULE("French")},
    {"a ecrit", RULE("French")},
    {"écrivait", RULE("French")},
    {"écrivit", RULE("French")},
    {"schrieb", RULE("German")},
    {"hat geschrieben", RULE("German")},
    {"schreibt", RULE("German")},
    {"escribió", RULE("Spanish")},
    {"escribio", RULE("Spanish")},
    {"ha escrito", RULE("Spanish")},
    {"va escriure", RULE("Catalan")},
    {"ha escrit", RULE("Catalan")},
    {"escribiu", RULE("Galician")},
    {"ha scritto", RULE("Italian")},
    {"scrisse", RULE("Italian")},
    {"escreveu", RULE("Portuguese")},
    {"schreef", RULE("Dutch")},
    {"geschreven", RULE("Dutch")},
    {"skrev", RULE("Swedish, Norwegian or Danish")},
    {"kirjoitti", RULE("Finnish")},
    {"napisał", RULE("Polish")},
    {"napisała", RULE("Polish")},
    {"napisał(a)", RULE("Polish")},
    {"napisana przez", RULE("Polish")},
    {"pisze", RULE("Polish")},
    {"napsal", RULE("Czech")},
    {"napsala", RULE("Czech")},
    {"napsal(a)", RULE("Czech")},
    {"napísal", RULE("Slovak")},
    {"napísala", RULE("Slovak")},
    {"napísal(a)", RULE("Slovak")},
    {"napisal", RULE("Slovenian")},
    {"napisala", RULE("Slovenian")},
    {"napisal/a", RULE("Slovenian")},
    {"napisao", RULE("Croatian or Serbian")},
    {"je napisao", RULE("Croatian or Serbian")},
    {"je napisala", RULE("Croatian or Serbian")},
    {"je napisao/la", RULE("Croatian or Serbian")},
    {"написал", RULE("Russian")},
    {"написала", RULE("Russian")},
    {"написал(а)", RULE("Russian")},
    {"пишет", RULE("Russian")},
    {"написав", RULE("Ukrainian")},
    {"написала", RULE("Ukrainian")},
    {"написав(ла)", RULE("Ukrainian")},
    {"пише", RULE("Ukrainian")},
    {"написа", RULE("Bulgarian")},
    {"írta", RULE("Hungarian")},
    {"ezt írta", RULE("Hungarian")},
    {"a scris", RULE("Romanian")},
    {"yazdı", RULE("Turkish")},
    {"şunu yazdı", RULE("Turkish")},
    {"έγραψε", RULE("Greek")},
    {"rašė", RULE("Lithuanian")},
    {"rakstīja", RULE("Latvian")},
    {"kirjutas", RULE("Estonian")},
    {"skrifaði", RULE("Icelandic")},
    {"đã viết", RULE("Vietnamese")},
    {"viết", RULE("Vietnamese")},
    {"menulis", RULE("Indonesian or Malay")},
    {"כתב", RULE("Hebrew")},
    {"כתבה", RULE("Hebrew")},
    {"כתב/ה", RULE("Hebrew")},
    {"كتب", RULE("Arabic")},
    {"كتبت", RULE("Arabic")},
    {"كتب/كتبت", RULE("Arabic")},
    {"نوشت", RULE("Persian")},
    {"ने लिखा", RULE("Hindi")},
    {"เขียนว่า", RULE("Thai")},
    {"のメール", RULE("Japanese")},
    {"のメッセージ", RULE("Japanese")},
    {"書きました", RULE("Japanese")},
    {"さんは書き", RULE("Japanese")},
    {"写道", RULE("Chinese")},
    {"寫道", RULE("Chinese")},
    {"作成", RULE("Japanese")},
    {"작성", RULE("Korean")},
    {"썼습니다", RULE("Korean")},
};

/* What leads to a date at the start of an attribution. */
static const char *const leads[] = {
    "on ",        "at ",     "le ",  "am ",     "den ",  "el ",  "il ",
    "em ",        "no dia ", "op ",  "w dniu ", "dnia ", "dne ", "dňa ",
    "dana ",      "v ",      "в ",   "la ",     "pe ",   "în ",  "in ",
    "il giorno ", "στις ",   "την ", "το ",     "ngày ", "vào ", "pada ",
    "في ",        "بتاريخ ", "ב",    "בתאריך ", "在 ",   "于 ",  "於 ",
    "a ",         "al ",     "dia ", "vom ",    "från ", "i ",   "wiadomość napisana",
    "às ",        "de ",     "du ",  "na ",     "у ",    "на ",  "på ",
    "d. ",        "da ",     "ved ", "kl. ",    "kl ",   "pm ",  "v dne ",
};

/* Weekdays' beginnings: programs that begin with the date begin with one of these. */
static const char *const weekdays[] = {
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "lun", "mar", "mer", "jeu", "ven", "sam",
    "dim", "mo",  "di",  "mi",  "do",  "fr",  "sa",  "so",  "mié", "mie", "jue", "vie", "sáb",
    "dom", "gio", "sab", "seg", "ter", "qua", "qui", "sex", "ma",  "wo",  "vr",  "za",  "zo",
    "mån", "tis", "ons", "tor", "lör", "sön", "man", "tir", "lør", "søn", "ke",  "to",  "pe",
    "la",  "su",  "ti",  "pon", "wt",  "śr",  "czw", "pt",  "sob", "nie", "po",  "út",  "st",
    "čt",  "pá",  "ne",  "пн",  "вт",  "ср",  "чт",  "пт",  "сб",  "вс",  "нд",  "hét", "kedd",
    "sze", "csü", "pén", "szo", "vas", "joi", "vin", "mie", "pzt", "sal", "çar", "per", "cum",
    "cmt", "paz", "δευ", "τρί", "τετ", "πέμ", "παρ", "σάβ", "κυρ", "周",  "週",  "thứ",
};

/* --- parts of a window ------------------------------------------------------------------- */

static bool has_prefix_of(const char *text, const char *const *list, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (g_str_has_prefix(text, list[i]))
            return true;
    return false;
}

static bool is_digit(const char *p)
{
    /* Arabic and Persian digits are two bytes. */
    return g_ascii_isdigit(*p) ||
           ((guchar)p[0] == 0xd9 && (guchar)p[1] >= 0xa0 && (guchar)p[1] <= 0xa9) ||
           ((guchar)p[0] == 0xdb && (guchar)p[1] >= 0xb0 && (guchar)p[1] <= 0xb9);
}

typedef struct {
    int numbers; /* groups of digits */
    bool clock;  /* "9:12", "9.12", "9h12" */
    bool date;   /* "20/11/2026" */
    bool address;
} Signs;

/* Bytes of the run of digits at `p`, and how many digits it has. */
static gsize digits_at(const char *p, int *ret_count)
{
    gsize n = 0;
    for (*ret_count = 0; p[n] && is_digit(p + n); (*ret_count)++)
        n += (guchar)p[n] >= 0x80 ? 2 : 1;
    return n;
}

static Signs read_signs(const char *text)
{
    Signs signs = {0};
    char before = 0; /* what stands between this group of digits and the last */
    int dated = 0;
    for (const char *p = text; *p;) {
        int count;
        gsize n = digits_at(p, &count);
        if (n == 0) {
            signs.address |=
                *p == '@' && p > text && quote_is_letter(p[-1]) && quote_is_letter(p[1]);
            before = 0;
            dated = 0;
            p++;
            continue;
        }
        signs.numbers++;
        signs.clock |= count == 2 && (before == ':' || before == 'h' || before == '.');
        dated = before && strchr("/.-", before) ? dated + 1 : 1;
        signs.date |= dated >= 3;
        p += n;
        before = 0;
        if (*p && strchr(":h/.-", *p) && p[1] && is_digit(p + 1))
            before = *p++;
    }
    return signs;
}

/* Programs write a time or an address; "on 12/03/2024 your colleague wrote:" is prose. */
static bool is_sure(const Signs *signs)
{
    return signs->address || (signs->numbers >= 3 && signs->clock);
}

/* "Le 12/03 à 10:00 votre collègue m'a écrit :" is prose too. */
static bool is_told(const char *text, const char *verb)
{
    static const char *const tellers[] = {
        "m'",   "t'",    "l'",   "nous ", "vous ", "lui ", "leur ", "qui ", " il ", " elle ",
        "on ",  " ils ", " he ", "she ",  "they ", " we ", " i ",   "who ", " er ", " sie ",
        "mir ", "uns ",  "ihm ", " me ",  " nos ", " le ", " les ", " mi ", " ci ",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tellers); i++) {
        gsize n = strlen(tellers[i]);
        if ((gsize)(verb - text) >= n && memcmp(verb - n, tellers[i], n) == 0)
            return true;
    }
    return false;
}

/* Does the verb stand alone at `at`? Scripts without blanks between words set no bounds. */
static bool stands_alone(const char *text, const char *at, const char *verb)
{
    if ((guchar)*verb >= 0xe0)
        return true;
    const char *end = at + strlen(verb);
    return (at == text || !quote_is_letter(at[-1])) && !quote_is_letter(*end);
}

/* The verb in `text`, or NULL; the table's row in *ret_row. */
static const char *find_verb(const char *text, gsize *ret_row)
{
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        const char *at = strstr(text, verbs[i].verb);
        if (at && stands_alone(text, at, verbs[i].verb)) {
            *ret_row = i;
            return at;
        }
    }
    return NULL;
}

/* --- one window -------------------------------------------------------------------------- */

typedef enum {
    BEGINS_OTHERWISE,
    BEGINS_WITH_WRITER, /* an address before the verb: there may be a date in the line above */
    BEGINS_WITH_DATE,   /* or what leads to one: nothing is missing above */
} Beginning;

typedef struct {
    Beginning beginning;
    bool sure;
    bool bare; /* without a verb */
    const char *rule;
} Reading;

/* Strips "---- … ----" and "*…*"; true if there were rules on both sides. */
static bool strip_decoration(char *text)
{
    gsize n = strlen(text), first = strspn(text, "-*_|~ ");
    gsize end = n;
    while (end > first && strchr("-*_|~ ", text[end - 1]))
        end--;
    bool ruled = g_str_has_prefix(text, "--") && n - end >= 2;
    memmove(text, text + first, end - first);
    text[end - first] = '\0';
    return ruled;
}

static Beginning beginning_of(const char *text, const char *verb, const Signs *signs)
{
    bool verb_first = verb && verb == text;
    if (!verb_first && (is_digit(text) || has_prefix_of(text, leads, G_N_ELEMENTS(leads))))
        return BEGINS_WITH_DATE;
    const char *blank = strpbrk(text, " ,.");
    if (signs->numbers >= 2 && blank && blank - text <= 20 &&
        has_prefix_of(text, weekdays, G_N_ELEMENTS(weekdays)))
        return BEGINS_WITH_DATE;
    const char *at = strchr(text, '@');
    return at && (!verb || at < verb) ? BEGINS_WITH_WRITER : BEGINS_OTHERWISE;
}

/* "2013/11/1 Ann <a@b>:", "ср, 30 апр. 2025 г. в 15:19, Ann <a@b>:": no verb. With quote marks
 * below, the colon may be missing. */
static bool read_without_verb(const char *text, bool colon, bool quoted, const Signs *signs,
                              Reading *ret)
{
    if (!signs->address || !(signs->clock || signs->date) || !(colon || quoted))
        return false;
    gsize n = strlen(text) - colon;
    while (n > 0 && text[n - 1] == ' ')
        n--;
    if (n == 0 || !strchr(">)]", text[n - 1]))
        return false;
    if (g_str_has_prefix(text, "le ") || g_str_has_prefix(text, "on "))
        return false;
    ret->beginning = beginning_of(text, NULL, signs);
    ret->sure = ret->bare = true;
    ret->rule = RULE("with a date and an address");
    return ret->beginning == BEGINS_WITH_DATE;
}

/* "On 20/11/2026 at 9:12 the server wrote:": programs write a name. */
static bool names_somebody(const char *text, const char *verb)
{
    static const char *const articles[] = {
        " the ",   " our ",   " my ",  " your ", " an ",  " votre ", " notre ", " mon ",
        " ma ",    " un ",    " une ", " le ",   " ce ",  " cette ", " der ",   " mein ",
        " meine ", " unser ", " ihr ", " dein ", " das ", " su ",    " el ",    " il ",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(articles); i++) {
        const char *at = strstr(text, articles[i]);
        if (at && at < verb)
            return true;
    }
    return false;
}

/* "Ann schrieb am Di., 16. Aug. 2016 um 12:52:": programs shorten the weekday, people do not.
 */
static bool is_dated_behind(const char *verb, const Signs *signs)
{
    if (signs->numbers < 3 || !signs->clock)
        return false;
    const char *p = verb;
    for (int words = 0; words < 3 && (p = strchr(p, ' ')); words++) {
        gsize n = strcspn(++p, " .,");
        if (n >= 2 && n <= 12 && (p[n] == '.' || p[n] == ',') && !is_digit(p) &&
            has_prefix_of(p, weekdays, G_N_ELEMENTS(weekdays)))
            return true;
    }
    return false;
}

static bool read_window(char *text, bool quoted, Reading *ret)
{
    bool ruled = strip_decoration(text);
    gsize n = strlen(text), row;
    if (n < 6)
        return false;
    bool colon = text[n - 1] == ':';
    Signs signs = read_signs(text);
    const char *verb = find_verb(text, &row);
    if (!verb)
        return read_without_verb(text, colon, quoted, &signs, ret);
    bool at_end = verb + strlen(verbs[row].verb) + 2 >= text + n;
    if (!colon && !(at_end && (ruled || quoted || (signs.address && signs.numbers >= 2))))
        return false;
    ret->beginning = beginning_of(text, verb, &signs);
    if (ret->beginning == BEGINS_OTHERWISE && colon && is_dated_behind(verb, &signs))
        ret->beginning = BEGINS_WITH_WRITER;
    ret->sure = is_sure(&signs) && !is_told(text, verb) &&
                (signs.address || !names_somebody(text, verb));
    ret->bare = false;
    ret->rule = verbs[row].rule;
    /* "Ann, 20/11/2026 09:12 wrote:", but not what was written on the same line before it. */
    if (ret->beginning == BEGINS_OTHERWISE)
        return quoted && !strstr(text, "--") && signs.numbers >= 2 &&
               (signs.clock || signs.date);
    return true;
}

/* --- lines ------------------------------------------------------------------------------- */

/* May an attribution end in this line? Cheap, for it is asked of every line. */
static bool may_end(const QuoteLine *line, bool quoted)
{
    if (line->class != LINE_OWN || line->length > BYTES_MAX || line->length < 2)
        return false;
    const char *end = line->at + line->length;
    if (end[-1] == ':' || (end[-1] == '*' && end[-2] == ':') || quoted)
        return true;
    if (line->length >= 3 && memcmp(end - 3, "\357\274\232", 3) == 0)
        return true;
    return memchr(line->at, '@', line->length) || (end[-1] == '-' && *line->at == '-');
}

static bool is_quoted_below(const GArray *lines, guint i)
{
    guint next = quote_skip_blank(lines, i + 1);
    return next < lines->len && quote_line(lines, next)->class == LINE_QUOTE;
}

static bool has_digit(const QuoteLine *line)
{
    for (gsize i = 0; i + 1 < line->length; i++)
        if (is_digit(line->at + i))
            return true;
    return false;
}

/* May the window that begins with this line be longer than the line above its end asks for? */
static bool may_begin(const QuoteLine *line, const Reading *reading, bool found)
{
    if (!reading->sure)
        return false;
    if (reading->beginning == BEGINS_WITH_DATE)
        return has_digit(line);
    return reading->beginning == BEGINS_WITH_WRITER && !found &&
           memchr(line->at, '@', line->length);
}

/* Is there no text right above? Lines of a log begin with dates, too. */
static bool stands_apart(const GArray *lines, guint i)
{
    return i == 0 || quote_line(lines, i - 1)->class == LINE_BLANK;
}

static void prepend_folded(GString *joined, const QuoteLine *line)
{
    g_autofree char *folded = quote_fold(line->at, line->length);
    if (joined->len > 0)
        g_string_prepend_c(joined, ' ');
    g_string_prepend(joined, folded);
}

/* Looks upward from line `i`. What begins with a date is whole; what begins with the writer may
 * have its date above, so a longer window is tried before it is taken as it is. */
bool attribution_ends_in(const GArray *lines, guint from, guint i, int *budget,
                         Attribution *ret)
{
    bool quoted = *budget > 0 && is_quoted_below(lines, i), found = false;
    if (*budget <= 0 || !may_end(quote_line(lines, i), quoted))
        return false;
    g_autoptr(GString) joined = g_string_new(NULL);
    bool telling = quoted;
    for (guint n = 1; n <= LINES_MAX && n <= i + 1 - from && (*budget)-- > 0; n++) {
        const QuoteLine *line = quote_line(lines, i + 1 - n);
        if (line->class != LINE_OWN || joined->len + line->length > BYTES_MAX)
            break;
        prepend_folded(joined, line);
        telling = telling || has_digit(line) || memchr(line->at, '@', line->length);
        g_autofree char *window = telling ? g_strndup(joined->str, joined->len) : NULL;
        Reading reading;
        if (!window || !read_window(window, quoted, &reading) ||
            (n > 1 && !may_begin(line, &reading, found)) ||
            (reading.bare && !quoted && !stands_apart(lines, i + 1 - n)))
            continue;
        *ret = (Attribution){i + 1 - n, i, reading.sure, reading.rule};
        found = true;
        if (reading.beginning == BEGINS_WITH_DATE)
            return true;
    }
    return found;
}
