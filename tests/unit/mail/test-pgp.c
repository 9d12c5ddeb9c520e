/* Clear-signed passages of a text. */
#include "core/mail/pgp.h"

#include <glib.h>

#define BEGIN "-----BEGIN PGP SIGNED MESSAGE-----\n"
#define SIGNATURE                                                                              \
    "-----BEGIN PGP SIGNATURE-----\nVersion: x\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n"

static const struct {
    const char *what, *text, *opened;
    bool is_signed, is_encrypted;
} cases[] = {
    {"none", "I began with -----BEGIN PGP SIGNED MESSAGE-----\n", NULL, false, false},
    {"signed", BEGIN "Hash: SHA256\n\nhello\n\n- -- \n- - one\n-two\n" SIGNATURE,
     "hello\n\n-- \n- one\n-two\n", true, false},
    {"words around it", "above\n" BEGIN "\nhello\n" SIGNATURE "below\n",
     "above\nhello\nbelow\n", true, false},
    {"two passages", BEGIN "\none\n" SIGNATURE BEGIN "Hash: x\n\ntwo\n" SIGNATURE "end",
     "one\ntwo\nend", true, false},
    {"white space behind armor",
     "-----BEGIN PGP SIGNED MESSAGE----- \nHash: x\n \nhello\n-----BEGIN PGP SIGNATURE-----\t\n"
     "a\n-----END PGP SIGNATURE-----",
     "hello\n", true, false},
    {"a signature that breaks off", BEGIN "\nhello\n-----BEGIN PGP SIGNATURE-----\niQEz\n",
     "hello\n", true, false},
    {"no signature", BEGIN "Hash: x\n\nhello\n", NULL, false, false},
    {"no blank line", BEGIN "hello\n" SIGNATURE, "hello\n", true, false},
    {"quoted", "> " BEGIN "> hello\n> -----BEGIN PGP SIGNATURE-----\n", NULL, false, false},
    {"encrypted", "see\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n", NULL,
     false, true},
    {"a key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n", NULL, false, false},
    {"nothing", "", NULL, false, false},
};

static void test_open(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        PgpMarks marks;
        g_test_message("%s", cases[i].what);
        g_autofree char *opened = pgp_open_text(cases[i].text, &marks);
        g_assert_cmpstr(opened, ==, cases[i].opened);
        g_assert_true(marks.is_signed == cases[i].is_signed);
        g_assert_true(marks.is_encrypted == cases[i].is_encrypted);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pgp/open", test_open);
    return g_test_run();
}
