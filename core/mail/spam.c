/* The pattern is the administrator's, the value anybody's: it is cut short, need not be UTF-8,
 * and matching it has limits. */
#include "core/mail/spam.h"

#include "core/base/error.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "core/base/autofree.h" /* after PCRE2, whose types it frees */

#define VALUE_MAX 2048
#define MATCH_LIMIT 100000
#define DEPTH_LIMIT 1000
#define HEAP_LIMIT_KIB 1024

struct SpamRule {
    char *name;
    pcre2_code *code;
    pcre2_match_context *limits;
};

static bool compile(const Config *config, const char *pattern, SpamRule *rule, GError **error)
{
    int number;
    PCRE2_SIZE at;
    PCRE2_UCHAR8 why[128] = "";
    rule->code = pcre2_compile((PCRE2_SPTR8)pattern, PCRE2_ZERO_TERMINATED,
                               PCRE2_CASELESS | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
                                   PCRE2_NEVER_BACKSLASH_C,
                               &number, &at, NULL);
    if (rule->code)
        return true;
    pcre2_get_error_message(number, why, sizeof why);
    g_set_error(
        error, WICKET_ERROR, ERROR_CONFIG,
        "%s: [mail] spam_header: the pattern \"%s\" goes wrong at character %d: %s; see "
        "pcre2pattern(3)",
        config->file, pattern, (int)at + 1, (const char *)why);
    return false;
}

bool spam_rule_new(const Config *config, SpamRule **ret, GError **error)
{
    const char *setting = config->mail.spam_header;
    const char *colon = setting ? strchr(setting, ':') : NULL;
    *ret = NULL;
    if (!colon)
        return true;
    g_autoptr(SpamRule) rule = g_new0(SpamRule, 1);
    rule->name = g_strndup(setting, (gsize)(colon - setting));
    colon++;
    if (!compile(config, colon + strspn(colon, " \t"), rule, error))
        return false;
    rule->limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(rule->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(rule->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(rule->limits, HEAP_LIMIT_KIB);
    *ret = g_steal_pointer(&rule);
    return true;
}

void spam_rule_free(SpamRule *rule)
{
    if (!rule)
        return;
    g_free(rule->name);
    g_clear_pointer(&rule->code, pcre2_code_free);
    g_clear_pointer(&rule->limits, pcre2_match_context_free);
    g_free(rule);
}

/* Line ends of folding become blanks, and blanks at the ends go. */
static gsize unfold(const char *value, char *out)
{
    gsize n = 0;
    value += strspn(value, " \t\r\n");
    for (; *value && n < VALUE_MAX; value++)
        if (*value != '\r' && *value != '\n')
            out[n++] = *value;
    while (n > 0 && strchr(" \t", out[n - 1]))
        n--;
    return n;
}

bool spam_rule_is_about(const SpamRule *rule, const char *name)
{
    return rule && g_ascii_strcasecmp(name, rule->name) == 0;
}

bool spam_rule_marks(const SpamRule *rule, const char *value)
{
    char text[VALUE_MAX];
    gsize length = unfold(value, text);
    g_autoptr(pcre2_match_data) found = pcre2_match_data_create_from_pattern(rule->code, NULL);
    return pcre2_match(rule->code, (PCRE2_SPTR8)text, length, 0, 0, found, rule->limits) > 0;
}
