/* The words of a ticket's life. One table per idea; nothing else in the program spells them. */
#include "core/desk/status.h"

#include "core/desk/fold.h"

#include <string.h>

typedef struct {
    const char *name, *fr, *en;
} Word;

static const Word statuses[] = {
    {"new", "nouveau", "new"},
    {"open", "ouvert", "open"},
    {"seen", "vu", "seen"},
    {"in-progress", "en cours", "in progress"},
    {"waiting", "en attente", "waiting"},
    {"resolved", "résolu", "resolved"},
    {"closed", "fermé", "closed"},
    {"cancelled", "annulé", "cancelled"},
};

const char *const status_names[] = {"new",      "open",   "seen",      "in-progress", "waiting",
                                    "resolved", "closed", "cancelled", NULL};

static const Word priorities[] = {
    [PRIORITY_LOW] = {"low", "basse", "low"},
    [PRIORITY_NORMAL] = {"normal", "normale", "normal"},
    [PRIORITY_HIGH] = {"high", "haute", "high"},
    [PRIORITY_URGENT] = {"urgent", "urgente", "urgent"},
};

static const Word *find_word(const Word *words, gsize n, const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return NULL;
    g_autofree char *wanted = fold_text(text);
    for (gsize i = 0; i < n; i++) {
        const char *spellings[] = {words[i].name, words[i].fr, words[i].en};
        for (gsize s = 0; s < G_N_ELEMENTS(spellings); s++) {
            g_autofree char *folded = fold_text(spellings[s]);
            if (strcmp(folded, wanted) == 0)
                return &words[i];
        }
    }
    return NULL;
}

static const char *label(const Word *word, const char *language)
{
    return g_strcmp0(language, "fr") == 0 ? word->fr : word->en;
}

const char *status_from_word(const char *word)
{
    const Word *found = find_word(statuses, G_N_ELEMENTS(statuses), word);
    return found ? found->name : NULL;
}

const char *status_label(const char *status, const char *language)
{
    for (gsize i = 0; i < G_N_ELEMENTS(statuses); i++)
        if (strcmp(statuses[i].name, status) == 0)
            return label(&statuses[i], language);
    return status;
}

bool status_is_open(const char *status)
{
    static const char *const ended[] = {"resolved", "closed", "cancelled", NULL};
    return !g_strv_contains(ended, status);
}

bool priority_from_word(const char *word, MailPriority *ret)
{
    const Word *found = find_word(priorities, G_N_ELEMENTS(priorities), word);
    if (!found)
        return false;
    *ret = (MailPriority)(found - priorities);
    return true;
}

const char *priority_name(MailPriority priority)
{
    return priorities[priority].name;
}

const char *priority_label(MailPriority priority, const char *language)
{
    return label(&priorities[priority], language);
}
