/* Only the exact paths lead anywhere. */
#include "webview/route.h"
#include "webview/style.h"

#include <string.h>

#define HASH "0123456789abcdefghjkmnpqrs"

static RouteTo find(const char *path)
{
    g_autofree char *exact = g_strdup(path);
    return route_find(exact).to;
}

static void test_known(void)
{
    static const struct {
        const char *path;
        RouteTo to;
    } cases[] = {
        {"/ticket/" HASH, ROUTE_TICKET},
        {"/ticket/" HASH ".json", ROUTE_JSON},
        {"/ticket/" HASH "/file/12.3/a.pdf", ROUTE_FILE},
        {"/ticket/" HASH "/file/12.3/%2e%2e%2fetc", ROUTE_FILE},
        {"/healthz", ROUTE_HEALTH},
        {"/robots.txt", ROUTE_ROBOTS},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(find(cases[i].path), ==, cases[i].to);
    g_assert_cmpint(find(style_path), ==, ROUTE_STYLE);

    PageRoute file = route_find("/ticket/" HASH "/file/12.3/a.pdf");
    g_assert_cmpstr(file.hash, ==, HASH);
    g_assert_cmpstr(file.number, ==, "12.3");
}

static void test_malformed(void)
{
    static const char *const paths[] = {
        "",
        "/",
        "*",
        "//",
        "/ticket",
        "/ticket/",
        "/ticket//" HASH,
        "//ticket/" HASH,
        "/./ticket/" HASH,
        "/x/../ticket/" HASH,
        "/TICKET/" HASH,
        "/ticket/" HASH "/",
        "/ticket/" HASH "x",
        "/ticket/" HASH ".css",
        "/ticket/" HASH ".jsonp",
        "/ticket/" HASH ".json/",
        "/ticket/" HASH "%2f",
        "/ticket/" HASH "%00",
        "/ticket/" HASH ";a=b",
        "/ticket/0123456789ABCDEFGHJKMNPQRS",
        "/ticket/0123456789abcdefghjkmnpqr",
        "/ticket/0123456789abcdefghijklmnop",
        "/ticket/../../../../etc/passwd....",
        "/ticket/%30123456789abcdefghjkmnpqrs",
        "/ticket/" HASH "/file",
        "/ticket/" HASH "/file/",
        "/ticket/" HASH "/file/12.3",
        "/ticket/" HASH "/file/12.3/",
        "/ticket/" HASH "/file/12.3/a/b",
        "/ticket/" HASH "/file//a",
        "/ticket/" HASH "/file/x/a",
        "/ticket/" HASH "/file/12.3x/a",
        "/ticket/" HASH "/file/11111111111111111111111111111111111.1/a",
        "/ticket/" HASH "/files/12.3/a",
        "/healthz/",
        "/healthz?",
        "/robots.txt.",
        "/style.css",
        "/favicon.ico",
        "http://example.org/healthz",
        "/\xFF\xFE",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *shown = g_strescape(paths[i], NULL);
        g_test_message("%s", shown);
        g_assert_cmpint(find(paths[i]), ==, ROUTE_NONE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/webview/route/known", test_known);
    g_test_add_func("/webview/route/malformed", test_malformed);
    return g_test_run();
}
