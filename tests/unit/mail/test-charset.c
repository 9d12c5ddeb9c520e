/* Charsets: what is declared, what is lied about, and what nobody declared. */
#include "core/mail/charset.h"

#include <string.h>

static const struct {
    const char *what, *charset, *bytes, *text;
} cases[] = {
    {"utf-8", "utf-8", "caf\303\251", "café"},
    {"quoted label with blanks", " \"UTF-8\" ", "caf\303\251", "café"},
    {"latin 1 is windows-1252", "iso-8859-1", "\223caf\351\224 2 \200", "“café” 2 €"},
    {"windows-1252", "Windows-1252", "L\222\351t\351\205", "L’été…"},
    {"a byte without character", "windows-1252", "a\201b", "a\357\277\275b"},
    {"latin 9", "ISO-8859-15", "2 \244, c\275ur", "2 €, cœur"},
    {"latin 9, other spelling", "iso8859-15", "\244", "€"},
    {"latin 5 is windows-1254", "iso-8859-9", "\335\200", "İ€"},
    {"macintosh", "macintosh", "caf\216", "café"},
    {"shift_jis", "Shift_JIS", "\223\372\226{", "日本"},
    {"iso-2022-jp", "iso-2022-jp", "\033$BF|K\\\033(B", "日本"},
    {"gb2312 is gb18030", "gb2312", "\304\343\272\303", "你好"},
    {"euc-kr", "ks_c_5601-1987", "\307\321\261\333", "한글"},
    {"koi8-r", "koi8-r", "\360\322\311\327\305\324", "Привет"},
    {"utf-7", "utf-7", "caf+AOk-", "café"},
    {"undeclared utf-8", NULL, "caf\303\251", "café"},
    {"undeclared windows-1252", "", "caf\351", "café"},
    {"us-ascii that is utf-8", "us-ascii", "caf\303\251", "café"},
    {"us-ascii that is latin 1", "us-ascii", "caf\351", "café"},
    {"unknown name", "x-unknown", "caf\303\251", "café"},
    {"a name for the converter's eyes", "../../etc/passwd//TRANSLIT", "caf\351", "café"},
    {"utf-8 that is latin 1", "utf-8", "d\351j\340 vu", "déjà vu"},
    {"utf-8 cut within a character", "utf-8", "d\303\251j\303\240 pay\303\251 \303",
     "déjà payé \357\277\275"},
    {"gb18030 that is utf-8", "iso-2022-kr", "caf\303\251", "café"},
    {"one bad byte of many", "euc-jp",
     "\306\374\313\334\306\374\313\334\306\374\313\334\306\374\313\334\377",
     "日本日本日本日本\357\277\275"},
    {"utf-8 under a western label", "windows-1252", "d\303\251j\303\240 vu", "déjà vu"},
    {"utf-8 under a Russian label", "windows-1251",
     "\320\237\321\200\320\270\320\262\320\265\321\202", "Привет"},
    {"gb18030 that could be utf-8", "gb2312", "\301\252\315\250", "联通"},
    {"escape sequences without a label", NULL, "Re: \033$BF|K\\\033(B", "Re: 日本"},
    {"escape sequences under another label", "utf-8", "\033$BF|K\\\033(B", "日本"},
    {"a stray escape", NULL, "a\033[1mb", "a[1mb"},
    {"undeclared Russian", NULL, "\317\360\350\342\345\362 \354\350\360", "Привет мир"},
    {"undeclared Russian, koi8-r", NULL, "\360\322\311\327\305\324 \315\311\322", "Привет мир"},
    {"undeclared Korean", NULL, "\307\321\261\333 \307\321\261\333", "한글 한글"},
    {"undeclared Chinese", NULL, "\304\343\272\303\243\254\316\322\312\307\326\320\271\372",
     "你好，我是中国"},
    {"undeclared Japanese", NULL, "\202\261\202\361\202\311\202\277\202\315\202\261\202\361",
     "こんにちはこん"},
    {"undeclared Turkish", "us-ascii", "Te\376ekk\374r ederim, ba\376ar\375lar",
     "Teşekkür ederim, başarılar"},
    {"undeclared Icelandic", NULL, "\336a\360 er g\363\360ur dagur, \355 d\341g",
     "Það er góður dagur, í dág"},
    {"undeclared French", NULL, "\311t\351 \340 l'\356le", "Été à l'île"},
    {"line ends", "utf-8", "a\r\nb\rc", "a\nb\nc"},
    {"nothing", "utf-8", "", ""},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = strlen(cases[i].bytes);
        g_autofree guint8 *block = g_memdup2(cases[i].bytes, length);
        g_autofree char *text = charset_to_utf8(block, length, cases[i].charset);
        g_test_message("%s", cases[i].what);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void test_nul(void)
{
    static const guint8 bytes[] = {'a', 0, 'b', 0xc3, 0xa9};
    g_autofree char *utf8 = charset_to_utf8(bytes, sizeof bytes, "utf-8");
    g_assert_cmpstr(utf8, ==, "abé");
    static const guint8 wide[] = {'a', 0, 0xe9, 0};
    g_autofree char *utf16 = charset_to_utf8(wide, sizeof wide, "utf-16le");
    g_assert_cmpstr(utf16, ==, "aé");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/charset/table", test_table);
    g_test_add_func("/mail/charset/nul-is-data", test_nul);
    return g_test_run();
}
