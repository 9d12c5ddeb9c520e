/* The marks, and the only use of PCRE2.
 *
 * Patterns are compiled when they are first needed and kept. They run on short subjects with
 * limits on steps and memory, without the just-in-time compiler; a pattern that hits a limit
 * has not matched. Lines are UTF-8, and bad bytes, should there be any, match nothing.
 *
 * Not here: what follows from a mark (quote.c). */
#include "core/mail/mark.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define SUBJECT_MAX 2048
#define MATCH_LIMIT 50000
#define HEAP_LIMIT_KB 4096
#define LABEL_MAX 24 /* bytes of a field label */

/* Parts of patterns. */
#define ADDRESS "<\\s?[^<>\\s]+@[^<>\\s]+\\s?>"
#define RULE "[-_*=~\\s]{2,}"
#define COLON "\\s*:$"
#define REST ".{0,200}$"
#define PROGRAM                                                                                \
    "mail|courrier|outlook|yahoo|proton|gmail|aol|orange|samsung|blackberry|android|iphone|"   \
    "ipad"
#define MESSAGE_FR "(?:message|mail|e-mail|courriel)"
#define FORWARDED_FR "(?:transféré|transmis|réexpédié)"
#define FROM_FR "(?:de|depuis|avec|à\\s+partir\\s+d(?:e\\b|['’]))"
/* What a line with a RULE begins with. */
#define RULES "-_*=~ "

typedef struct {
    MarkKind kind;
    bool alone;        /* whole in one line */
    const char *first; /* the ASCII characters a line of it may begin with; "": any */
    const char *pattern;
} Mark;

/* The first row that fits decides. Patterns ignore case. */
static const Mark marks[] = {
    /* English */
    {MARK_ATTRIBUTION, false, "Oo", "^On\\b.{3,400}\\bwrote" COLON},
    {MARK_ATTRIBUTION, true, "", "^.{0,200}" ADDRESS ".{0,60}\\bwrote" COLON},
    {MARK_ORIGINAL, true, RULES, "^" RULE "original\\s+message" RULE "$"},
    {MARK_FORWARD, true, RULES, "^" RULE "forwarded\\s+(?:message|by\\b.{0,200}?)" RULE "$"},
    {MARK_FORWARD, true, "Bb", "^begin\\s+forwarded\\s+message" COLON},
    {MARK_FOOTER, true, "Ss", "^sent\\s+(?:from|via|with)\\s+(?:my|" PROGRAM ")\\b" REST},
    {MARK_FOOTER, true, "Gg", "^get\\s+outlook\\s+for\\b" REST},

    /* French */
    {MARK_ATTRIBUTION, false, "Ll", "^Le\\b.{3,400}\\ba\\s+écrit" COLON},
    {MARK_ATTRIBUTION, true, "", "^.{0,200}" ADDRESS ".{0,60}\\ba\\s+écrit" COLON},
    {MARK_ORIGINAL, true, RULES,
     "^" RULE MESSAGE_FR "\\s+(?:d['’]origine|original|initial)" RULE "$"},
    {MARK_ORIGINAL, true, RULES,
     "^" RULE "message\\s+du\\s*:?\\s*\\d\\d?/\\d\\d?/\\d+\\b" REST},
    {MARK_FORWARD, true, RULES, "^" RULE MESSAGE_FR "\\s+" FORWARDED_FR RULE "$"},
    {MARK_FORWARD, true, "Dd", "^début\\s+du\\s+message\\s+" FORWARDED_FR COLON},
    {MARK_FOOTER, true, "Ee", "^envoyé\\s+" FROM_FR "\\s*(?:mon|ma|" PROGRAM ")\\b" REST},
    {MARK_FOOTER, true, "TtOo",
     "^(?:télécharge[rz]|obtene[rz]|obtenir)\\s+outlook\\s+pour\\b" REST},
    {MARK_FOOTER, true, "Pp", "^provenance\\s*:\\s*courrier\\s+pour\\b" REST},

    /* Any language: old Gmail's "2013/11/1 Ann Example <ann@example.org>:". */
    {MARK_ATTRIBUTION, true, "0123456789",
     "^\\d{4}[-/]\\d\\d?[-/]\\d\\d?\\b.{0,100}" ADDRESS COLON},
};

static const struct {
    const char *label; /* casefolded */
    MarkField field;
} labels[] = {
    {"from", MARK_FROM},
    {"sent", MARK_DATE},
    {"date", MARK_DATE},
    {"to", MARK_TO},
    {"subject", MARK_SUBJECT},
    {"cc", MARK_OTHER},
    {"importance", MARK_OTHER},
    {"reply-to", MARK_OTHER},
    {"de", MARK_FROM},
    {"envoyé", MARK_DATE},
    {"envoye", MARK_DATE},
    {"envoyé le", MARK_DATE},
    {"date d'envoi", MARK_DATE},
    {"à", MARK_TO},
    {"a", MARK_TO},
    {"pour", MARK_TO},
    {"objet", MARK_SUBJECT},
    {"sujet", MARK_SUBJECT},
    {"copie à", MARK_OTHER},
    {"copie", MARK_OTHER},
    {"répondre à", MARK_OTHER},
};

/* --- matching ---------------------------------------------------------------------------- */

static pcre2_code *compile(const char *pattern)
{
    int error;
    PCRE2_SIZE offset;
    uint32_t options = PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
                       PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options,
                                     &error, &offset, NULL);
    if (!code)
        g_error("mark pattern \"%s\": error %d at %zu", pattern, error, (size_t)offset);
    return code;
}

static bool row_matches(gsize row, const char *line, gsize length)
{
    static pcre2_code *codes[G_N_ELEMENTS(marks)];
    static pcre2_match_data *data;
    static pcre2_match_context *context;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        data = pcre2_match_data_create(1, NULL);
        context = pcre2_match_context_create(NULL);
        pcre2_set_match_limit(context, MATCH_LIMIT);
        pcre2_set_heap_limit(context, HEAP_LIMIT_KB);
        g_once_init_leave(&ready, 1);
    }
    if (!codes[row])
        codes[row] = compile(marks[row].pattern);
    return pcre2_match(codes[row], (PCRE2_SPTR)line, length, 0, 0, data, context) >= 0;
}

static bool may_match(const Mark *mark, const char *line, gsize length)
{
    if (length == 0 || length > SUBJECT_MAX)
        return false;
    if (*mark->first && !strchr(mark->first, *line))
        return false;
    return mark->kind != MARK_ATTRIBUTION || line[length - 1] == ':';
}

static bool kind_matches(MarkKind kind, bool alone, bool joined, const char *line, gsize length)
{
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (marks[i].kind == kind && (marks[i].alone ? alone : joined) &&
            may_match(&marks[i], line, length) && row_matches(i, line, length))
            return true;
    return false;
}

bool mark_matches(MarkKind kind, const char *line, gsize length)
{
    return kind_matches(kind, kind != MARK_ATTRIBUTION, true, line, length);
}

bool mark_is_short_attribution(const char *line, gsize length)
{
    return kind_matches(MARK_ATTRIBUTION, true, false, line, length);
}

/* --- fields ------------------------------------------------------------------------------ */

static bool is_decoration(char c)
{
    return c == ' ' || c == '\t' || c == '*' || c == '_';
}

/* The decoration that ends `text`, in bytes: French sets a no-break space before the colon. */
static gsize trailing_decoration(const char *text, gsize length)
{
    if (length >= 1 && is_decoration(text[length - 1]))
        return 1;
    if (length >= 2 && memcmp(text + length - 2, "\302\240", 2) == 0)
        return 2;
    return length >= 3 && memcmp(text + length - 3, "\342\200\257", 3) == 0 ? 3 : 0;
}

/* The label of "*Envoyé :* …" without its decoration, casefolded, or NULL. */
static char *read_label(const char *line, gsize length)
{
    while (length > 0 && is_decoration(*line)) {
        line++;
        length--;
    }
    const char *colon = memchr(line, ':', MIN(length, LABEL_MAX));
    if (!colon)
        return NULL;
    gsize n = (gsize)(colon - line), blank;
    while ((blank = trailing_decoration(line, n)) > 0)
        n -= blank;
    return g_utf8_validate_len(line, n, NULL) ? g_utf8_casefold(line, (gssize)n) : NULL;
}

int mark_field(const char *line, gsize length)
{
    g_autofree char *label = read_label(line, length);
    if (!label)
        return 0;
    for (gsize i = 0; i < G_N_ELEMENTS(labels); i++)
        if (strcmp(label, labels[i].label) == 0)
            return (int)labels[i].field;
    return 0;
}
