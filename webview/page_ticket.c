/* The page of a ticket: its frame, its state, its thread, and how to answer.
 *
 * Not here: single messages (page_message.c), the steps (progress.c), words (words.c). No
 * script, no form, nothing from elsewhere: the page is one document and one stylesheet. The
 * buttons are mailto: links that carry the subject token, never a secret. */
#include "webview/page_ticket.h"

#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"
#include "webview/html.h"
#include "webview/page_event.h"
#include "webview/page_message.h"
#include "webview/progress.h"
#include "webview/style.h"
#include "webview/words.h"

#include <string.h>

/* Mail clients and browsers cut longer links. */
#define MAILTO_BYTES 1800
/* From here on the latest message is out of sight. */
#define LONG_THREAD 4

/* --- frame ------------------------------------------------------------------------------- */

static const char *title(const Page *page, const Ticket *ticket)
{
    return *ticket->title ? ticket->title : word(page->language, WORD_NO_SUBJECT);
}

/* A sentence in place of a title is set as one. */
static bool is_long(const char *text)
{
    return strlen(text) > 90;
}

static void append_head(GString *out, const Page *page, const Ticket *ticket, const char *name)
{
    html_raw(out, "<!doctype html>\n<html lang=\"");
    html_attr(out, page->language);
    html_raw(out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<meta name=\"format-detection\" content=\"telephone=no\">\n<title>");
    html_text(out, name);
    html_raw(out, " · ");
    html_text(out, title(page, ticket));
    html_raw(out, "</title>\n<link rel=\"stylesheet\" href=\"");
    html_attr(out, page->prefix);
    html_attr(out, style_path);
    html_raw(out, "\">\n</head>\n");
}

static void append_site(GString *out, const Page *page)
{
    const char *other = strcmp(page->language, "fr") == 0 ? "en" : "fr";
    html_raw(out, "<header class=\"site\"><span class=\"desk-name\">");
    html_text(out, page->config->site.name);
    html_raw(out, "</span><a href=\"?lang=");
    html_attr(out, other);
    html_raw(out, "\" hreflang=\"");
    html_attr(out, other);
    html_raw(out, "\" lang=\"");
    html_attr(out, other);
    html_raw(out, "\">");
    html_text(out, word(page->language, WORD_OTHER_LANGUAGE));
    html_raw(out, "</a></header>\n");
}

static void append_footer(GString *out, const Page *page, const TicketView *view)
{
    html_raw(out, "<footer class=\"site\"><p>");
    html_text(
        out, word(page->language, view->staff ? WORD_PERSONAL_LINK_STAFF : WORD_PERSONAL_LINK));
    html_raw(out, "</p><a href=\"");
    html_attr(out, page->prefix);
    html_raw(out, "/ticket/");
    html_attr(out, page->hash);
    html_raw(out, ".json\">");
    html_text(out, word(page->language, WORD_AS_JSON));
    html_raw(out, "</a></footer>\n</body>\n</html>\n");
}

/* --- state ------------------------------------------------------------------------------- */

/* "In progress": labels are lower case, a step starts a line of its own. */
static void append_capitalised(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    char first[7] = "";
    g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(valid)), first);
    html_text(out, first);
    html_text(out, *valid ? g_utf8_next_char(valid) : "");
}

static void append_step(GString *out, const Page *page, const Step *step)
{
    static const struct {
        const char *tag;
        Word word;
    } looks[] = {
        [STEP_DONE] = {"<li class=\"done\">", WORD_STEP_DONE},
        [STEP_NOW] = {"<li class=\"now\" aria-current=\"step\">", WORD_STEP_NOW},
        [STEP_AHEAD] = {"<li class=\"ahead\">", WORD_STEP_AHEAD},
    };
    html_raw(out, looks[step->state].tag);
    html_raw(out, "<b>");
    append_capitalised(out, status_label(step->status, page->language));
    html_raw(out, "</b><span class=\"unseen\">, ");
    html_text(out, word(page->language, looks[step->state].word));
    html_raw(out, "</span>");
    if (step->at > 0) {
        html_raw(out, " ");
        page_time_short(out, page, step->at);
    }
    html_raw(out, "</li>\n");
}

static void append_progress(GString *out, const Page *page, const TicketView *view)
{
    Step steps[PROGRESS_STEPS];
    gsize n = progress_steps(view->ticket, view->events, steps);
    bool cancelled = strcmp(view->ticket->status, "cancelled") == 0;

    html_raw(out, cancelled ? "<ol class=\"progress cancelled\"" : "<ol class=\"progress\"");
    html_raw(out, " aria-label=\"");
    html_attr(out, word(page->language, WORD_PROGRESS));
    html_raw(out, "\">\n");
    for (gsize i = 0; i < n; i++)
        append_step(out, page, &steps[i]);
    html_raw(out, "</ol>\n");
}

static void begin_fact(GString *out, const Page *page, Word name)
{
    html_raw(out, "<div><dt>");
    html_text(out, word(page->language, name));
    html_raw(out, "</dt><dd>");
}

static void end_fact(GString *out)
{
    html_raw(out, "</dd></div>\n");
}

/* An address without its domain is enough to be recognised by, and no use to a collector. */
static void append_person(GString *out, const TicketView *view, const Person *person)
{
    const char *at = strrchr(person->address, '@');
    bool hide = !*person->name && !view->staff && person->role == ROLE_REQUESTER && at;
    g_autofree char *local =
        hide ? g_strndup(person->address, (gsize)(at - person->address)) : NULL;
    html_raw(out, "<bdi>");
    html_text(out, local ? local : person_label(person));
    html_raw(out, "</bdi>");
}

static void append_people(GString *out, const TicketView *view, const GPtrArray *people)
{
    for (guint i = 0; i < people->len; i++) {
        if (i > 0)
            html_raw(out, ", ");
        append_person(out, view, g_ptr_array_index(people, i));
    }
}

static void append_facts(GString *out, const Page *page, const TicketView *view)
{
    const Ticket *ticket = view->ticket;
    html_raw(out, "<dl class=\"facts\">\n");
    begin_fact(out, page, WORD_ASSIGNED_TO);
    append_people(out, view, view->assignees);
    if (view->assignees->len == 0)
        html_text(out, word(page->language, WORD_NOBODY_YET));
    end_fact(out);

    begin_fact(out, page, WORD_PRIORITY);
    append_capitalised(out, priority_label((MailPriority)ticket->priority, page->language));
    end_fact(out);
    if (*ticket->type) {
        begin_fact(out, page, WORD_TYPE);
        html_text(out, ticket->type);
        end_fact(out);
    }
    if (view->requester) {
        begin_fact(out, page, WORD_REQUESTER);
        append_person(out, view, view->requester);
        end_fact(out);
    }
    if (view->watchers->len > 0) {
        begin_fact(out, page, WORD_WATCHERS);
        append_people(out, view, view->watchers);
        end_fact(out);
    }
    html_raw(out, "</dl>\n");
}

static void append_jump(GString *out, const Page *page, const TicketView *view)
{
    if (view->messages->len < LONG_THREAD)
        return;
    const MessageView *last = g_ptr_array_index(view->messages, view->messages->len - 1);
    g_string_append_printf(out, "<p class=\"jump\"><a href=\"#m%" G_GINT64_FORMAT "\">",
                           last->message->id);
    html_text(out, word(page->language, WORD_LATEST_MESSAGE));
    html_raw(out, "</a> ");
    page_time_long(out, page, last->message->created);
    html_raw(out, "</p>\n");
}

/* --- thread ------------------------------------------------------------------------------ */

/* Messages in their order, events between them by their time; at the same second the message
 * comes first, for it is the cause. */
static void append_thread(GString *out, const Page *page, const TicketView *view)
{
    guint e = 0;
    html_raw(out, "<ol class=\"thread\" aria-label=\"");
    html_attr(out, word(page->language, WORD_THREAD));
    html_raw(out, "\">\n");
    for (guint m = 0; m <= view->messages->len; m++) {
        const MessageView *message =
            m < view->messages->len ? g_ptr_array_index(view->messages, m) : NULL;
        for (; e < view->events->len; e++) {
            const Event *event = g_ptr_array_index(view->events, e);
            if (message && event->at >= message->message->created)
                break;
            page_event(out, page, event);
        }
        if (message)
            page_message(out, page, view, message);
    }
    html_raw(out, "</ol>\n");
    if (view->messages->len == 0) {
        html_raw(out, "<p class=\"none\">");
        html_text(out, word(page->language, WORD_NO_MESSAGES));
        html_raw(out, "</p>\n");
    }
}

/* --- the way to answer ------------------------------------------------------------------- */

static void append_mailto_address(GString *out, const char *address)
{
    const char *at = strrchr(address, '@');
    g_autofree char *local = at ? g_strndup(address, (gsize)(at - address)) : g_strdup(address);
    url_segment(out, local);
    if (at) {
        g_string_append_c(out, '@');
        url_segment(out, at + 1);
    }
}

/* RFC 6068; as much of the title as fits. */
static char *reply_address(const Ticket *ticket)
{
    g_autofree char *token = token_subject(ticket);
    g_autofree char *subject = g_utf8_make_valid(ticket->title, -1);
    g_autoptr(GString) out = g_string_new("mailto:");
    append_mailto_address(out, ticket->address);
    g_string_append(out, "?subject=Re%3A%20");
    url_segment(out, token);
    g_string_append(out, "%20");
    for (const char *p = subject; *p; p = g_utf8_next_char(p)) {
        char character[7] = "";
        gsize before = out->len;
        g_unichar_to_utf8(g_utf8_get_char(p), character);
        url_segment(out, character);
        if (out->len >= MAILTO_BYTES) {
            g_string_truncate(out, before);
            break;
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void append_reply(GString *out, const Page *page, const TicketView *view)
{
    g_autofree char *address = reply_address(view->ticket);
    Word hint = view->staff                            ? WORD_REPLY_HINT_STAFF
                : status_is_open(view->ticket->status) ? WORD_REPLY_HINT
                                                       : WORD_REPLY_HINT_ENDED;
    html_raw(out, "<section class=\"act\" id=\"reply\">\n<a class=\"button\" href=\"");
    html_attr(out, address);
    html_raw(out, "\">");
    html_text(out, word(page->language, WORD_REPLY));
    html_raw(out, "</a>\n<p>");
    html_text(out, word(page->language, hint));
    html_raw(out, "</p>\n</section>\n");
}

void page_ticket(GString *out, const Page *page, const TicketView *view)
{
    g_autofree char *name = ticket_name(view->ticket);
    append_head(out, page, view->ticket, name);
    html_raw(out, "<body>\n");
    append_site(out, page);
    html_raw(out, "<main>\n<p class=\"id\">");
    html_text(out, name);
    html_raw(out, is_long(view->ticket->title) ? "</p>\n<h1 class=\"long\" dir=\"auto\">"
                                               : "</p>\n<h1 dir=\"auto\">");
    html_text(out, title(page, view->ticket));
    html_raw(out, "</h1>\n");
    append_progress(out, page, view);
    append_facts(out, page, view);
    append_jump(out, page, view);
    append_thread(out, page, view);
    append_reply(out, page, view);
    html_raw(out, "</main>\n");
    append_footer(out, page, view);
}
