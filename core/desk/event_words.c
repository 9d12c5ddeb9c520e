/* Wording events. One table for what only has something named behind it; what has an old and a
 * new value, or a reason, is put together below. */
#include "core/desk/event_words.h"

#include "core/desk/failure.h"
#include "core/desk/status.h"

#include <string.h>

typedef struct {
    const char *what, *fr, *en;
} Words;

static const Words plain[] = {
    {"watcher-added", "mis en copie", "put in copy"},
    {"confirmed", "message confirmé", "message confirmed"},
    {"not-confirmed", "confirmation refusée", "confirmation refused"},
    {"accepted", "message retenu accepté", "held message accepted"},
    {"dropped", "message retenu écarté", "held message dropped"},
    {"linked", "lié à", "linked to"},
    {"automatic-mail", "un mail automatique est arrivé", "an automatic mail came in"},
    {"watcher-removed", "n’est plus en copie :", "no longer in copy:"},
    {"woken", "a assez attendu", "has waited long enough"},
    {"deleted", "mis à la corbeille", "put into the trash"},
    {"restored", "sorti de la corbeille", "taken out of the trash"},
    {"rated", "évalué", "rated"},
    {"depends", "dépend de", "depends on"},
    {"needed", "nécessaire à", "needed by"},
    {"duplicate", "doublon de", "duplicate of"},
    {"original", "a pour doublon", "has the duplicate"},
    {"merged", "réuni à", "merged into"},
    {"merged-in", "reçoit", "takes in"},
    {"amended", "message corrigé", "message amended"},
    {"redacted", "message retiré", "message taken away"},
    {"muted", "ne veut plus rien recevoir", "wants to hear no more"},
    {"unmuted", "veut de nouveau recevoir", "wants to hear again"},
    {"paused", "plus aucun mail n’est envoyé à", "no more mail is sent to"},
};

/* What has an old and a new value. */
static const Words changes[] = {
    {"title", "Titre", "Title"}, {"type", "Type", "Type"},
    {"queue", "File", "Queue"},  {"requester", "Demandeur", "Requester"},
    {"due", "Échéance", "Due"},
};

static const Words failures[] = {
    {"delivery-failed", "mail non remis à", "mail not delivered to"},
    {"bounce", "mail non remis à", "mail not delivered to"},
    {"not-sent", "mail non envoyé à", "mail not sent to"},
    {"delayed", "mail retardé pour", "mail delayed for"},
};

void event_words_clear(EventWords *words)
{
    g_clear_pointer(&words->before, g_free);
    g_clear_pointer(&words->what, g_free);
    g_clear_pointer(&words->after, g_free);
}

static bool is_french(const char *language)
{
    return g_strcmp0(language, "fr") == 0;
}

static const char *colon(const char *language)
{
    return is_french(language) ? "\u00A0: " : ": ";
}

static const char *choose(const char *language, const char *fr, const char *en)
{
    return is_french(language) ? fr : en;
}

static const char *find(const Words *table, gsize n, const char *what, const char *language)
{
    for (gsize i = 0; i < n; i++)
        if (strcmp(table[i].what, what) == 0)
            return choose(language, table[i].fr, table[i].en);
    return NULL;
}

/* "confié à " with its space, "message confirmé" without. */
static char *leading(const char *before, const char *what)
{
    return g_strconcat(before, *what ? " " : "", NULL);
}

static EventWords named(const char *before, const char *what)
{
    return (EventWords){leading(before, what), g_strdup(what), g_strdup("")};
}

/* "État : ouvert → fermé" */
static EventWords change(const char *name, const char *old, const char *new,
                         const char *language)
{
    char *before = g_strconcat(name, colon(language), old, *old ? " → " : "", NULL);
    return (EventWords){before, g_strdup(new), g_strdup("")};
}

static const char *priority_text(const char *name, const char *language)
{
    MailPriority priority;
    return priority_from_word(name, &priority) ? priority_label(priority, language) : name;
}

static EventWords assignment(const Event *event, const char *language)
{
    if (!*event->new)
        return named(choose(language, "plus confié à personne", "no longer assigned"), "");
    if (strcmp(event->new, event->actor_name) == 0)
        return named(choose(language, "s’en occupe", "is on it"), "");
    return named(choose(language, "confié à", "assigned to"), event->new);
}

/* What became of a mail to an address, and why: a status or a server's words. Bounces and
 * delays name the address last, our own failures first. */
static EventWords failure(const Event *event, const char *before, const char *language)
{
    bool reported = strcmp(event->what, "bounce") == 0 || strcmp(event->what, "delayed") == 0;
    const char *address = reported ? event->new : event->old;
    const char *why = reported ? event->old : event->new;
    const char *words = failure_words(why, language);
    char *after =
        *why ? g_strconcat(colon(language), *words ? words : why, NULL) : g_strdup("");
    return (EventWords){leading(before, address), g_strdup(address), after};
}

static EventWords other(const Event *event, const char *language)
{
    const char *failed = find(failures, G_N_ELEMENTS(failures), event->what, language);
    if (failed)
        return failure(event, failed, language);
    const char *changed = find(changes, G_N_ELEMENTS(changes), event->what, language);
    if (changed)
        return change(changed, event->old, event->new, language);
    if (strcmp(event->what, "tag") == 0)
        return *event->new
                   ? named(choose(language, "étiquette", "tag"), event->new)
                   : named(choose(language, "sans l’étiquette", "without the tag"), event->old);
    const char *words = find(plain, G_N_ELEMENTS(plain), event->what, language);
    return named(words ? words : event->what, event->new);
}

bool event_words(const Event *event, const char *language, EventWords *ret)
{
    static const char *const told[] = {"created", "message", "note", "held", NULL};
    if (g_strv_contains(told, event->what))
        return false;
    if (strcmp(event->what, "status") == 0)
        *ret = change(choose(language, "État", "State"), status_label(event->old, language),
                      status_label(event->new, language), language);
    else if (strcmp(event->what, "priority") == 0)
        *ret = change(choose(language, "Priorité", "Priority"),
                      priority_text(event->old, language), priority_text(event->new, language),
                      language);
    else if (strcmp(event->what, "assigned") == 0)
        *ret = assignment(event, language);
    else
        *ret = other(event, language);
    return true;
}
