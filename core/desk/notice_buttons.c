/* Which buttons a mail has, and the links behind them.
 *
 * Each link stays below what mail programs and browsers are known to take: the subject is cut,
 * its token stands in front. */
#include "core/desk/notice_buttons.h"

#include "core/base/utf8.h"
#include "core/desk/confirming.h"
#include "core/desk/notify.h"
#include "core/desk/verb.h"

#include <string.h>

#define SUBJECT_CHARS 120 /* escaped at most 12 octets each */

typedef struct {
    TemplateData *data;
    const NoticeFacts *facts;
    const char *reply_to;
    bool french;
} Buttons;

/* RFC 6068. What stands left of the @ is ours and plain, but for the + that must be kept. */
static void add(const Buttons *buttons, const char *en, const char *fr, const char *body,
                bool primary)
{
    g_autofree char *cut = utf8_shorten(buttons->facts->part->subject, SUBJECT_CHARS);
    g_autofree char *answer = g_strdup_printf("Re: %s", cut);
    g_autofree char *address = g_uri_escape_string(buttons->reply_to, "@", FALSE);
    g_autofree char *subject = g_uri_escape_string(answer, NULL, FALSE);
    g_autofree char *text = g_uri_escape_string(body, NULL, FALSE);
    g_autofree char *url =
        g_strdup_printf("mailto:%s?subject=%s&body=%s", address, subject, text);
    TemplateData *button = template_data_add(buttons->data, "buttons");
    template_data_set(button, "label", buttons->french ? fr : en);
    template_data_set(button, "url", url);
    template_data_set(button, "primary", primary ? "1" : "");
    template_data_set(buttons->data, "has_buttons", "1");
}

static void add_command(const Buttons *buttons, const char *en, const char *fr, VerbId verb,
                        const char *argument, bool primary)
{
    g_autofree char *body =
        g_strdup_printf("!%s%s%s\r\n", verb_name(&verb_table[verb], buttons->french),
                        *argument ? " " : "", argument);
    add(buttons, en, fr, body, primary);
}

/* --- what each mail offers --------------------------------------------------------------- */

static void add_work(const Buttons *buttons)
{
    const Ticket *ticket = buttons->facts->ticket;
    bool open =
        strcmp(ticket->status, "closed") != 0 && strcmp(ticket->status, "cancelled") != 0;
    add_command(buttons, "Take", "Prendre", VERB_TAKE, "", true);
    if (open && strcmp(ticket->status, "resolved") != 0)
        add_command(buttons, "Resolve", "Résoudre", VERB_RESOLVE, "", false);
    if (open)
        add_command(buttons, "Close", "Fermer", VERB_CLOSE, "", false);
    else
        add_command(buttons, "Reopen", "Rouvrir", VERB_REOPEN, "", false);
    add_command(buttons, "Note", "Note", VERB_NOTE, "", false);
    if (ticket->priority < PRIORITY_HIGH)
        add_command(buttons, "High priority", "Priorité haute", VERB_PRIORITY,
                    buttons->french ? "haute" : "high", false);
}

static void add_decision(const Buttons *buttons)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, buttons->facts->row->message);
    add_command(buttons, "Publish", "Publier", VERB_ACCEPT, id, true);
    add_command(buttons, "Drop", "Rejeter", VERB_DROP, id, false);
}

/* A plain yes or no, as the question is answered by hand too. */
static void add_question(const Buttons *buttons)
{
    add(buttons, "Yes, it is mine", "Oui, c’est de moi",
        buttons->french ? "Oui\r\n" : "Yes\r\n", true);
    add(buttons, "No", "Non", buttons->french ? "Non\r\n" : "No\r\n", false);
}

static void add_send_anyway(const Buttons *buttons)
{
    add(buttons, "Send anyway", "Envoyer quand même", buttons->french ? "Oui\r\n" : "Yes\r\n",
        true);
    add(buttons, "Drop", "Abandonner", buttons->french ? "Non\r\n" : "No\r\n", false);
}

static void add_rating(const Buttons *buttons)
{
    static const char *const stars[] = {"★", "★★", "★★★", "★★★★", "★★★★★"};
    for (gsize i = G_N_ELEMENTS(stars); i > 0; i--) {
        g_autofree char *mark = g_strdup_printf("%d", (int)i);
        add_command(buttons, stars[i - 1], stars[i - 1], VERB_RATE, mark, false);
    }
    add_command(buttons, "Reopen", "Rouvrir", VERB_REOPEN, "", false);
}

static bool is_kind(const NoticeFacts *facts, NoticeKind kind)
{
    return strcmp(facts->row->kind, notice_kind_name(kind)) == 0;
}

void notice_buttons_add(TemplateData *data, const NoticeFacts *facts, const char *reply_to)
{
    const Buttons buttons = {data, facts, reply_to, strcmp(facts->language, "fr") == 0};
    const Message *message = facts->message;
    if (facts->reader->is_list)
        return;
    if (is_kind(facts, NOTICE_CONFIRM)) {
        bool own = message && strcmp(message->held_reason, ASK_PROOF) != 0;
        if (own)
            add_send_anyway(&buttons);
        else
            add_question(&buttons);
        return;
    }
    if (!facts->staff) {
        if (is_kind(facts, NOTICE_RESOLVED))
            add_rating(&buttons);
        return;
    }
    if (is_kind(facts, NOTICE_ANSWER))
        return;
    if (is_kind(facts, NOTICE_HELD))
        add_decision(&buttons);
    else
        add_work(&buttons);
}
