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

    {"own lines stay", BEGIN "\nHash: mine\n\n  a  \t\n> b\n-\n\n" SIGNATURE,
     "Hash: mine\n\n  a  \t\n> b\n-\n\n", true, false},
    {"prose where the blank line is missing", BEGIN "Hash: x\nRe: urgent\nhello\n" SIGNATURE,
     "Re: urgent\nhello\n", true, false},
    {"not dash-escaped", BEGIN "NotDashEscaped: x\n\n- one\n" SIGNATURE, "- one\n", true,
     false},
    {"a wrapped comment",
     BEGIN "\nhello\n-----BEGIN PGP SIGNATURE-----\nComment: Using GnuPG with a mailer -\n"
           "https://www.example.org/ of it\n\niQEz\n-----END PGP SIGNATURE-----\n",
     "hello\n", true, false},
    {"an end that breaks off",
     BEGIN "\nhello\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIG", "hello\n", true,
     false},
    {"words below a signature without an end",
     BEGIN "\nhello\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n\nsee you soon\n", NULL, false,
     false},
    {"words instead of a signature",
     BEGIN "\nhello\n-----BEGIN PGP SIGNATURE-----\nwe need help\n"
           "-----END PGP SIGNATURE-----\n",
     NULL, false, false},
    {"a passage below one without an end",
     BEGIN "\none\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n\nso it is\n" BEGIN
           "\ntwo\n" SIGNATURE,
     BEGIN "\none\n-----BEGIN PGP SIGNATURE-----\n\niQEz\n\nso it is\ntwo\n", true, false},
    {"a passage below one without a signature", BEGIN "\none\n" BEGIN "\ntwo\n" SIGNATURE,
     BEGIN "\none\ntwo\n", true, false},
    {"encrypted in a signed one",
     BEGIN "\n- -----BEGIN PGP MESSAGE-----\n\nhQEM\n- -----END PGP MESSAGE-----\n" SIGNATURE,
     "-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n", true, true},
    {"encrypted, broken off", "-----BEGIN PGP MESSAGE-----\nVersion: x\n\nhQEM\n", NULL, false,
     true},
    {"words about an encrypted one", "what is\n-----BEGIN PGP MESSAGE-----\nfor, please?\n",
     NULL, false, false},
    {"an encrypted one that is quoted", "> -----BEGIN PGP MESSAGE-----\n>\n> hQEM\n", NULL,
     false, false},
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

/* Passages that never end, each of which could look for its end in all that follow. */
static void test_many(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append(text, BEGIN "Hash: x\n\na\n-----BEGIN PGP SIGNATURE-----\n\nb c\n"
                                    "-----BEGIN PGP MESSAGE-----\nHash: a\n");
    PgpMarks marks;
    g_assert_null(pgp_open_text(text->str, &marks));
    g_assert_false(marks.is_encrypted);
    gsize length = text->len;
    g_string_append(text, BEGIN "\nhello\n" SIGNATURE);
    g_autofree char *opened = pgp_open_text(text->str, &marks);
    g_assert_cmpstr(opened + length, ==, "hello\n");
    g_string_truncate(text, length);
    g_assert_true(g_str_has_prefix(opened, text->str));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pgp/open", test_open);
    g_test_add_func("/pgp/many", test_many);
    return g_test_run();
}
