/* Status codes in words, both languages. */
#include "core/desk/failure.h"

#include <glib.h>

static const struct {
    const char *status, *fr, *en;
} cases[] = {
    {"5.1.1", "cette adresse n’existe pas", "this address does not exist"},
    {"5.1.10", "ce domaine n’accepte aucun mail", "this domain accepts no mail"},
    {"5.1.9", "cette adresse est inconnue", "this address is unknown"},
    {"4.2.2", "cette boîte est pleine", "this mailbox is full"},
    {"5.7.26", "le serveur de cette adresse refuse nos mails",
     "the server of this address refuses our mail"},
    /* the code speaks for itself */
    {"5.0.0", "", ""},
    {"5.9.1", "", ""},
    {"2.1.1", "", ""},
    {"", "", ""},
    {"5", "", ""},
};

static void test_words(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpstr(failure_words(cases[i].status, "fr"), ==, cases[i].fr);
        g_assert_cmpstr(failure_words(cases[i].status, "en"), ==, cases[i].en);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/failure/words", test_words);
    return g_test_run();
}
