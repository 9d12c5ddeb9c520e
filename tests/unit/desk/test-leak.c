/* Internal words in a public answer: found however a client wraps them, and not found where
 * nothing internal is said. */
#include "core/desk/leak.h"
#include "tests/unit/desk/site.h"

#define NOTE "ce monsieur tente de se faire passer pour le directeur, prudence"

typedef struct {
    const char *name, *internal, *public, *reply, *signature;
    bool leaks;
} Case;

static const Case cases[] = {
    {"whole", NOTE, "", NOTE, "", true},
    {"re-wrapped", NOTE, "", "Bonjour,\n> ce monsieur tente de se\n> faire passer pour\n", "",
     true},
    {"wrapped without marks", NOTE, "", "> monsieur tente de se\nfaire passer\n> pour", "",
     true},
    {"nested marks, other case", NOTE, "", ">> | CE MONSIEUR tente\n>> > de se FAIRE\n", "",
     true},
    {"punctuation", "n'est pas à lui, dit-on ici", "", "« n’est pas à lui »  dit…", "", true},
    {"soft hyphen", NOTE, "", "monsieur tente de se fai\xC2\xADre passer", "", true},
    {"in the signature", NOTE, "", "Bonjour\n",
     "-- \nMarie\n> monsieur tente de se faire passer", true},
    {"across reply and signature", NOTE, "", "> monsieur tente de\n", "-- \n> se faire passer",
     true},
    {"five words of many", NOTE, "", "monsieur tente de se faire la malle", "", false},
    {"other words between", NOTE, "", "ce monsieur tente donc de se faire, passer", "", false},
    {"public already", "> elle est rouge depuis hier matin\nvu",
     "elle est rouge depuis hier matin", "> elle est rouge depuis hier matin\nmerci", "",
     false},
    {"public in part", NOTE, "ce monsieur tente de se faire", NOTE, "", true},
    {"short note", "refuser la garantie", "", "Bonjour,\n> Refuser la\n> garantie !\nMarie", "",
     true},
    {"short note, public", "refuser la garantie", "je vais refuser la garantie, non ?",
     "refuser la garantie", "", false},
    {"short note, in part", "refuser la garantie", "", "prolonger la garantie", "", false},
    {"two words", "remboursement exceptionnel", "", "remboursement exceptionnel", "", false},
    {"three tiny words", "vu et lu", "", "vu et lu", "", false},
    {"without spaces", "他不是我们的客户请小心", "", "> 他不是我们的客户\n> 请小心", "", true},
    {"ordinary answer", NOTE, "elle est rouge", "Bonjour, nous passons demain matin.",
     "-- \nMarie Laurent\nSupport", false},
    {"empty", "", "", "", "", false},
};

static void test_words(gconstpointer data)
{
    const Case *c = data;
    /* Exact-size blocks, so that an overread shows. */
    g_autofree char *reply = g_strdup(c->reply), *signature = g_strdup(c->signature);
    g_autofree char *internal = g_strdup(c->internal);
    g_autoptr(LeakCheck) check = leak_check_new(reply, signature);
    g_autoptr(LeakCheck) turned = leak_check_new(reply, signature);
    leak_check_add_internal(check, internal);
    leak_check_add_public(check, c->public);
    g_assert_cmpint(leak_check_found(check), ==, c->leaks);
    leak_check_add_public(turned, c->public);
    leak_check_add_internal(turned, internal);
    g_assert_cmpint(leak_check_found(turned), ==, c->leaks);
}

static char *repeated(const char *text, gsize bytes)
{
    g_autoptr(GString) out = g_string_new(NULL);
    while (out->len < bytes)
        g_string_append(out, text);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void test_large(void)
{
    static const char *const fillers[] = {"+", "/", "> ", "a ", "é", "12 34 "};
    for (gsize i = 0; i < G_N_ELEMENTS(fillers); i++) {
        g_autofree char *filler = repeated(fillers[i], 1024 * 1024);
        g_autofree char *near = repeated(fillers[i], LEAK_READ_BYTES / 2);
        g_autofree char *reply = g_strconcat(near, " ", NOTE, filler, NULL);
        gint64 start = g_get_monotonic_time();
        g_autoptr(LeakCheck) check = leak_check_new(reply, filler);
        leak_check_add_public(check, filler);
        leak_check_add_internal(check, filler);
        g_assert_false(leak_check_found(check));
        leak_check_add_internal(check, NOTE);
        g_assert_true(leak_check_found(check));
        g_assert_cmpint(g_get_monotonic_time() - start, <, 10 * G_USEC_PER_SEC);
    }
}

/* --- on a ticket ------------------------------------------------------------------------- */

#define CODE "Votre code de vérification est le 424242, ne le donnez pas"

static bool leaks(Site *site, const char *reply, const char *signature)
{
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(GError) error = NULL;
    bool found = false;
    ticket_find(site->desk, "SUP-1", &ticket, &error);
    g_assert_no_error(error);
    leak_quotes_note(site->desk, ticket, reply, signature, &found, &error);
    g_assert_no_error(error);
    return found;
}

static void test_ticket(void)
{
    g_autoptr(Site) site = site_new("");
    g_autoptr(Outcome) opened = site_send(site, JEAN, SUPPORT, "Imprimante en panne", "",
                                          "elle est toute rouge depuis hier matin");
    g_autoptr(TicketView) view = site_view(site, "SUP-1", NULL);
    g_autofree char *subject = token_subject(view->ticket);
    g_autoptr(Outcome) held = site_send(site, "x@evil.example", SUPPORT, subject, "", CODE);
    assert_verdict(held, VERDICT_HELD);
    g_autofree char *inside = site_secret(site, MARIE, "held");
    g_autoptr(Outcome) note = site_send(site, MARIE, inside, "Re: x", "",
                                        NOTE "\n-- \nMarie Laurent, atelier du support");
    assert_verdict(note, VERDICT_NOTE);

    g_assert_true(leaks(site, "Bonjour,\n> monsieur tente de se\n> faire passer\n", ""));
    g_assert_true(leaks(site, "Bonjour,\n", "-- \n> monsieur tente de se\n> faire passer\n"));
    g_assert_true(leaks(site, "> Votre code de vérification\n> est le 424242", ""));
    g_assert_false(leaks(site, "> elle est toute rouge depuis hier matin\nnous passons demain",
                         "-- \nMarie Laurent, atelier du support"));

    /* What waits for its author's word was meant for the customer: it is no note. */
    g_autoptr(Outcome) asked = site_send(site, MARIE, SUPPORT, subject, "",
                                         "nous viendrons vous dépanner demain vers dix heures");
    assert_verdict(asked, VERDICT_HELD);
    g_assert_false(leaks(site, "nous viendrons vous dépanner demain vers dix heures", ""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/leak/words/%s", cases[i].name);
        g_test_add_data_func(path, &cases[i], test_words);
    }
    g_test_add_func("/leak/large", test_large);
    g_test_add_func("/leak/ticket", test_ticket);
    return g_test_run();
}
