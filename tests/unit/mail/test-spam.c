/* The mark of a site's filter. */
#include "core/base/error.h"
#include "core/mail/spam.h"

#include <string.h>

static Config *config_with(const char *setting)
{
    g_autofree char *text = g_strdup_printf(
        "[site]\nname = x\ndomain = d.example\nbase_url = https://d.example\n"
        "data_dir = /a\nkey_file = /b\n[mail]\ntransport = maildir:/c\nspam_header = %s\n",
        setting);
    Config *config = NULL;
    g_autoptr(GError) error = NULL;
    config_parse("test.conf", text, strlen(text), &config, &error);
    g_assert_no_error(error);
    return config;
}

static const struct {
    const char *setting, *name, *value;
    bool marked;
} cases[] = {
    {"X-Spam-Flag: ^YES", "X-Spam-Flag", " YES\r\n", true},
    {"X-Spam-Flag: ^YES", "x-spam-flag", "yes", true},
    {"X-Spam-Flag: ^YES", "X-Spam-Flag", " NO", false},
    {"X-Spam-Flag: ^YES", "X-Spam-Flags", " YES", false},
    {"X-Spam-Flag:^yes$", "X-Spam-Flag", "\tYES\n \n", true},
    {"X-Spam-Level: ^\\*{6}", "X-Spam-Level", " *******", true},
    {"X-Spam-Level: ^\\*{6}", "X-Spam-Level", " *****", false},
    {"X-Spam-Status: ^Yes,.*score=\\d{2}", "X-Spam-Status", "Yes,\r\n\tscore=12.3", true},
    {"X-Spam: \303\251t\303\251", "X-Spam", "\303\211T\303\211", true},
    {"X-Spam: b", "X-Spam", "\351\377b", true},
    {"X-Spam: ^(a+)+$", "X-Spam",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", false},
};

static void test_marks(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Config) config = config_with(cases[i].setting);
        g_autoptr(SpamRule) rule = NULL;
        g_autoptr(GError) error = NULL;
        g_test_message("%s", cases[i].setting);
        spam_rule_new(config, &rule, &error);
        g_assert_no_error(error);
        bool marked =
            spam_rule_is_about(rule, cases[i].name) && spam_rule_marks(rule, cases[i].value);
        g_assert_true(marked == cases[i].marked);
    }
    g_assert_false(spam_rule_is_about(NULL, "X-Spam"));
}

/* Only the beginning of a value is looked at. */
static void test_long(void)
{
    g_autoptr(Config) config = config_with("X-Spam: yes");
    g_autoptr(SpamRule) rule = NULL;
    spam_rule_new(config, &rule, NULL);
    g_autofree char *blanks = g_strnfill(100000, '.');
    g_autofree char *value = g_strconcat(blanks, "yes", NULL);
    g_assert_false(spam_rule_marks(rule, value));
}

static void test_bad_pattern(void)
{
    g_autoptr(Config) config = config_with("X-Spam: ^(YES");
    g_autoptr(SpamRule) rule = NULL;
    g_autoptr(GError) error = NULL;
    g_assert_false(spam_rule_new(config, &rule, &error));
    g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "test.conf: [mail] spam_header"));
    g_assert_nonnull(strstr(error->message, "character 6"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spam/marks", test_marks);
    g_test_add_func("/spam/long", test_long);
    g_test_add_func("/spam/bad-pattern", test_bad_pattern);
    return g_test_run();
}
