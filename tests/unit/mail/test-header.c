/* Header values: encoded words, addresses, ids, dates, parameters. */
#include "core/mail/header.h"

#include <string.h>

static const char *const texts[][2] = {
    {" plain\r\n", "plain"},
    {" folded\r\n\tonce\r\n  twice", "folded once  twice"},
    {"=?utf-8?Q?caf=C3=A9_noir?=", "café noir"},
    {"=?ISO-8859-1?q?caf=E9?= cr=E8me", "café cr=E8me"},
    {"=?windows-1252?Q?=93L=92=E9t=E9=94?=", "“L’été”"},
    /* Padded base64 words in a row, in one charset and in two. */
    {"=?UTF-8?B?w6k=?= =?UTF-8?B?w6g=?=", "éè"},
    {"=?UTF-8?B?UsOpIEJvbmpvdXIg?=\r\n =?utf-8?B?w6AgdG91cw==?= =?UTF-8?B?IGV0IHRvdXRlcw==?=",
     "Ré Bonjour à tous et toutes"},
    {"=?utf-8?B?w6k=?= =?iso-8859-1?B?6A==?=", "éè"},
    /* A character split over two words. */
    {"=?utf-8?B?w6nD?= =?utf-8?B?qQ==?=", "éé"},
    {"=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=", "é"},
    /* White space between words is no text, elsewhere it is. */
    {"=?utf-8?Q?a?=   =?utf-8?Q?b?= c =?utf-8?Q?d?=", "ab c d"},
    {"Re:=?utf-8?Q?x?=y", "Re:xy"},
    /* Against the rules, and common. */
    {"=?utf-8?Q?hello world?=", "hello world"},
    {"=?utf-8*fr?Q?caf=C3=A9?=", "café"},
    {"=?x-unknown?Q?caf=E9?=", "café"},
    {"=?utf-8?B?!!!!?=", ""},
    {"=?utf-8?Q?=C3=A9=ZZ=?=", "é=ZZ="},
    /* No encoded words. */
    {"=?utf-8?Q?unfinished", "=?utf-8?Q?unfinished"},
    {"=?utf-8?X?a?=", "=?utf-8?X?a?="},
    {"=??Q?a?=", "=??Q?a?="},
    {"a =? b ?= c", "a =? b ?= c"},
    /* Raw bytes. */
    {"Caf\351 \223cr\350me\224", "Café “crème”"},
    {"Café", "Café"},
    /* Nothing breaks the line. */
    {"=?utf-8?Q?a=0D=0ABcc:_b=00c?=", "a Bcc: bc"},
    {"", ""},
};

static void test_text(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *block = g_strdup(texts[i][0]);
        g_autofree char *text = header_decode_text(block);
        g_assert_cmpstr(text, ==, texts[i][1]);
    }
}

static GPtrArray *read_addresses(const char *raw)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)mail_address_free);
    g_autofree char *block = g_strdup(raw);
    header_decode_addresses(block, list);
    return list;
}

static char *describe(const GPtrArray *list)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const MailAddress *address = list->pdata[i];
        g_string_append_printf(out, "[%s|%s]", address->name, address->address);
    }
    return g_string_free(out, FALSE);
}

static const char *const addresses[][2] = {
    {" a@x.org\r\n", "[|a@x.org]"},
    {"Ann Example <a@x.org>", "[Ann Example|a@x.org]"},
    {"\"Example, Ann \\\"A\\\"\" <a@x.org>, b@x.org", "[Example, Ann \"A\"|a@x.org][|b@x.org]"},
    {"a@x.org (Ann (of X))", "[Ann (of X)|a@x.org]"},
    {"=?utf-8?B?w4ltaWxl?=\r\n =?utf-8?B?IMOA?= <e@x.org>", "[Émile À|e@x.org]"},
    {"\"=?utf-8?Q?=C3=89mile?=\" <e@x.org>", "[Émile|e@x.org]"},
    {"J\366rg <j@x.org>", "[Jörg|j@x.org]"},
    {"a@x.org <a@x.org>", "[a@x.org|a@x.org]"},
    /* An encoded comma, bracket or @ makes no address. */
    {"=?utf-8?Q?Doe,_Jane_<j@y.org>?= <d@x.org>", "[Doe, Jane <j@y.org>|d@x.org]"},
    {"=?utf-8?Q?evil=40y=2Eorg=2C?= <d@x.org>", "[evil@y.org,|d@x.org]"},
    /* Groups. */
    {"team: a@x.org, Bo <b@x.org>; c@x.org", "[|a@x.org][Bo|b@x.org][|c@x.org]"},
    {"undisclosed-recipients:;", ""},
    {"mailto:a@x.org", "[|a@x.org]"},
    /* Obsolete forms. */
    {"Ann <@r.org,@s.org:a@x.org>", "[Ann|a@x.org]"},
    {"ann @ x . org", "[|ann@x.org]"},
    {"Ann @x.org", "[|Ann@x.org]"},
    {"\"ann b\"@x.org", "[|\"ann b\"@x.org]"},
    {"a@[IPv6:2001:db8::1]", "[|a@[IPv6:2001:db8::1]]"},
    /* No domain, no address. */
    {"MAILER-DAEMON (Mail System)", "[Mail System|MAILER-DAEMON]"},
    {"Mail Delivery System", "[Mail Delivery System|]"},
    {"<>", "[|]"},
    {"", ""},
    {" , ;, ", ""},
    /* What readers may take for one mailbox or another is two. */
    {"<a@x.org> <b@y.org>", "[|a@x.org][|b@y.org]"},
    {"a@x.org b@y.org", "[|a@x.org][|b@y.org]"},
    {"tech@x.org <evil@y.org>", "[tech@x.org|evil@y.org]"},
    {"tech@x.org, <evil@y.org>", "[|tech@x.org][|evil@y.org]"},
    /* Broken. */
    {"Ann <a@x.org", "[Ann|a@x.org]"},
    {"Ann <<a@x.org>>", "[Ann|a@x.org]"},
    {"<a@x.org, b@x.org", "[|a@x.org][|b@x.org]"},
    {"\"Ann <a@x.org>", "[Ann <a@x.org>|]"},
    {"(a@x.org", ""},
    {"< a@x.org >", "[|a@x.org]"},
    /* Controls do not vanish from an address. */
    {"a@x.org\1@y.org", "[|a@x.org\357\277\275@y.org]"},
    {"<a\177@x.org>", "[|a\357\277\275@x.org]"},
};

static void test_addresses(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
        g_autoptr(GPtrArray) list = read_addresses(addresses[i][0]);
        g_autofree char *got = describe(list);
        g_test_message("%s", addresses[i][0]);
        g_assert_cmpstr(got, ==, addresses[i][1]);
    }
}

/* Nested groups crash recursive parsers, endless lists stall quadratic ones. */
static void test_address_bombs(void)
{
    static const char *const pieces[] = {"a:", "a,", "(", "<", "\"", "a@b ", "=?a?Q?", "[@["};
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) bomb = g_string_new(NULL);
        while (bomb->len < 256 * 1024)
            g_string_append(bomb, pieces[i]);
        g_autoptr(GPtrArray) list = read_addresses(bomb->str);
        g_assert_cmpuint(list->len, <=, HEADER_ADDRESSES_MAX);
        g_autofree char *text = header_decode_text(bomb->str);
        g_assert_true(g_utf8_validate(text, -1, NULL));
    }
}

static const char *const ids[][2] = {
    {" <a@x>\r\n", "a@x"},
    {"<a@x> <b@x>\r\n\t<c@x>", "a@x b@x c@x"},
    {"<a@x>,<b@x>", "a@x b@x"},
    {"Your mail of Friday <a@x> (Ann's)", "a@x"},
    {"<a b@x> <c@x>", "c@x"},
    {"<a\1@x>", ""},
    {"<a@x <b@x>", "b@x"},
    {"<a@x", ""},
    {"a@x", "a@x"},
    {"no id", ""},
    {"<>", ""},
    {"<\377@x>", ""},
};

static void test_ids(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ids); i++) {
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
        header_decode_ids(ids[i][0], list);
        g_ptr_array_add(list, NULL);
        g_autofree char *got = g_strjoinv(" ", (char **)list->pdata);
        g_assert_cmpstr(got, ==, ids[i][1]);
    }
}

static void test_dates(void)
{
    g_assert_cmpint(header_decode_date(" Fri, 20 Nov 2026 09:12:00 +0100"), ==, 1795162320);
    g_assert_cmpint(header_decode_date("20 Nov 26 08:12 GMT (comment)"), ==, 1795162320);
    g_assert_cmpint(header_decode_date("Fri, 20 Nov\r\n 2026 09:12:00 +0100"), ==, 1795162320);
    g_assert_cmpint(header_decode_date("Thu, 1 Jan 1970 00:00:00 +0000"), ==, 0);
    g_assert_cmpint(header_decode_date("demain"), ==, 0);
    g_assert_cmpint(header_decode_date(""), ==, 0);
}

static const char *const parameters[][3] = {
    {"attachment; filename=a.pdf", "filename", "a.pdf"},
    {"attachment; FileName = \"a b.pdf\" ; size=3", "filename", "a b.pdf"},
    {"attachment; filename=a b.pdf; size=3", "filename", "a b.pdf"},
    {"attachment; filename=\"C:\\Temp\\\\a \\\"b\\\".pdf\"", "filename",
     "C:\\Temp\\a \"b\".pdf"},
    {"attachment; filename=\"a;b=c.pdf\"; x=y", "x", "y"},
    {"attachment; filename=\"fol\r\n ded.pdf\"", "filename", "fol ded.pdf"},
    {"attachment; filename*=UTF-8''%e2%82%ac%20rates.pdf; filename=x", "filename",
     "€ rates.pdf"},
    {"a/b; name*=iso-8859-1'fr'Rapport%20%E9t%E9.pdf", "name", "Rapport été.pdf"},
    {"a/b; name*1*=%E9t%E9; name*0*=iso-8859-1''Rapport%20; name*2=.pdf", "name",
     "Rapport été.pdf"},
    {"a/b; name*0=\"long \"; name*1=name.pdf", "name", "long name.pdf"},
    {"a/b; name*0=one; name*2=three", "name", "one"},
    {"a/b; name=\"=?utf-8?B?w6k=?= =?utf-8?B?w6gucGRm?=\"", "name", "éè.pdf"},
    {"a/b; name==?utf-8?Q?=C3=A9.pdf?=", "name", "é.pdf"},
    {"a/b; name=\"\351t\351.pdf\"", "name", "été.pdf"},
    {"a/b; name*=plain.pdf", "name", "plain.pdf"},
    {"a/b; name=\"../../a\"", "name", "../../a"},
    {"a/b; name=\"unfinished", "name", "unfinished"},
    {"a/b; name=", "name", ""},
    {"a/b; names=x", "name", NULL},
    {"a/b; name", "name", NULL},
    {"a/b;;;", "name", NULL},
    {"", "name", NULL},
};

static void test_parameters(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(parameters); i++) {
        g_autofree char *block = g_strdup(parameters[i][0]);
        g_autofree char *value = header_decode_parameter(block, parameters[i][1]);
        g_test_message("%s", parameters[i][0]);
        g_assert_cmpstr(value, ==, parameters[i][2]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/header/text", test_text);
    g_test_add_func("/mail/header/addresses", test_addresses);
    g_test_add_func("/mail/header/address-bombs", test_address_bombs);
    g_test_add_func("/mail/header/ids", test_ids);
    g_test_add_func("/mail/header/dates", test_dates);
    g_test_add_func("/mail/header/parameters", test_parameters);
    return g_test_run();
}
