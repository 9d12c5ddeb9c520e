/* HTML → text: what a reader of the mail would have seen. */
#include "core/mail/entity.h"
#include "core/mail/html.h"

#include <string.h>

static char *to_text(const char *html, gsize length)
{
    g_autofree char *block = g_memdup2(html, length);
    return html_to_text(block, length);
}

static const char *const cases[][2] = {
    {"", ""},
    {"plain", "plain\n"},
    {"a  b\n\tc&nbsp;d", "a b c d\n"},
    /* Blocks and lines. */
    {"<p>one</p><p>two</p>", "one\n\ntwo\n"},
    {"<div>one</div><div>two</div>", "one\ntwo\n"},
    {"one<br>two<br/>three", "one\ntwo\nthree\n"},
    {"<div>one</div><div><br></div><div>two</div>", "one\n\ntwo\n"},
    {"a<br><br><br><br><br>b", "a\n\n\nb\n"},
    {"<h1>Title</h1>text", "Title\n\ntext\n"},
    {"a<hr>b", "a\n--------------------\nb\n"},
    {"<p class=MsoNormal>one<o:p></o:p></p><p class=MsoNormal>&nbsp;</p>"
     "<p class=\"MsoNormal\">two</p>",
     "one\n\ntwo\n"},
    {"<p style='Margin: 0'>one</p><p style='margin:0'>two</p>", "one\ntwo\n"},
    {"<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\nd\n"},
    /* Lists and tables. */
    {"<ul><li>one<li><p>two</p></ul>three", "* one\n* two\n\nthree\n"},
    {"<ol><li>one</li><li>two<ul><li>x</li></ul></li><li>three</li></ol>",
     "1. one\n2. two\n  * x\n3. three\n"},
    {"<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>", "a b\nc d\n"},
    /* Quotes. */
    {"own<blockquote>old<br>older<blockquote>oldest</blockquote></blockquote>own",
     "own\n> old\n> older\n> > oldest\n\nown\n"},
    {"</blockquote>a", "a\n"},
    /* Links. */
    {"<a href=\"https://x.org/a?b=1&amp;c=2\">here</a>.", "here <https://x.org/a?b=1&c=2>.\n"},
    {"<a href='https://x.org/a&copy=1'>here</a>", "here <https://x.org/a&copy=1>\n"},
    {"<a href=https://x.org/>https://x.org</a>", "https://x.org\n"},
    {"<a href=\"http://www.x.org\">x.org</a>", "x.org\n"},
    {"<a href=\"mailto:a@x.org?subject=hi\">a@x.org</a>", "a@x.org\n"},
    {"<a href=\"javascript:alert(1)\">here</a>", "here\n"},
    {"<a href=\"data:text/html,x\">here</a>", "here\n"},
    {"<a href=\"https://x.org\"><img src=x></a>a", "a\n"},
    {"<a href=\"https://x.org/<script>\">here", "here <https://x.org/script>\n"},
    {"<a href=https://a.org>one<a href=https://b.org>two</a>",
     "one <https://a.org>two <https://b.org>\n"},
    {"<img alt=\"the logo\" src=\"cid:1\"> of x", "the logo of x\n"},
    /* What nobody sees. */
    {"<style>p{}</style><script>if(a<b)x()</script><title>t</title>a", "a\n"},
    {"<STYLE type='x'><!-- </p> --></STYLE >a", "a\n"},
    {"a<!-- b --><!--c>d-->e<!-->f<!--->g", "aefg\n"},
    {"a<!--[if mso]><p>outlook</p><![endif]-->b<![if !mso]>c<![endif]>d", "abcd\n"},
    {"<!--[if !mso]><!-->shown<!--<![endif]-->", "shown\n"},
    {"<!DOCTYPE html><?xml x?>a", "a\n"},
    {"<div style=\"color:red; DISPLAY : none\">gone<div>too</div></div>shown", "shown\n"},
    {"<span hidden>gone</span>shown<p style='visibility:hidden'>gone</p>", "shown\n"},
    {"<xml><o:x>gone</o:x></xml>a<svg><text>gone</text></svg>", "a\n"},
    {"<span style=\"max-height:0px;overflow:hidden\">gone</span>shown<div style='mso-hide:all'>"
     "gone</div>",
     "shown\n"},
    {"<td style='font-size:0px'><div style='font-size:13px'>shown</div></td>", "shown\n"},
    {"<img hidden alt=gone>a<br style='display:none'>b", "ab\n"},
    {"so\302\255ft hy&shy;phen, zero\342\200\213width, \315\217pad",
     "soft hyphen, zerowidth, pad\n"},
    {"a &zwnj;&nbsp;&zwnj;&nbsp;&#8199;&#847;b", "a b\n"},
    {"\342\200\256evil", "evil\n"},
    /* An unclosed hidden element hides nothing. */
    {"<div style=display:none>pre<p>the letter", "pre\n\nthe letter\n"},
    /* Soup. */
    {"a < b && c > d", "a < b && c > d\n"},
    {"<<<p>a", "<<\n\na\n"},
    {"a</>b</p x='>'>c", "a</>b\n\nc\n"},
    {"<p title='unclosed>a", "a\n"},
    {"<a href=\"x>text</a>", "text\n"},
    {"<p/class=x/>a", "a\n"},
    {"a<b", "a\n"},
    {"a<", "a<\n"},
    {"a<!", "a\n"},
    {"a<!-- open", "a\n"},
    {"<script>open", ""},
    {"caf\351", "caf\357\277\275\n"},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = to_text(cases[i][0], strlen(cases[i][0]));
        if (g_strcmp0(text, cases[i][1]) != 0)
            g_test_message("input: %s", cases[i][0]);
        g_assert_cmpstr(text, ==, cases[i][1]);
    }
}

static const struct {
    const char *text, *attribute, *written;
} entities[] = {
    {"é", "é", "&eacute;"},
    {"É", "É", "&Eacute;"},
    {"é", "é", "&#233;"},
    {"é", "é", "&#xE9;"},
    {"é", "é", "&#xe9 "},
    {"€", "€", "&#128;"},
    {"’", "’", "&#146;"},
    {"€", "€", "&euro;"},
    {"œ", "œ", "&oelig;"},
    {"…", "…", "&hellip;"},
    {"—", "—", "&mdash;"},
    {"∀", "∀", "&forall;"},
    {"ϑ", "ϑ", "&thetasym;"},
    {"♠", "♠", "&spades;"},
    {"✓", "✓", "&check;"},
    {"Š", "Š", "&Scaron;"},
    {"ž", "ž", "&zcaron;"},
    {"'", "'", "&apos;"},
    {"\"", "\"", "&quot;"},
    {"&", "&", "&AMP;"},
    {"Æ", "Æ", "&AElig;"},
    {"\342\200\215", "\342\200\215", "&zwj;"},
    {"é", "é", "&eacute"},
    {"é", NULL, "&eacutes"}, /* in text the longest old name counts */
    {"¬", NULL, "&notit;"},
    {"©", NULL, "&copy=1"},
    {"\357\277\275", "\357\277\275", "&#0;"},
    {"\357\277\275", "\357\277\275", "&#xD800;"},
    {"\357\277\275", "\357\277\275", "&#99999999999999999999;"},
    {NULL, NULL, "&"},
    {NULL, NULL, "&;"},
    {NULL, NULL, "&#;"},
    {NULL, NULL, "&#x;"},
    {NULL, NULL, "&nosuchname;"},
    {NULL, NULL, "&hellip"}, /* a new name needs its semicolon */
};

static void check_entity(const char *written, bool in_attribute, const char *wanted)
{
    gsize length = strlen(written);
    g_autofree char *block = g_memdup2(written, length);
    gunichar c = 0;
    const char *end = entity_read(block, block + length, in_attribute, &c);
    char got[7] = "";
    if (end)
        g_unichar_to_utf8(c, got);
    g_assert_cmpstr(end ? got : NULL, ==, wanted);
}

static void test_entities(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(entities); i++) {
        check_entity(entities[i].written, false, entities[i].text);
        check_entity(entities[i].written, true, entities[i].attribute);
    }
}

/* Each would take minutes if any search were repeated. */
static void test_bombs(void)
{
    static const char *const pieces[] = {
        "<",       "&",     "<a b=\"",       "<a b='",        "<!--",
        "<![",     "<div>", "<style>",       "</x",           "<a href=http:x>",
        "<ul>",    "&#",    "<p style=\"d ", "<blockquote>a", "<div hidden>",
        "<pre>\n", "<br>",  "&zwnj; ",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) bomb = g_string_new(NULL);
        while (bomb->len < HTML_MAX_BYTES)
            g_string_append(bomb, pieces[i]);
        g_autofree char *text = to_text(bomb->str, bomb->len);
        g_assert_cmpuint(strlen(text), <, (gsize)64 * HTML_MAX_BYTES);
    }
}

static void test_limit(void)
{
    g_autoptr(GString) html = g_string_new(NULL);
    while (html->len < HTML_MAX_BYTES)
        g_string_append_c(html, 'a');
    g_string_append(html, "beyond");
    g_autofree char *text = to_text(html->str, html->len);
    g_assert_cmpuint(strlen(text), ==, HTML_MAX_BYTES + 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/html/table", test_table);
    g_test_add_func("/mail/html/entities", test_entities);
    g_test_add_func("/mail/html/bombs", test_bombs);
    g_test_add_func("/mail/html/limit", test_limit);
    return g_test_run();
}
