/* Which charsets a raw mail names. */
#include "core/mail/labels.h"

#include "tests/unit/mail/fixture.h"

static char *labels_of(const char *bytes, gsize length)
{
    int fd = fixture_fd(bytes, length);
    g_auto(Labels) labels;
    labels_find(fd, length, &labels);
    close(fd);
    g_autoptr(GString) joined = g_string_new(NULL);
    for (guint i = 0; i < labels.names->len; i++)
        g_string_append_printf(joined, "%s%s", i ? " " : "", (char *)labels.names->pdata[i]);
    g_string_append(joined, labels.sealed ? " sealed" : "");
    return g_string_free(g_steal_pointer(&joined), FALSE);
}

static void test_places(void)
{
    static const struct {
        const char *mail, *labels;
    } cases[] = {
        {"Content-Type: text/plain; charset=KOI8-R\n\nx\n", "koi8-r"},
        {"Content-Type: text/plain; charset=\"gb2312\"; x=y\n", "gb2312"},
        {"Content-Type: text/plain; charset = 'big5'\n", "big5"},
        {"Content-Type: text/plain; CHARSET=\n\teuc-kr\n", "euc-kr"},
        {"Content-Type: text/plain; charset*=us-ascii''shift_jis\n", "us-ascii"},
        {"Content-Type: text/plain; charset*0=iso-2022;\n charset*1=-jp\n", "iso-2022"},
        {"filename*=iso-8859-15'fr'%A4.pdf; name*0*=\"gb2312''x\"; x*=y", "iso-8859-15 gb2312"},
        {"Subject: =?iso-2022-jp?B?GyRC?= =?ISO-8859-2*pl?Q?a?=\n", "iso-2022-jp iso-8859-2"},
        {"<meta charset=\"windows-1251\">", "windows-1251"},
        {"<meta http-equiv=3D\"x\" content=3D\"text/html; charset=3Dwindows-1250\">",
         "windows-1250"},
        {"<meta charset=3D\"koi8-u\">", "koi8-u"},
        {"charset=utf-8 charset=UTF-8 charset=utf-7", "utf-8 utf-7"},
        {"Content-Type: application/ms-tnef; name=winmail.dat\n", " sealed"},
        {"Content-Type: application/x-pkcs7-mime; x=y\n", " sealed"},
        {"charset=", ""},
        {"charset=\"", ""},
        {"=?", ""},
        {"=? =?? a=b x-charset; set=c charset", ""},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *labels = labels_of(cases[i].mail, strlen(cases[i].mail));
        g_assert_cmpstr(labels, ==, cases[i].labels);
    }
}

static void test_nul(void)
{
    static const char mail[] = "charset\0=x charset=\0koi8-r \0 =?big5?b?";
    g_autofree char *labels = labels_of(mail, sizeof mail - 1);
    g_assert_cmpstr(labels, ==, "big5");
}

/* Wherever the pieces it is read in end. */
static void test_borders(void)
{
    static const char name[] = "charset=\"windows-1251\" ";
    g_autofree char *mail = g_malloc(200 * 1000);
    for (gsize at = 65536 - 80; at < 65536 + 20; at++) {
        memset(mail, 'x', 200 * 1000);
        memcpy(mail + at, name, sizeof name - 1);
        memcpy(mail + at + 65536, "=?koi8-r?", 9);
        g_autofree char *labels = labels_of(mail, 200 * 1000);
        g_assert_cmpstr(labels, ==, "windows-1251 koi8-r");
    }
}

static void test_many(void)
{
    g_autoptr(GString) mail = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append_printf(mail, "charset=x%d\n", i);
    int fd = fixture_fd(mail->str, mail->len);
    g_auto(Labels) labels;
    labels_find(fd, mail->len, &labels);
    close(fd);
    g_assert_cmpuint(labels.names->len, ==, LABELS_MAX);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/labels/places", test_places);
    g_test_add_func("/labels/nul", test_nul);
    g_test_add_func("/labels/borders", test_borders);
    g_test_add_func("/labels/many", test_many);
    return g_test_run();
}
