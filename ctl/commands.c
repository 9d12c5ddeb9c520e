/* mailwicket commands: the table of verbs as a list, or as the source of mailwicket-commands(7)
 * in either language. */
#include "core/desk/verb.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

static const char usage_head[] =
    "Commands stand at the very top of a reply, one a line, at its beginning; the first other\n"
    "line ends them, and what is below is your message.\n";
static const char usage_head_fr[] =
    "Les commandes s’écrivent tout en haut d’une réponse, une par ligne, en début de ligne ; "
    "la\n"
    "première autre ligne les termine, et ce qui suit est votre message.\n";

static const char man_head[] =
    ".Dd November 27, 2026\n.Dt MAILWICKET-COMMANDS 7\n.Os\n.Sh NAME\n.Nm mailwicket-commands\n"
    ".Nd what people may command by mail\n.Sh DESCRIPTION\n"
    "Commands stand at the very top of a reply to a mail of the ticket, one a line, at its\n"
    "beginning:\n.Bd -literal -offset indent\n!take\n!priority high\n\nHello, I am looking "
    "into "
    "it.\n.Ed\n.Pp\n"
    "The first line that is none ends them; what is below is the message, and commands alone\n"
    "publish none.\nEnglish and French verbs do equally, whatever their case and accents;\n"
    ".Li #\ndoes for\n.Li \\&!\nin front of a known verb, and\n.Li \\e!\nbegins a line of "
    "text.\n"
    ".Pp\nAll of them are carried out, or none: when one is wrong, nothing happens, nothing "
    "is\n"
    "published, and the mail comes back with what is wrong.\n.Pp\n"
    "At the address that stands in the footer of every mail to somebody of the team, the same\n"
    "verbs name their tickets:\n.Ql close SUP-12 SUP-13 ,\n.Ql list late ,\n.Ql find printer "
    ".\n"
    "The answer is a transcript, line by line.\n.Pp\n"
    "What is marked with * asks for a confirmation first; with + it is for admins.\n";
static const char man_head_fr[] =
    ".Dd November 27, 2026\n.Dt MAILWICKET-COMMANDS 7\n.Os\n.Sh NOM\n.Nm mailwicket-commands\n"
    ".Nd ce qu’on peut commander par mail\n.Sh DESCRIPTION\n"
    "Les commandes s’écrivent tout en haut de la réponse à un mail du ticket, une par ligne, "
    "en\n"
    "début de ligne :\n.Bd -literal -offset indent\n!prendre\n!priorité haute\n\nBonjour, je "
    "m’en occupe.\n.Ed\n.Pp\n"
    "La première autre ligne les termine ; ce qui suit est le message, et des commandes "
    "seules\n"
    "n’en publient aucun.\nLes verbes français et anglais se valent, sans égard à la casse ni "
    "aux accents ;\n.Li #\nremplace\n.Li \\&!\ndevant un verbe connu, et\n.Li \\e!\ncommence "
    "une "
    "ligne de texte.\n.Pp\n"
    "Toutes sont exécutées, ou aucune : si l’une est fausse, rien n’est fait, rien n’est "
    "publié,\n"
    "et le mail revient avec ce qui ne va pas.\n.Pp\n"
    "À l’adresse qui se trouve au pied de chaque mail à l’équipe, les mêmes verbes nomment "
    "leurs\n"
    "tickets :\n.Ql fermer SUP-12 SUP-13 ,\n.Ql liste retard ,\n.Ql chercher imprimante .\n"
    "La réponse rend compte de chaque ligne.\n.Pp\n"
    "Ce qui porte * demande d’abord une confirmation ; + est réservé aux administrateurs.\n";

typedef struct {
    guint flag;
    const char *title[2];
} Section;
static const Section sections[] = {
    {VERB_FOR_AGENT, {"FOR THE TEAM", "POUR L’ÉQUIPE"}},
    {VERB_FOR_REQUESTER, {"FOR THOSE WHO ASK", "POUR LES DEMANDEURS"}},
};

static void print_spellings(const Verb *verb, bool french)
{
    printf("%s", verb_name(verb, !french));
    for (guint i = 0; i < VERB_SPELLINGS && verb->also[i]; i++)
        printf(", %s", verb->also[i]);
}

static void print_man_verb(const Verb *verb, bool french)
{
    printf(".It Ic \\&!%s%s%s%s%s\n", verb_name(verb, french),
           *verb->arguments[french] ? " " : "", verb->arguments[french],
           verb->flags & VERB_DESTROYS ? " *" : "", verb->flags & VERB_FOR_ADMIN ? " +" : "");
    printf("%s.\n", verb->help[french]);
    if (*verb->undo[french])
        printf(french ? "Défaire : %s.\n" : "Undo: %s.\n", verb->undo[french]);
    printf(french ? ".br\nAussi : " : ".br\nAlso: ");
    print_spellings(verb, french);
    puts(".");
}

static void print_man(bool french)
{
    fputs(french ? man_head_fr : man_head, stdout);
    for (gsize s = 0; s < G_N_ELEMENTS(sections); s++) {
        printf(".Sh %s\n.Bl -tag -width Ds\n", sections[s].title[french]);
        for (guint i = 0; i < verb_count; i++)
            if (verb_table[i].flags & sections[s].flag)
                print_man_verb(&verb_table[i], french);
        puts(".El");
    }
    puts(french ? ".Sh VOIR AUSSI" : ".Sh SEE ALSO");
    puts(".Xr mailwicket 1 ,\n.Xr mailwicket.conf 5");
}

static void print_list(bool french)
{
    puts(french ? usage_head_fr : usage_head);
    for (guint i = 0; i < verb_count; i++) {
        const Verb *verb = &verb_table[i];
        printf("!%s%s%s\n    %s\n", verb_name(verb, french),
               *verb->arguments[french] ? " " : "", verb->arguments[french],
               verb->help[french]);
    }
}

int cmd_commands(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *language = NULL;
    gboolean man = FALSE;
    g_autofree char **words = NULL;
    int status = 0;
    const GOptionEntry entries[] = {
        {"language", 0, 0, G_OPTION_ARG_FILENAME, &language, "default en", "fr|en"},
        {"man", 0, 0, G_OPTION_ARG_NONE, &man, "as the source of a manual page", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 0, 0, argc, argv, &words, &status))
        return status;
    if (language && strcmp(language, "fr") != 0 && strcmp(language, "en") != 0)
        return ctl_wrong_usage(ctl, "the languages are fr and en");
    bool french = g_strcmp0(language, "fr") == 0;
    if (man)
        print_man(french);
    else
        print_list(french);
    return STATUS_DONE;
}
