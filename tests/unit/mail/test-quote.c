/* Replies, signatures and quotes. In the tables "|" parts the three as they stand in the text:
 * r|s|q means reply r, signature s, quoted q. */
#include "core/mail/mark.h"
#include "core/mail/quote.h"

#include <string.h>

static const struct {
    const char *what, *reply, *signature, *quoted;
} cases[] = {
    {"nothing quoted", "Bonjour,\n\nMerci.\n", "", ""},
    {"nothing", "", "", ""},
    {"no line end", "Merci", "", ""},
    {"English, marked", "Thanks!\n", "",
     "\nOn Fri, Nov 20, 2026 at 9:12 AM Ann <ann@x.org> wrote:\n\n> Does it work?\n> Ann\n"},
    {"English, not marked", "Thanks!\n", "",
     "\nOn Fri, Nov 20, 2026 at 9:12 AM Ann <ann@x.org> wrote:\n\nDoes it work?\n\nAnn\n"},
    {"English, wrapped", "Thanks!\n", "",
     "\nOn Fri, Nov 20, 2026 at 9:12 AM Ann Example With A Long Name\n<ann@x.org>\nwrote:\n> "
     "Yes?\n"},
    {"only a name", "Thanks!\n", "", "\nOn Tue, someone wrote:\n> Yes?\n"},
    {"a name and an address", "Thanks!\n", "", "\nAnn Example <ann@x.org> wrote:\nYes?\n"},
    {"old Gmail", "Thanks!\n", "", "\n2026/11/20 Ann Example <ann@x.org>:\nYes?\n"},
    {"own prose", "On reflection I see what she wrote:\nnothing at all.\n", "", ""},
    {"French, marked", "Merci !\n", "",
     "\nLe ven. 20 nov. 2026 à 09:12, Paul <p@x.org> a écrit :\n\n> Ça va ?\n> > Oui.\n"},
    {"French, no-break space", "Merci !\n", "",
     "\nLe 20/11/2026 à 09:12, Paul a écrit\302\240:\n> Ça va ?\n"},
    {"French, wrapped", "Merci !\n", "",
     "\nLe vendredi 20 novembre 2026 à 09:12, Service informatique <\nsupport@x.org> a écrit "
     ":\n\n"
     "Ça va ?\n"},
    {"own French prose", "Le chef a écrit :\nrien.\n", "", ""},
    {"the line above stays", "On verra bien.\n", "",
     "On Fri, Nov 20, 2026 Ann <ann@x.org> wrote:\n> Yes?\n"},
    {"bare quote marks", "Oui.\n", "", "> Ça va ?\n"},
    {"Outlook, English", "Done.\n", "",
     "\n\nFrom: Ann <ann@x.org>\nSent: Friday, November 20, 2026 9:12 AM\nTo: Paul\n"
     "Subject: Printer\n\nIt is broken.\n"},
    {"Outlook, French", "C'est fait.\n", "",
     "\nDe : Ann <ann@x.org>\nEnvoyé : vendredi 20 novembre 2026 09:12\nÀ : Paul\n"
     "Objet : Imprimante\n\nElle est cassée.\n"},
    {"Outlook, French, bold", "C'est fait.\n", "",
     "\n*De :* Ann\n*Envoyé :* vendredi\n*À :* Paul\n*Objet\302\240:* Imprimante\n\nCassée.\n"},
    {"Outlook on the web", "Done.\n", "",
     "\n________________________________\nDe : Ann <ann@x.org>\nEnvoyé : vendredi\n"
     "À : Paul <p@x.org>\nObjet : x\n\nCassée.\n"},
    {"webmail, date first", "Fait.\n", "",
     "\n\nenvoyé : 20 novembre 2026 à 09:12\nde : Ann <ann@x.org>\nà : p@x.org\n\nCassée.\n"},
    {"folded recipients", "Done.\n", "",
     "From: Ann\nTo: one@x.org,\n two@x.org,\n three@x.org\nSubject: x\n\nBroken.\n"},
    {"not a header block", "From: the start\nit went well.\nNothing to report.\n", "", ""},
    {"original message", "Done.\n", "", "\n-----Original Message-----\nFrom: Ann\n\nBroken.\n"},
    {"message d'origine", "Fait.\n", "",
     "\n-----Message d'origine-----\nDe : Ann\n\nCassée.\n"},
    {"mail original", "Fait.\n", "", "\n----- Mail original -----\nCassée.\n"},
    {"message du", "Fait.\n", "", "\n---- Message du : 20/11/2026 09:12\nCassée.\n"},
    {"signature", "Merci.\n", "\n-- \nPaul\nService\n", ""},
    {"signature and quote", "Merci.\n", "-- \nPaul\n",
     "\nLe 20/11/2026, Ann a écrit :\n> Oui ?\n"},
    {"quote and signature", "Merci.\n", "\n-- \nPaul\n", "> Oui ?\n"},
    {"telephone, French", "Oui.\n", "\nEnvoyé de mon iPhone\n",
     "\n> Le 20 nov., Ann :\n> Oui ?\n"},
    {"telephone, English", "Yes.\n", "Sent from my Galaxy\n", ""},
    {"Outlook for phones", "Oui.\n", "\nTélécharger Outlook pour Android <https://aka.ms/x>\n",
     ""},
    {"Get Outlook", "Yes.\n", "\nGet Outlook for iOS\n", ""},
    {"two dashes are not always one", "Options:\n--verbose\n", "", ""},
    /* Answers between and below quotes are never cut. */
    {"interleaved", "> Un ?\nOui.\n> Deux ?\nNon.\n", "", ""},
    {"below", "Le 20/11/2026 à 09:12, Ann a écrit :\n> Ça va ?\n\nOui.\n", "", ""},
    {"interleaved, then history", "> Un ?\nOui.\n", "", "> Le reste.\n> Encore.\n"},
    {"interleaved and signed", "> Un ?\nOui.\n", "-- \nPaul\n", ""},
    /* A reply without words of its own keeps all. */
    {"only a quote", "> Ça va ?\n> Oui.\n", "", ""},
    {"only a signature", "-- \nPaul\n", "", ""},
    {"only history", "\n\nFrom: Ann\nSent: Friday\nTo: Paul\nSubject: x\n\nBroken.\n", "", ""},
    /* What is forwarded is what the mail is about. */
    {"forwarded",
     "Pour info.\n\n---------- Forwarded message ---------\nFrom: Ann\nDate: Friday\n"
     "Subject: x\nTo: Paul\n\nBroken.\n",
     "", ""},
    {"transféré",
     "Pour info.\n\n-------- Message transféré --------\nDe : Ann\nDate : x\n"
     "Pour : Paul\nSujet : x\n\nCassée.\n",
     "", ""},
    {"Apple's forward", "Voilà\n\nDébut du message réexpédié :\n\nDe: Ann\nObjet: x\nDate: x\n",
     "", ""},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool quote_first = strcmp(cases[i].what, "quote and signature") == 0;
        g_autofree char *text =
            g_strconcat(cases[i].reply, quote_first ? cases[i].quoted : cases[i].signature,
                        quote_first ? cases[i].signature : cases[i].quoted, NULL);
        g_autofree char *block = g_strdup(text);
        QuoteParts parts;
        quote_split(block, &parts);
        g_test_message("%s", cases[i].what);
        g_assert_cmpstr(parts.reply, ==, cases[i].reply);
        g_assert_cmpstr(parts.signature, ==, cases[i].signature);
        g_assert_cmpstr(parts.quoted, ==, cases[i].quoted);
        quote_parts_clear(&parts);
    }
}

/* An example of every row of the table of marks, and its near miss. */
static const struct {
    MarkKind kind;
    const char *hit, *miss;
} marks[] = {
    {MARK_ATTRIBUTION, "On 20 Nov 2026, at 09:12, Ann wrote:", "On 20 Nov 2026 Ann wrote"},
    {MARK_ORIGINAL, "-----Original Message-----", "Original Message"},
    {MARK_ORIGINAL, "----- Courriel d’origine -----", "Le courriel d’origine"},
    {MARK_ORIGINAL, "---- Message du : 20/11/2026 ----", "Message du 20/11/2026"},
    {MARK_FORWARD, "---------- Forwarded message ---------", "Forwarded message"},
    {MARK_FORWARD, "----- Forwarded by Ann/X on 20/11/2026 -----", "Forwarded by Ann"},
    {MARK_FORWARD, "Begin forwarded message:", "We begin forwarded message:"},
    {MARK_FORWARD, "-------- Message transféré --------", "Message transféré"},
    {MARK_FORWARD, "Début du message transféré :", "Au début du message transféré :"},
    {MARK_FOOTER, "Sent from my iPhone", "Sent from the factory on Monday"},
    {MARK_FOOTER, "Sent from Outlook for iOS", "Not Sent from Outlook"},
    {MARK_FOOTER, "Get Outlook for Android", "Get Outlook"},
    {MARK_FOOTER, "Envoyé depuis mon téléphone", "Envoyé de Paris"},
    {MARK_FOOTER, "Envoyé à partir d’Outlook pour iOS", "Envoyé à partir de là"},
    {MARK_FOOTER, "Obtenir Outlook pour iOS", "Obtenir Outlook"},
    {MARK_FOOTER, "Provenance : Courrier pour Windows", "Provenance : Chine"},
    {MARK_ATTRIBUTION,
     "Le 20 nov. 2026 à 09:12, Ann a écrit\302\240:", "Le 20 nov. il a écrit"},
};

static void test_marks(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++) {
        g_test_message("%s", marks[i].hit);
        g_assert_true(mark_matches(marks[i].kind, marks[i].hit, strlen(marks[i].hit)));
        g_assert_false(mark_matches(marks[i].kind, marks[i].miss, strlen(marks[i].miss)));
    }
    static const char *const shorts[] = {
        "Ann Example <ann@x.org> wrote:",
        "Ann Example <ann@x.org> a écrit :",
        "2026-11-20 9:12 GMT+01:00 Ann <ann@x.org>:",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(shorts); i++)
        g_assert_true(mark_is_short_attribution(shorts[i], strlen(shorts[i])));
}

/* Every line in exactly one part, in order: the parts are merged back into the text. */
static void assert_lossless(const char *text)
{
    QuoteParts parts;
    quote_split(text, &parts);
    const char *at[] = {parts.reply, parts.signature, parts.quoted};
    for (const char *line = text; *line;) {
        gsize length = strcspn(line, "\n");
        length += line[length] == '\n';
        gsize i = 0;
        while (i < 3 && !(strncmp(at[i], line, length) == 0))
            i++;
        g_assert_cmpuint(i, <, 3);
        at[i] += length;
        line += length;
    }
    for (gsize i = 0; i < 3; i++)
        g_assert_cmpstr(at[i], ==, "");
    quote_parts_clear(&parts);
}

static void test_lossless(void)
{
    static const char *const lines[] = {
        "own\n",
        "\n",
        "> quote\n",
        "-- \n",
        "Sent from my x\n",
        "Le 20/11/2026 Ann a écrit :\n",
        "-----Original Message-----\n",
        "From: a\n",
        "Sent: b\n",
        "Subject: c\n",
        "Begin forwarded message:\n",
        "  \n",
    };
    GRand *random = g_rand_new_with_seed(20);
    for (int round = 0; round < 3000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_rand_int_range(random, 0, 12); n > 0; n--)
            g_string_append(text, lines[g_rand_int_range(random, 0, G_N_ELEMENTS(lines))]);
        assert_lossless(text->str);
    }
    g_rand_free(random);
}

static void test_bombs(void)
{
    static const char *const pieces[] = {
        "On 1 wrote ",      "Le 1 a écrit:\n",
        "<a@b>:\n",         "-",
        "-----\n",          ">",
        "De :\n",           "-- \n",
        "On 1\n",           " \n",
        "Sent from my ",    "<a@",
        "a@b <c@d> a@b:\n", "_\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) bomb = g_string_new(NULL);
        while (bomb->len < 256 * 1024)
            g_string_append(bomb, pieces[i]);
        QuoteParts parts;
        quote_split(bomb->str, &parts);
        g_assert_cmpuint(strlen(parts.reply) + strlen(parts.signature) + strlen(parts.quoted),
                         ==, bomb->len);
        quote_parts_clear(&parts);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/quote/table", test_table);
    g_test_add_func("/mail/quote/marks", test_marks);
    g_test_add_func("/mail/quote/lossless", test_lossless);
    g_test_add_func("/mail/quote/bombs", test_bombs);
    return g_test_run();
}
