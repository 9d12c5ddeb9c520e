/* The codes people meet, and what to make of them. A code of which only the subject (the middle
 * number) is known is told by that; an unknown one is left to speak for itself. */
#include "core/desk/failure.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* The first match wins, so details stand before their subject. Keys are what follows the
 * class digit. */
static const struct {
    const char *code, *fr, *en;
} failures[] = {
    {".1.1", "cette adresse n’existe pas", "this address does not exist"},
    {".1.2", "ce domaine n’existe pas", "this domain does not exist"},
    {".1.3", "cette adresse est mal écrite", "this address is misspelt"},
    {".1.6", "cette personne a changé d’adresse", "this person has moved to another address"},
    {".1.10", "ce domaine n’accepte aucun mail", "this domain accepts no mail"},
    {".1.", "cette adresse est inconnue", "this address is unknown"},
    {".2.1", "cette boîte est désactivée", "this mailbox is disabled"},
    {".2.2", "cette boîte est pleine", "this mailbox is full"},
    {".2.3", "le mail est trop gros pour cette boîte", "the mail is too big for this mailbox"},
    {".2.", "cette boîte ne peut rien recevoir", "this mailbox cannot receive anything"},
    {".3.4", "le mail est trop gros pour ce serveur", "the mail is too big for this server"},
    {".3.", "le serveur de cette adresse est en panne",
     "the server of this address is failing"},
    {".4.", "le serveur de cette adresse est injoignable",
     "the server of this address cannot be reached"},
    {".6.", "le serveur ne sait pas lire ce mail", "the server cannot read this mail"},
    {".7.", "le serveur de cette adresse refuse nos mails",
     "the server of this address refuses our mail"},
};

static bool matches(const char *code, const char *rest)
{
    bool subject = g_str_has_suffix(code, ".");
    return subject ? g_str_has_prefix(rest, code) : strcmp(rest, code) == 0;
}

const char *failure_words(const char *status, const char *language)
{
    if (*status != '4' && *status != '5')
        return "";
    for (gsize i = 0; i < G_N_ELEMENTS(failures); i++)
        if (matches(failures[i].code, status + 1))
            return strcmp(language, "fr") == 0 ? failures[i].fr : failures[i].en;
    return "";
}
