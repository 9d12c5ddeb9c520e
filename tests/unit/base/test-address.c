/* Addresses: what is safe, and taking extensions out and in. */
#include "core/base/address.h"

#include <string.h>

static void test_safe(void)
{
    static const struct {
        const char *address;
        bool safe;
    } cases[] = {
        {"a@b", true},
        {"support+r12.abc@example.org", true},
        {"o'neill/x=y&z@sub.example.org", true},
        {"a..b@example.org", true},
        {"a@[192.0.2.1]", true},
        {"\"a@b\"@example.org", true},
        {"\"a\\\"b\"@example.org", true},
        {"caf\303\251@ex\303\251mple.org", true},
        {"", false},
        {"@", false},
        {"a", false},
        {"a@", false},
        {"@b", false},
        {"a@b@c", false},
        {"a b@c", false},
        {"a@b c", false},
        {"a\n@b", false},
        {"a@b\r\nBcc: x@y", false},
        {"a\t@b", false},
        {"a\x7f@b", false},
        {"<a@b>", false},
        {"a@b>", false},
        {"a,b@c", false},
        {"a;b@c", false},
        {"x:a@b", false},
        {"a@b:25", false},
        {"a(b)@c", false},
        {"a\\b@c", false},
        {"a\"b@c", false},
        {"\"\"@c", false},
        {"\"a b\"@c", false},
        {"\"a\\\"@c", false},
        {"\"a\"b\"@c", false},
        {"-oQ/tmp@example.org", false},
        {"a@.b", false},
        {"a@b.", false},
        {"a@b..c", false},
        {"a@b/c", false},
        {"a@[]", false},
        {"a@[192.0.2.1", false},
        {"a@[evil]", false},
        {"caf\351@example.org", false},    /* not UTF-8 */
        {"a\302\205b@example.org", false}, /* C1 */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *exact = g_strdup(cases[i].address);
        g_assert_cmpint(address_is_safe(exact), ==, cases[i].safe);
    }
}

static char *address_of(int local, int domain)
{
    g_autofree char *left = g_strnfill(local, 'a');
    g_autofree char *right = g_strnfill(domain, 'b');
    return g_strconcat(left, "@", right, NULL);
}

static void test_lengths(void)
{
    static const struct {
        int local, domain;
        bool safe;
    } cases[] = {{64, 10, true}, {65, 10, false}, {64, 189, true}, {64, 190, false}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *address = address_of(cases[i].local, cases[i].domain);
        g_assert_cmpint(address_is_safe(address), ==, cases[i].safe);
    }
}

static void test_key(void)
{
    g_autofree char *key = address_key("Jean.DUPONT@Example.ORG");
    g_assert_cmpstr(key, ==, "jean.dupont@example.org");
    /* No Unicode folding: KELVIN SIGN is not k, and É is not é. */
    g_autofree char *kelvin = address_key("\342\204\252@example.org");
    g_assert_cmpstr(kelvin, ==, "\342\204\252@example.org");
    g_autofree char *accent = address_key("\303\211@example.org");
    g_assert_cmpstr(accent, ==, "\303\211@example.org");
    g_assert_null(address_key("not an address"));
}

static void test_split(void)
{
    static const struct {
        const char *address, *base, *extension;
    } cases[] = {
        {"support@example.org", "support@example.org", NULL},
        {"support+r12.abc@example.org", "support@example.org", "r12.abc"},
        {"Support+R12.ABC@example.org", "Support@example.org", "R12.ABC"},
        {"a+b+c@x", "a@x", "b+c"},
        {"a+@x", "a@x", NULL},
        {"+a@x", "+a@x", NULL},
        {"+a+b@x", "+a@x", "b"},
        {"\"a+b\"@x", "\"a+b\"@x", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *base = NULL;
        g_autofree char *extension = NULL;
        g_assert_true(address_split(cases[i].address, &base, &extension));
        g_assert_cmpstr(base, ==, cases[i].base);
        g_assert_cmpstr(extension, ==, cases[i].extension);
    }
    char *base = NULL, *extension = NULL;
    g_assert_false(address_split("a+b", &base, &extension));
    g_assert_null(base);
    g_assert_null(extension);
}

static void test_extend(void)
{
    g_autofree char *address = address_extend("support@example.org", "r12.abc");
    g_assert_cmpstr(address, ==, "support+r12.abc@example.org");
    g_autofree char *longest = g_strnfill(64 - strlen("support+"), 'x');
    g_autofree char *fits = address_extend("support@example.org", longest);
    g_assert_nonnull(fits);
    g_autofree char *longer = g_strconcat(longest, "x", NULL);
    g_assert_null(address_extend("support@example.org", longer));
    g_assert_null(address_extend("support@example.org", "a b"));
    g_assert_null(address_extend("support", "a"));
}

static void test_domain(void)
{
    g_assert_cmpstr(address_domain("a@Example.org"), ==, "Example.org");
    g_assert_cmpstr(address_domain("\"a@b\"@c"), ==, "c");
    g_assert_null(address_domain("a"));
    g_assert_null(address_domain("a@"));
    g_assert_null(address_domain(""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address/safe", test_safe);
    g_test_add_func("/address/lengths", test_lengths);
    g_test_add_func("/address/key", test_key);
    g_test_add_func("/address/split", test_split);
    g_test_add_func("/address/extend", test_extend);
    g_test_add_func("/address/domain", test_domain);
    return g_test_run();
}
