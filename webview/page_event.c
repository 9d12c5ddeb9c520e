/* A change of the ticket, told in one line between the messages. Its words are
 * core/desk/event_words.c's. */
#include "webview/page_event.h"

#include "core/desk/event_words.h"
#include "webview/html.h"
#include "webview/page_message.h"

void page_event(GString *out, const Page *page, const Event *event)
{
    g_auto(EventWords) words = {0};
    if (!event_words(event, page->language, &words))
        return;
    html_raw(out, "<li class=\"event\">");
    page_time_short(out, page, event->at);
    html_raw(out, " <bdi>");
    html_text(out, *event->actor_name ? event->actor_name : page->config->site.name);
    html_raw(out, "</bdi> · ");
    html_text(out, words.before);
    if (*words.what) {
        html_raw(out, "<b><bdi>");
        html_text(out, words.what);
        html_raw(out, "</bdi></b>");
    }
    html_text(out, words.after);
    html_raw(out, "</li>\n");
}
