/* Rich Text Format as text. */
#include "core/mail/rtf.h"

#include <string.h>

static const struct {
    const char *what, *rtf, *text;
} cases[] = {
    {"words and paragraphs",
     "{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\colortbl;\\red0;}\\pard one\\par\r\ntwo {\\b "
     "three}"
     "\\tab four\\line}",
     "one\ntwo three\tfour\n"},
    {"bytes of a code page", "{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2}",
     "Привет"},
    {"characters and what stands for them",
     "{\\rtf1\\uc1 caf\\u233 e\\u8364\\'80 {\\uc2\\u233 ab}c}", "café€ éc"},
    {"a surrogate pair", "{\\rtf1\\u-10179 ?\\u-8704 ?}", "😀"},
    {"half of a pair", "{\\rtf1\\u-8704 ?x}", "\357\277\275x"},
    {"signs", "{\\rtf1 a\\~b\\_c\\-d\\{\\}\\\\ \\ldblquote x\\rdblquote\\emdash }",
     "a\302\240b-cd{}\\ “x”—"},
    {"what is no text",
     "{\\rtf1{\\info{\\title x}}{\\*\\generator y;}{\\pict 0011{\\bin3 }}}}}z}", "z"},
    {"a link", "{\\rtf1{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt here}}}", "here"},
    {"wrapped HTML",
     "{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag64 <p>}\\htmlrtf \\par\\htmlrtf0 Bonjour "
     "{\\*\\htmltag84 <b>}\\htmlrtf {\\b\\htmlrtf0 Zo\\'e9{\\*\\htmltag92 </b>}\\htmlrtf }"
     "\\htmlrtf0 {\\*\\htmltag72 </p>}}",
     "Bonjour Zoé\n"},
    {"cut short", "{\\rtf1 one\\'", "one"},
    {"more ends than beginnings", "{\\rtf1 one}}}two", "onetwo"},
    {"no RTF", "<p>x", NULL},
};

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].what);
        g_autofree char *text = rtf_to_text((const guint8 *)cases[i].rtf, strlen(cases[i].rtf));
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

/* What is nested too deep keeps the state around it, and nothing is lost. */
static void test_deep(void)
{
    g_autoptr(GString) rtf = g_string_new("{\\rtf1 a");
    for (int i = 0; i < 10000; i++)
        g_string_append(rtf, "{\\b ");
    g_string_append(rtf, "b");
    for (int i = 0; i < 10000; i++)
        g_string_append(rtf, "}");
    g_string_append(rtf, "c}");
    g_autofree char *text = rtf_to_text((const guint8 *)rtf->str, rtf->len);
    g_assert_cmpstr(text, ==, "abc");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rtf/cases", test_cases);
    g_test_add_func("/rtf/deep", test_deep);
    return g_test_run();
}
