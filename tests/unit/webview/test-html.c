/* Whatever goes in, only text, attribute values and URLs of http and https come out. */
#include "webview/html.h"

#include <string.h>

typedef void (*Writer)(GString *out, const char *text);

typedef struct {
    const char *in, *out;
} Case;

static void check(Writer write, const Case *cases, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        /* An exact-size block, so that reading past its end is seen. */
        g_autofree char *in = g_strdup(cases[i].in);
        g_autoptr(GString) out = g_string_new("");
        write(out, in);
        g_assert_cmpstr(out->str, ==, cases[i].out);
    }
}

static void test_text(void)
{
    static const Case cases[] = {
        {"", ""},
        {"plain é → 日本", "plain é → 日本"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"a & b &amp; c", "a &amp; b &amp;amp; c"},
        {"\"'", "\"'"},
        {"bad \xFF\xC3 bytes", "bad \uFFFD\uFFFD bytes"},
        {"cut \xE2\x82", "cut \uFFFD\uFFFD"},
    };
    check(html_text, cases, G_N_ELEMENTS(cases));
}

static void test_attr(void)
{
    static const Case cases[] = {
        {"\" onload=\"x", "&quot; onload=&quot;x"},
        {"' <b>&", "&#39; &lt;b&gt;&amp;"},
        {"\xFF\"", "\uFFFD&quot;"},
    };
    check(html_attr, cases, G_N_ELEMENTS(cases));
}

static void test_segment(void)
{
    static const Case cases[] = {
        {"a-b_c.d~e9", "a-b_c.d~e9"},
        {"a/b\\c?d#e%f", "a%2Fb%5Cc%3Fd%23e%25f"},
        {"é\"'<>& +@:;=,", "%C3%A9%22%27%3C%3E%26%20%2B%40%3A%3B%3D%2C"},
        {"a\r\nb", "a%0D%0Ab"},
        {"\xFF", "%EF%BF%BD"},
    };
    check(url_segment, cases, G_N_ELEMENTS(cases));
}

#define LINK(url, shown)                                                                       \
    "<a href=\"" url "\" rel=\"noreferrer nofollow noopener\">" shown "</a>"
#define SAME(url) LINK(url, url)

static void test_linked(void)
{
    static const Case cases[] = {
        {"no link", "no link"},
        {"see http://example.org/a.", "see " SAME("http://example.org/a") "."},
        {"HTTPS://Example.org", SAME("HTTPS://Example.org")},
        {"(https://example.org/x)", "(" SAME("https://example.org/x") ")"},
        {"https://example.org/a_(b) c", SAME("https://example.org/a_(b)") " c"},
        {"<https://example.org/?a=1&b=2>",
         "&lt;" SAME("https://example.org/?a=1&amp;b=2") "&gt;"},
        {"\"https://example.org/\"", "\"" SAME("https://example.org/") "\""},
        {"« https://example.org/» !", "« " SAME("https://example.org/") "» !"},
        {"https://example.org/é/日本", SAME("https://example.org/é/日本")},
        {"看https://example.org/", "看" SAME("https://example.org/")},
        {"a https://x.example\nb", "a " SAME("https://x.example") "\nb"},
        {"https://example.org/'onx='",
         LINK("https://example.org/&#39;onx=", "https://example.org/'onx=") "'"},
        /* Not links. */
        {"javascript:alert(1)", "javascript:alert(1)"},
        {"data:text/html,<b>", "data:text/html,&lt;b&gt;"},
        {"xhttp://example.org", "xhttp://example.org"},
        {"http:// example.org", "http:// example.org"},
        {"http://", "http://"},
        {"https://\"x", "https://\"x"},
        {"https://<b>", "https://&lt;b&gt;"},
        {"https:///etc/passwd", "https:///etc/passwd"},
        {"//example.org", "//example.org"},
        /* A direction mark would show another address than it opens. */
        {"https://example.org/\u202Egpj", SAME("https://example.org/") "\u202Egpj"},
        {"http://a\xFF", LINK("http://a\uFFFD", "http://a\uFFFD")},
    };
    check(html_linked, cases, G_N_ELEMENTS(cases));
}

/* A megabyte of whatever is worst: quadratic work would not end here. */
static void test_linked_is_linear(void)
{
    static const char *const worst[] = {"http://", "http://a", "h", "http://a) ", "https://x("};
    for (gsize i = 0; i < G_N_ELEMENTS(worst); i++) {
        g_autoptr(GString) in = g_string_new("");
        g_autoptr(GString) out = g_string_new("");
        while (in->len < 1000 * 1000)
            g_string_append(in, worst[i]);
        html_linked(out, in->str);
        g_assert_cmpuint(out->len, >=, in->len);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/webview/html/text", test_text);
    g_test_add_func("/webview/html/attr", test_attr);
    g_test_add_func("/webview/html/segment", test_segment);
    g_test_add_func("/webview/html/linked", test_linked);
    g_test_add_func("/webview/html/linked-is-linear", test_linked_is_linear);
    return g_test_run();
}
