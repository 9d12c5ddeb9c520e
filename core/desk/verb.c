/* The table of verbs, and finding one by what somebody typed. */
#include "core/desk/verb.h"

#include "core/desk/fold.h"

#include <string.h>

#define DESK VERB_FOR_AGENT
#define ASK (VERB_FOR_AGENT | VERB_ASKS | VERB_INSIDE)

#define TEXT(en, fr)                                                                           \
    {                                                                                          \
        en, fr                                                                                 \
    }
#define BACK TEXT("puts back what it was", "remet comme avant")

/* clang-format off */
const Verb verb_table[] = {
    {VERB_STATUS, DESK, TEXT("status", "statut"), {"etat"},
     TEXT("STATUS", "STATUT"),
     TEXT("gives the ticket a status: new, open, seen, in progress, waiting, resolved, closed, cancelled",
          "donne un statut au ticket : nouveau, ouvert, vu, en cours, en attente, résolu, fermé, annulé"), BACK},
    {VERB_OPEN, DESK, TEXT("open", "ouvrir"), {"ouvert"}, TEXT("", ""),
     TEXT("the ticket is open", "le ticket est ouvert"), BACK},
    {VERB_PROGRESS, DESK, TEXT("progress", "traiter"), {"in-progress", "en-cours", "encours", "commencer"},
     TEXT("", ""), TEXT("somebody works on it", "quelqu’un s’en occupe"), BACK},
    {VERB_WAITING, DESK, TEXT("waiting", "attendre"), {"wait", "pending", "attente", "en-attente"},
     TEXT("[until WHEN]", "[jusqu’à QUAND]"),
     TEXT("waits for an answer, or until a moment; then it is open again",
          "attend une réponse, ou un moment ; puis redevient ouvert"), BACK},
    {VERB_RESOLVE, DESK | VERB_FOR_REQUESTER, TEXT("resolve", "résoudre"), {"resolved", "solved", "done", "résolu", "fait"},
     TEXT("", ""), TEXT("the request is answered", "la demande est satisfaite"), BACK},
    {VERB_CLOSE, DESK, TEXT("close", "fermer"), {"closed", "fermé", "clore"}, TEXT("", ""),
     TEXT("ends the ticket", "termine le ticket"), BACK},
    {VERB_CANCEL, DESK | VERB_FOR_REQUESTER, TEXT("cancel", "annuler"), {"cancelled", "canceled", "annulé"}, TEXT("", ""),
     TEXT("the request is withdrawn", "la demande est retirée"), BACK},
    {VERB_REOPEN, DESK | VERB_FOR_REQUESTER, TEXT("reopen", "rouvrir"), {"réouvrir", "re-open"}, TEXT("", ""),
     TEXT("takes a resolved or closed ticket up again", "reprend un ticket résolu ou fermé"), BACK},
    {VERB_SPAM, DESK | VERB_DESTROYS, TEXT("spam", "indésirable"), {"junk", "pourriel"}, TEXT("", ""),
     TEXT("cancels the ticket without a word, and holds what its sender writes from now on",
          "annule le ticket sans un mot, et retient ce que son auteur écrira désormais"),
     TEXT("takes the ticket up again and lets its sender write", "reprend le ticket et laisse son auteur écrire")},

    {VERB_TAKE, DESK, TEXT("take", "prendre"), {"mine", "prends"}, TEXT("", ""),
     TEXT("assigns the ticket to you", "vous assigne le ticket"), BACK},
    {VERB_ASSIGN, DESK, TEXT("assign", "assigner"), {"attribuer", "affecter", "assignee", "owner"},
     TEXT("WHO… | none", "QUI… | personne"),
     TEXT("assigns the ticket to one or more technicians, by address, name or first name",
          "assigne le ticket à un ou plusieurs techniciens, par adresse, nom ou prénom"), BACK},
    {VERB_QUEUE, DESK, TEXT("queue", "file"), {"group", "groupe", "move", "déplacer"}, TEXT("QUEUE", "FILE"),
     TEXT("moves the ticket to another queue; its number stays", "déplace le ticket vers une autre file ; son numéro reste"), BACK},
    {VERB_CC, DESK, TEXT("cc", "copie"), {"watch", "suivre"}, TEXT("+ADDRESS… -ADDRESS…", "+ADRESSE… -ADRESSE…"),
     TEXT("adds people who hear of the ticket from now on, or removes them",
          "ajoute des personnes qui suivront le ticket, ou en retire"), BACK},
    {VERB_REQUESTER, DESK | VERB_DESTROYS, TEXT("requester", "demandeur"), {"client"}, TEXT("ADDRESS", "ADRESSE"),
     TEXT("makes somebody else the requester, who will see the whole public thread",
          "change le demandeur, qui verra tous les échanges publics"), BACK},
    {VERB_FORWARD, DESK | VERB_NO_TICKET, TEXT("forward", "transmettre"), {"fwd", "tr", "as-requester"}, TEXT("", ""),
     TEXT("the mail below is somebody else’s request: its sender becomes the requester",
          "le message ci-dessous est la demande d’un autre : son auteur devient le demandeur"), TEXT("", "")},

    {VERB_TITLE, DESK, TEXT("title", "titre"), {"subject", "sujet", "objet"}, TEXT("WORDS", "TEXTE"),
     TEXT("gives the ticket another title", "change le titre du ticket"), BACK},
    {VERB_PRIORITY, DESK, TEXT("priority", "priorité"), {"prio"}, TEXT("low|normal|high|urgent", "basse|normale|haute|urgente"),
     TEXT("sets the priority", "change la priorité"), BACK},
    {VERB_TYPE, DESK, TEXT("type", "type"), {"kind", "catégorie"}, TEXT("TYPE | none", "TYPE | aucun"),
     TEXT("says what kind of request it is", "précise le type de demande"), BACK},
    {VERB_TAG, DESK, TEXT("tag", "étiquette"), {"tags", "label", "étiquettes"}, TEXT("+TAG… -TAG…", "+MOT… -MOT…"),
     TEXT("puts tags on the ticket or takes them off", "pose ou enlève des étiquettes"), BACK},
    {VERB_DUE, DESK, TEXT("due", "échéance"), {"deadline", "délai"}, TEXT("WHEN | none", "QUAND | aucune"),
     TEXT("says when it must be done", "dit pour quand c’est"), BACK},

    {VERB_NOTE, DESK | VERB_INSIDE, TEXT("note", "note"), {"interne", "internal"}, TEXT("", ""),
     TEXT("the text below is an internal note: the team alone reads it",
          "le texte ci-dessous est une note interne : seule l’équipe la lit"), TEXT("", "")},
    {VERB_QUIET, DESK, TEXT("quiet", "silence"), {"silently", "discret"}, TEXT("", ""),
     TEXT("nobody is told of the status", "personne n’est prévenu du statut"), TEXT("", "")},
    {VERB_TEMPLATE, DESK, TEXT("template", "modèle"), {"canned", "réponse-type"}, TEXT("NAME", "NOM"),
     TEXT("puts a ready answer above your text", "place une réponse toute prête au-dessus de votre texte"), TEXT("", "")},

    {VERB_MERGE, DESK | VERB_DESTROYS, TEXT("merge", "fusionner"), {"fusion"}, TEXT("ID…", "ID…"),
     TEXT("moves what is in those tickets into this one; between two requesters it asks first",
          "réunit ces tickets dans celui-ci ; entre deux demandeurs, demande d’abord"), TEXT("", "")},
    {VERB_SPLIT, DESK, TEXT("split", "scinder"), {"diviser", "séparer"}, TEXT("[TITLE]", "[TITRE]"),
     TEXT("makes a ticket of its own of the message you answer", "fait un nouveau ticket du message auquel vous répondez"), TEXT("", "")},
    {VERB_LINK, DESK, TEXT("link", "lier"), {"relier", "related"}, TEXT("ID…", "ID…"),
     TEXT("the tickets belong together", "les tickets vont ensemble"), BACK},
    {VERB_DEPENDS, DESK, TEXT("depends", "dépend"), {"depends-on", "dépend-de", "bloqué-par"}, TEXT("ID…", "ID…"),
     TEXT("the ticket waits for those", "le ticket dépend de ceux-là"), BACK},
    {VERB_DUPLICATE, DESK, TEXT("duplicate", "doublon"), {"dup", "duplicate-of", "doublon-de"}, TEXT("ID", "ID"),
     TEXT("it is the same as that ticket: linked, and closed", "c’est le même que ce ticket : lié, et fermé"), BACK},

    {VERB_ACCEPT, DESK | VERB_NO_TICKET, TEXT("accept", "accepter"), {"publish", "publier"}, TEXT("N", "N"),
     TEXT("publishes the text of a held mail", "publie le texte d’un message retenu"), TEXT("", "")},
    {VERB_DROP, DESK | VERB_NO_TICKET, TEXT("drop", "rejeter"), {"discard", "écarter"}, TEXT("N", "N"),
     TEXT("shows a held mail to nobody", "ne montre à personne un message retenu"), TEXT("", "")},
    {VERB_AMEND, DESK, TEXT("amend", "corriger"), {"edit", "modifier"}, TEXT("", ""),
     TEXT("your last message reads like the text below from now on",
          "votre dernier message est remplacé par le texte ci-dessous"), TEXT("", "")},
    {VERB_REDACT, DESK, TEXT("redact", "retirer"), {"effacer"}, TEXT("[N]", "[N]"),
     TEXT("takes your last message away; another’s, by its number, after a confirmation",
          "retire votre dernier message ; celui d’un autre, par son numéro, après confirmation"), TEXT("", "")},
    {VERB_DELETE, DESK | VERB_FOR_ADMIN | VERB_DESTROYS, TEXT("delete", "supprimer"), {"remove"}, TEXT("", ""),
     TEXT("puts the ticket into the trash", "met le ticket à la corbeille"),
     TEXT("takes it out of the trash", "le sort de la corbeille")},
    {VERB_RESTORE, DESK | VERB_FOR_ADMIN, TEXT("restore", "restaurer"), {"undelete"}, TEXT("", ""),
     TEXT("takes the ticket out of the trash", "sort le ticket de la corbeille"), TEXT("", "")},
    {VERB_UNDO, DESK, TEXT("undo", "défaire"), {"retour"}, TEXT("", ""),
     TEXT("undoes your last commands on this ticket, within an hour",
          "défait vos dernières commandes sur ce ticket, dans l’heure"), TEXT("", "")},

    {VERB_LIST, ASK | VERB_NO_TICKET, TEXT("list", "liste"), {"lister"}, TEXT("[mine|late|new|QUEUE]", "[moi|retard|nouveaux|FILE]"),
     TEXT("sends you a list of open tickets", "vous envoie une liste de tickets ouverts"), TEXT("", "")},
    {VERB_TRASH, ASK | VERB_FOR_ADMIN | VERB_NO_TICKET, TEXT("trash", "corbeille"), {"bin"}, TEXT("", ""),
     TEXT("lists the deleted tickets", "liste les tickets supprimés"), TEXT("", "")},
    {VERB_SHOW, ASK, TEXT("show", "voir"), {"montrer", "afficher", "get"}, TEXT("", ""),
     TEXT("sends you the ticket as it stands", "vous envoie le ticket en l’état"), TEXT("", "")},
    {VERB_FIND, ASK | VERB_NO_TICKET, TEXT("find", "chercher"), {"trouver", "search", "rechercher"}, TEXT("WORDS", "MOTS"),
     TEXT("looks for tickets in which these words stand", "cherche les tickets où figurent ces mots"), TEXT("", "")},
    {VERB_HISTORY, ASK, TEXT("history", "historique"), {"log", "journal"}, TEXT("", ""),
     TEXT("sends you every change the ticket went through", "vous envoie tous les changements du ticket"), TEXT("", "")},
    {VERB_TRANSCRIPT, ASK, TEXT("transcript", "transcription"), {"export"}, TEXT("", ""),
     TEXT("sends you the whole ticket as one file", "vous envoie tout le ticket en un fichier"), TEXT("", "")},
    {VERB_AWAY, DESK | VERB_INSIDE | VERB_NO_TICKET, TEXT("away", "absent"), {"absence", "vacances"}, TEXT("until WHEN | none", "jusqu’à QUAND | non"),
     TEXT("nothing is assigned to you meanwhile", "rien ne vous est assigné entre-temps"), BACK},

    {VERB_RATE, VERB_FOR_REQUESTER, TEXT("rate", "évaluer"), {"rating", "avis"}, TEXT("1..5 [COMMENT]", "1..5 [COMMENTAIRE]"),
     TEXT("says how well you were helped", "dit si vous avez été bien aidé"), TEXT("", "")},
    {VERB_MUTE, VERB_FOR_REQUESTER, TEXT("mute", "sourdine"), {"unsubscribe"}, TEXT("", ""),
     TEXT("sends you nothing more of this request", "ne vous envoie plus rien de cette demande"), TEXT("", "")},
    {VERB_UNMUTE, VERB_FOR_REQUESTER, TEXT("unmute", "écouter"), {"subscribe"}, TEXT("", ""),
     TEXT("sends you its mails again", "vous en envoie de nouveau les messages"), TEXT("", "")},
    {VERB_HELP, ASK | VERB_FOR_REQUESTER | VERB_NO_TICKET, TEXT("help", "aide"), {"commands", "commandes"}, TEXT("", ""),
     TEXT("sends you this list", "vous envoie cette liste"), TEXT("", "")},
};
/* clang-format on */
const guint verb_count = G_N_ELEMENTS(verb_table);

const char *verb_name(const Verb *verb, bool french)
{
    return verb->name[french ? 1 : 0];
}

/* --- finding ----------------------------------------------------------------------------- */

typedef struct {
    char *folded;
    const Verb *verb;
} Spelling;

/* All spellings, folded once for the life of the program. */
static const GArray *spellings(void)
{
    static gsize made;
    static GArray *all;
    if (g_once_init_enter(&made)) {
        all = g_array_new(FALSE, FALSE, sizeof(Spelling));
        for (guint i = 0; i < verb_count; i++) {
            const Verb *verb = &verb_table[i];
            for (guint s = 0; s < 2 + VERB_SPELLINGS; s++) {
                const char *word = s < 2 ? verb->name[s] : verb->also[s - 2];
                if (!word)
                    break;
                Spelling one = {fold_text(word), verb};
                g_array_append_val(all, one);
            }
        }
        g_once_init_leave(&made, 1);
    }
    return all;
}

const Verb *verb_find(const char *word)
{
    g_autofree char *folded = fold_text(word);
    const GArray *all = spellings();
    for (guint i = 0; i < all->len; i++) {
        const Spelling *spelling = &g_array_index(all, Spelling, i);
        if (strcmp(spelling->folded, folded) == 0)
            return spelling->verb;
    }
    return NULL;
}

#define NEAR_MAX 2    /* letters that may differ */
#define NEAR_BYTES 24 /* longer words are no verbs */

/* How many letters must be changed, added, left out or swapped with the next to make one word
 * of the other. */
static guint distance(const char *a, const char *b)
{
    guint row[3][NEAR_BYTES + 1];
    gsize n = strlen(a), m = strlen(b);
    for (gsize j = 0; j <= m; j++)
        row[0][j] = (guint)j;
    for (gsize i = 1; i <= n; i++) {
        guint *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = (guint)i;
        for (gsize j = 1; j <= m; j++) {
            guint best = MIN(last[j], now[j - 1]) + 1;
            best = MIN(best, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = MIN(best, before[j - 2] + 1);
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

const Verb *verb_nearest(const char *word)
{
    g_autofree char *folded = fold_text(word);
    const GArray *all = spellings();
    const Verb *nearest = NULL;
    guint best = NEAR_MAX + 1;
    gsize length = strlen(folded);
    if (length < 2 || length > NEAR_BYTES)
        return NULL;
    for (guint i = 0; i < all->len; i++) {
        const Spelling *spelling = &g_array_index(all, Spelling, i);
        if (strlen(spelling->folded) > NEAR_BYTES)
            continue;
        guint far = distance(folded, spelling->folded);
        if (far < best && far < strlen(spelling->folded)) {
            best = far;
            nearest = spelling->verb;
        }
    }
    return nearest;
}
