/* The page's words. One table; French typography uses no-break spaces before : ; ! ? */
#include "webview/words.h"

#include <string.h>

#define NBSP "\xC2\xA0"

typedef struct {
    const char *fr, *en;
} Pair;

static const Pair table[WORD_COUNT] = {
    [WORD_OTHER_LANGUAGE] = {"English", "Français"},
    [WORD_NO_SUBJECT] = {"Sans objet", "No subject"},
    [WORD_PROGRESS] = {"Avancement", "Progress"},
    [WORD_STEP_DONE] = {"fait", "done"},
    [WORD_STEP_NOW] = {"état actuel", "current state"},
    [WORD_STEP_AHEAD] = {"à venir", "to come"},
    [WORD_ASSIGNED_TO] = {"Suivi par", "Handled by"},
    [WORD_NOBODY_YET] = {"Personne pour l’instant", "Nobody yet"},
    [WORD_PRIORITY] = {"Priorité", "Priority"},
    [WORD_TYPE] = {"Type", "Type"},
    [WORD_REQUESTER] = {"Demandé par", "Asked by"},
    [WORD_WATCHERS] = {"En copie", "In copy"},
    [WORD_LATEST_MESSAGE] = {"Dernier message", "Latest message"},
    [WORD_THREAD] = {"Échange", "Conversation"},
    [WORD_YOU] = {"vous", "you"},
    [WORD_FROM_REQUESTER] = {"demandeur", "requester"},
    [WORD_FROM_WATCHER] = {"en copie", "in copy"},
    [WORD_FROM_OTHER] = {"expéditeur inconnu", "unknown sender"},
    [WORD_NOTE] = {"Note interne", "Internal note"},
    [WORD_NOTE_MEANS] = {"lue par l’équipe seulement", "read by the team only"},
    [WORD_HELD] = {"Retenu", "Held"},
    [WORD_HELD_MEANS] = {"vu par l’équipe seulement, tant que personne n’a décidé",
                         "seen by the team only, until somebody decides"},
    [WORD_UNPARSED] = {"Ce mail n’a pas pu être lu. L’original est conservé.",
                       "This mail could not be read. The original is kept."},
    [WORD_NO_TEXT] = {"Sans texte", "No text"},
    [WORD_ENCRYPTED] = {"Message chiffré" NBSP
                        ": son texte est dans le fichier joint, à ouvrir "
                        "avec votre clé.",
                        "Encrypted message: its text is in the attached file, which your key "
                        "opens."},
    [WORD_NO_MESSAGES] = {"Aucun message à montrer pour l’instant.",
                          "There is no message to show yet."},
    [WORD_QUOTED] = {"Message cité", "Quoted text"},
    [WORD_SIGNATURE] = {"Signature", "Signature"},
    [WORD_FILES] = {"Pièces jointes", "Attachments"},
    [WORD_MORE_FILES] = {"autres pièces jointes", "more attachments"},
    [WORD_UNNAMED_FILE] = {"sans-nom", "unnamed"},
    [WORD_REPLY] = {"Répondre par mail", "Reply by mail"},
    [WORD_REPLY_HINT] =
        {"Écrivez depuis l’adresse qui a reçu ce lien" NBSP ": votre réponse rejoindra cet "
         "échange. Vous pouvez aussi répondre à n’importe quel mail reçu à son sujet.",
         "Write from the address this link was sent to: your answer will join this "
         "conversation. Replying to any mail you had about it does the same."},
    [WORD_REPLY_HINT_STAFF] =
        {"Pour écrire au demandeur ou changer l’état, répondez au mail que vous avez reçu "
         "sur ce ticket" NBSP
         ": son adresse prouve que c’est vous. Ce bouton ne le prouve pas.",
         "To write to the requester or change the state, reply to the mail you were sent about "
         "this ticket: its address proves that it is you. This button does not."},
    [WORD_REPLY_HINT_ENDED] =
        {"Ce n’est pas fini" NBSP "? Écrivez depuis l’adresse qui a reçu ce lien, ou répondez "
         "à n’importe quel mail reçu à ce sujet.",
         "Not settled after all? Write from the address this link was sent to, or reply to any "
         "mail you had about it."},
    [WORD_PERSONAL_LINK] = {"Ce lien est personnel" NBSP
                            ": quiconque l’a peut lire cette page.",
                            "This link is personal: whoever has it can read this page."},
    [WORD_PERSONAL_LINK_STAFF] =
        {"Ce lien est personnel et montre aussi les notes internes" NBSP
         ": ne le transmettez pas.",
         "This link is personal and shows internal notes too: do not pass it on."},
    [WORD_AS_JSON] = {"Données (JSON)", "Data (JSON)"},
    [WORD_FILE] = {"fichier", "file"},
    [WORD_FILE_IMAGE] = {"image", "image"},
    [WORD_FILE_TEXT] = {"texte", "text"},
    [WORD_FILE_SOUND] = {"son", "sound"},
    [WORD_FILE_VIDEO] = {"vidéo", "video"},
    [WORD_FILE_MAIL] = {"mail", "mail"},
    [WORD_FILE_ARCHIVE] = {"archive", "archive"},
};

static bool is_french(const char *language)
{
    return g_strcmp0(language, "fr") == 0;
}

const char *word(const char *language, Word which)
{
    return is_french(language) ? table[which].fr : table[which].en;
}

const char *language_from_text(const char *text)
{
    if (g_strcmp0(text, "fr") == 0)
        return "fr";
    return g_strcmp0(text, "en") == 0 ? "en" : NULL;
}

const char *words_file_type(const char *language, const char *type)
{
    static const struct {
        const char *prefix;
        Word word;
    } kinds[] = {
        {"image/", WORD_FILE_IMAGE},
        {"text/", WORD_FILE_TEXT},
        {"audio/", WORD_FILE_SOUND},
        {"video/", WORD_FILE_VIDEO},
        {"message/", WORD_FILE_MAIL},
        {"application/zip", WORD_FILE_ARCHIVE},
        {"application/gzip", WORD_FILE_ARCHIVE},
        {"application/x-tar", WORD_FILE_ARCHIVE},
        {"application/x-7z", WORD_FILE_ARCHIVE},
    };
    if (strcmp(type, "application/pdf") == 0)
        return "PDF";
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (g_str_has_prefix(type, kinds[i].prefix))
            return word(language, kinds[i].word);
    return word(language, WORD_FILE);
}
