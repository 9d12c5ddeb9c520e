/* Visiting cards as lines. */
#include "core/mail/vcard.h"

#include <string.h>

static const struct {
    const char *what, *card, *text;
} cases[] = {
    {"a card of today",
     "BEGIN:VCARD\r\nVERSION:4.0\r\nN:Dupont;Jean;;;\r\nFN:Jean Dupont\r\nTITLE:Directeur\\, "
     "achats\r\nORG:Exemple SARL;Achats\r\nitem1.TEL;TYPE=work:tel:+33 1 23\r\nTEL:+33 6 "
     "45\r\nEMAIL:jean@exemple.\r\n fr\r\nADR;TYPE=work:;;1 rue du Lac;Lyon;;69000;France\r\n"
     "PHOTO:data:image/png;base64,AAAA\r\nEND:VCARD\r\n",
     "Jean Dupont\nDirecteur, achats\nExemple SARL, Achats\n+33 1 23\n+33 6 "
     "45\njean@exemple.fr\n1 rue du Lac, Lyon, 69000, France\n"},
    {"no full name", "BEGIN:VCARD\nN:Dupont;Jean\nEND:VCARD\n", "Jean Dupont\n"},
    {"vCard 2.1",
     "BEGIN:VCARD\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=A9 =\nMartin\nEND:VCARD\n",
     "Zo\303\251 Martin\n"},
    {"two cards", "BEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD\n", "A\n\nB\n"},
    {"cut short", "BEGIN:VCARD\nFN:A\nTEL:1", "A\n1\n"},
    {"nothing to say", "BEGIN:VCARD\nVERSION:3.0\nFN:\nEND:VCARD\n", NULL},
    {"no card", "Dear Sir,\nsee you at 10:30\n", NULL},
};

static void test_cards(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].what);
        g_autofree char *text = vcard_to_text(cases[i].card, strlen(cases[i].card));
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vcard/cards", test_cards);
    return g_test_run();
}
