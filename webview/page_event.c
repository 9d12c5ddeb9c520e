/* A change of the ticket, told in one line between the messages. */
#include "webview/page_event.h"

#include "core/desk/failure.h"
#include "core/desk/status.h"
#include "webview/html.h"
#include "webview/page_message.h"
#include "webview/words.h"

#include <string.h>

static void append_change(GString *out, const Page *page, Word name, const char *old,
                          const char *new)
{
    html_text(out, word(page->language, name));
    html_text(out, word(page->language, WORD_COLON));
    if (*old) {
        html_text(out, old);
        html_raw(out, " → ");
    }
    html_raw(out, "<b>");
    html_text(out, new);
    html_raw(out, "</b>");
}

static const char *priority_text(const Page *page, const char *name)
{
    MailPriority priority;
    return priority_from_word(name, &priority) ? priority_label(priority, page->language)
                                               : name;
}

static void append_detail(GString *out, const char *text, const char *detail)
{
    html_text(out, text);
    if (*detail) {
        html_raw(out, " <b><bdi>");
        html_text(out, detail);
        html_raw(out, "</bdi></b>");
    }
}

static void append_assignment(GString *out, const Page *page, const Event *event)
{
    if (!*event->new)
        append_detail(out, word(page->language, WORD_EVENT_UNASSIGNED), "");
    else if (strcmp(event->new, event->actor_name) == 0)
        append_detail(out, word(page->language, WORD_EVENT_TOOK), "");
    else
        append_detail(out, word(page->language, WORD_EVENT_ASSIGNED), event->new);
}

/* What became of a mail to `address`, and why: a status or a server's words. */
static void append_failure(GString *out, const Page *page, Word what, const char *address,
                           const char *why)
{
    append_detail(out, word(page->language, what), address);
    if (!*why)
        return;
    const char *words = failure_words(why, page->language);
    html_text(out, word(page->language, WORD_COLON));
    html_text(out, *words ? words : why);
}

/* What else can happen, in its words; an event of a later version by its own name. */
static void append_other(GString *out, const Page *page, const Event *event)
{
    static const struct {
        const char *what;
        Word word;
    } known[] = {
        {"watcher-added", WORD_EVENT_WATCHER},
        {"confirmed", WORD_EVENT_CONFIRMED},
        {"not-confirmed", WORD_EVENT_NOT_CONFIRMED},
        {"accepted", WORD_EVENT_ACCEPTED},
        {"dropped", WORD_EVENT_DROPPED},
        {"linked", WORD_EVENT_LINKED},
        {"paused", WORD_EVENT_PAUSED},
    };
    const char *text = event->what;
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].what, event->what) == 0)
            text = word(page->language, known[i].word);
    append_detail(out, text, event->new);
}

/* The thread itself tells these. */
static bool is_told(const Event *event)
{
    static const char *const told[] = {"created", "message", "note", "held", NULL};
    return g_strv_contains(told, event->what);
}

void page_event(GString *out, const Page *page, const Event *event)
{
    if (is_told(event))
        return;
    html_raw(out, "<li class=\"event\">");
    page_time_short(out, page, event->at);
    html_raw(out, " <bdi>");
    html_text(out, *event->actor_name ? event->actor_name : page->config->site.name);
    html_raw(out, "</bdi> · ");
    if (strcmp(event->what, "status") == 0)
        append_change(out, page, WORD_EVENT_STATUS, status_label(event->old, page->language),
                      status_label(event->new, page->language));
    else if (strcmp(event->what, "priority") == 0)
        append_change(out, page, WORD_EVENT_PRIORITY, priority_text(page, event->old),
                      priority_text(page, event->new));
    else if (strcmp(event->what, "assigned") == 0)
        append_assignment(out, page, event);
    else if (strcmp(event->what, "delivery-failed") == 0)
        append_failure(out, page, WORD_EVENT_DELIVERY_FAILED, event->old, event->new);
    else if (strcmp(event->what, "not-sent") == 0)
        append_failure(out, page, WORD_EVENT_NOT_SENT, event->old, event->new);
    else if (strcmp(event->what, "bounce") == 0)
        append_failure(out, page, WORD_EVENT_DELIVERY_FAILED, event->new, event->old);
    else if (strcmp(event->what, "delayed") == 0)
        append_failure(out, page, WORD_EVENT_DELAYED, event->new, event->old);
    else
        append_other(out, page, event);
    html_raw(out, "</li>\n");
}
