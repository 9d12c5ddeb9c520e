/* Events in words: every kind in both languages, and what the thread tells by itself. */
#include "core/desk/event_words.h"

#include <string.h>

static char *told(const char *actor, const char *what, const char *old, const char *new,
                  const char *language)
{
    const Event event = {
        .actor_name = (char *)actor,
        .what = (char *)what,
        .old = (char *)old,
        .new = (char *)new,
    };
    g_auto(EventWords) words = {0};
    if (!event_words(&event, language, &words))
        return g_strdup("(nothing)");
    return g_strdup_printf("%s[%s]%s", words.before, words.what, words.after);
}

static void test_words(void)
{
    static const struct {
        const char *what, *old, *new, *fr, *en;
    } cases[] = {
        {"status", "new", "closed", "État\u00A0: nouveau → [fermé]", "State: new → [closed]"},
        {"status", "", "open", "État\u00A0: [ouvert]", "State: [open]"},
        {"priority", "normal", "high", "Priorité\u00A0: normale → [haute]",
         "Priority: normal → [high]"},
        {"assigned", "", "Paul", "confié à [Paul]", "assigned to [Paul]"},
        {"assigned", "", "Marie", "s’en occupe[]", "is on it[]"},
        {"assigned", "Paul", "", "plus confié à personne[]", "no longer assigned[]"},
        {"bounce", "5.1.1", "a@b.example",
         "mail non remis à [a@b.example]\u00A0: cette adresse n’existe pas",
         "mail not delivered to [a@b.example]: this address does not exist"},
        {"delivery-failed", "a@b.example", "550 no",
         "mail non remis à [a@b.example]\u00A0: 550 no",
         "mail not delivered to [a@b.example]: 550 no"},
        {"not-sent", "a@b.example", "", "mail non envoyé à [a@b.example]",
         "mail not sent to [a@b.example]"},
        {"watcher-added", "", "Luc", "mis en copie [Luc]", "put in copy [Luc]"},
        {"confirmed", "", "", "message confirmé[]", "message confirmed[]"},
        {"automatic-mail", "", "", "un mail automatique est arrivé[]",
         "an automatic mail came in[]"},
        {"folded", "", "x", "folded [x]", "folded [x]"},
        {"created", "", "new", "(nothing)", "(nothing)"},
        {"message", "", "", "(nothing)", "(nothing)"},
        {"note", "", "", "(nothing)", "(nothing)"},
        {"held", "", "why", "(nothing)", "(nothing)"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *fr = told("Marie", cases[i].what, cases[i].old, cases[i].new, "fr");
        g_autofree char *en = told("Marie", cases[i].what, cases[i].old, cases[i].new, "en");
        g_assert_cmpstr(fr, ==, cases[i].fr);
        g_assert_cmpstr(en, ==, cases[i].en);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/event-words/all", test_words);
    return g_test_run();
}
