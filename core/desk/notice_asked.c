/* Telling about tickets what somebody of the desk may see of them. */
#include "core/desk/notice_asked.h"

#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/base/utf8.h"
#include "core/desk/author.h"
#include "core/desk/event_words.h"
#include "core/desk/finding.h"
#include "core/desk/scrub.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"
#include "core/desk/view.h"

#include <string.h>

#define SHOWN_MESSAGES 20 /* the last ones */
#define SHOWN_CHARS 2000  /* of each */

static void set_moment(const Asked *asked, TemplateData *data, const char *name, gint64 at)
{
    g_autofree char *when =
        timestamp_short(at, config_zone(asked->desk->config), asked->language);
    template_data_set(data, name, when);
}

static void set_url(const Asked *asked, TemplateData *data, gint64 ticket)
{
    const Person *reader = asked->reader;
    g_autofree char *page = token_page(asked->desk->ring, ticket, reader->id, reader->epoch);
    g_autofree char *url =
        g_strdup_printf("%s/ticket/%s", asked->desk->config->site.base_url, page);
    template_data_set(data, "url", url);
}

static char *names_of(const GPtrArray *people)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++)
        g_string_append_printf(names, "%s%s", i ? ", " : "", person_label(people->pdata[i]));
    return g_string_free(g_steal_pointer(&names), FALSE);
}

/* --- a ticket ---------------------------------------------------------------------------- */

static bool add_message(const Asked *asked, const MessageView *view, TemplateData *shown,
                        GError **error)
{
    const Message *message = view->message;
    g_autofree char *clean = NULL;
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, message->id);
    if (!scrub_text(asked->desk, message->reply, &clean, error))
        return false;
    g_autofree char *cut = utf8_shorten(clean, SHOWN_CHARS);
    TemplateData *one = template_data_add(shown, "thread");
    template_data_set(one, "number", number);
    template_data_set(one, "author", view->author);
    template_data_set(one, "internal", message->visibility == VISIBILITY_INTERNAL ? "1" : "");
    template_data_set(one, "held", message->visibility == VISIBILITY_HELD ? "1" : "");
    template_data_set(one, "words", g_strchomp(cut));
    set_moment(asked, one, "when", message->created);
    return true;
}

static void set_tags(const GPtrArray *tags, TemplateData *shown)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < tags->len; i++)
        g_string_append_printf(list, "%s%s", i ? ", " : "", (char *)tags->pdata[i]);
    template_data_set(shown, "tags", list->str);
}

static void set_facts(const Asked *asked, const TicketView *view, TemplateData *shown)
{
    const Ticket *ticket = view->ticket;
    g_autofree char *name = ticket_name(ticket), *assignees = names_of(view->assignees);
    g_autofree char *watchers = names_of(view->watchers);
    template_data_set(shown, "id", name);
    template_data_set(shown, "title", ticket->title);
    template_data_set(shown, "status", status_label(ticket->status, asked->language));
    template_data_set(shown, "priority",
                      priority_label((MailPriority)ticket->priority, asked->language));
    template_data_set(shown, "requester", person_label(view->requester));
    template_data_set(shown, "assignees", assignees);
    template_data_set(shown, "watchers", watchers);
    template_data_set(shown, "queue_name", ticket->queue_name);
    set_url(asked, shown, ticket->id);
    if (ticket->due != 0)
        set_moment(asked, shown, "due", ticket->due);
}

bool asked_show(const Asked *asked, gint64 ticket, GError **error)
{
    g_autoptr(TicketView) view = NULL;
    g_autoptr(GPtrArray) tags = NULL;
    if (!view_load(asked->desk->store, ticket, asked->reader->id, &view, error) ||
        !tickets_tags(asked->desk->store, ticket, &tags, error))
        return false;
    TemplateData *shown = template_data_add(asked->data, "shown");
    template_data_list(shown, "thread");
    set_facts(asked, view, shown);
    set_tags(tags, shown);
    guint first =
        view->messages->len > SHOWN_MESSAGES ? view->messages->len - SHOWN_MESSAGES : 0;
    for (guint i = first; i < view->messages->len; i++)
        if (!add_message(asked, view->messages->pdata[i], shown, error))
            return false;
    return true;
}

bool asked_history(const Asked *asked, gint64 ticket, GError **error)
{
    g_autoptr(TicketView) view = NULL;
    if (!view_load(asked->desk->store, ticket, asked->reader->id, &view, error))
        return false;
    for (guint i = 0; i < view->events->len; i++) {
        const Event *event = view->events->pdata[i];
        g_auto(EventWords) words = {0};
        if (!event_words(event, asked->language, &words))
            continue;
        TemplateData *one = template_data_add(asked->data, "history");
        g_autofree char *all = g_strconcat(words.before, words.what, words.after, NULL);
        template_data_set(one, "words", all);
        template_data_set(one, "author", event->actor_name);
        set_moment(asked, one, "when", event->at);
    }
    return true;
}

/* --- what was found ---------------------------------------------------------------------- */

static void add_found(const Asked *asked, const Found *found)
{
    const Ticket *ticket = found->ticket;
    if (!ticket)
        return;
    TemplateData *one = template_data_add(asked->data, "found");
    g_autofree char *name = ticket_name(ticket);
    template_data_set(one, "id", name);
    template_data_set(one, "title", found->title);
    template_data_set(one, "status", status_label(ticket->status, asked->language));
    template_data_set(one, "author", found->author);
    template_data_set(one, "words", found->snippet);
    set_moment(asked, one, "when", found->at);
    set_url(asked, one, ticket->id);
}

bool asked_find(const Asked *asked, const char *words, GError **error)
{
    g_autoptr(Finding) finding = NULL;
    g_autoptr(GError) problem = NULL;
    template_data_set(asked->data, "find_words", words);
    if (!finding_search(asked->desk, asked->reader, words, &finding, &problem)) {
        if (g_error_matches(problem, WICKET_ERROR, ERROR_REJECTED))
            return true; /* nothing can be found by such words */
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    for (guint i = 0; i < finding->found->len; i++)
        add_found(asked, finding->found->pdata[i]);
    return true;
}
