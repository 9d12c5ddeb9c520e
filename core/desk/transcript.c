/* Putting a transcript together: the ticket's facts, then its thread in the order of time.
 *
 * Not here: what the reader may see (view.c), single entries (transcript_entry.c), the look
 * (the template). A thread whose words alone are too much is not put together at all, so that
 * memory holds it once and not three times. */
#include "core/desk/transcript.h"

#include "core/base/error.h"
#include "core/base/span.h"
#include "core/base/timestamp.h"
#include "core/desk/author.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/transcript_entry.h"
#include "core/desk/view.h"

#include <string.h>

/* What surrounds the words of the whole, and of each entry and file. */
#define FRAME_BYTES 8000
#define ENTRY_BYTES 500
#define FILE_BYTES 200

const char *const transcript_template_names[] = {
    /* of the ticket */
    "assignees", "watchers", "type", "created", "created_exact", "first_response",
    "first_response_exact", "first_response_after", "ended", "ended_exact", "ended_as", "took",
    "made", "made_exact",
    /* of its entries */
    "entries", "event", "exact", "before", "what", "after", "author_address", "held",
    "by_requester", "by_watcher", "by_stranger", "words", "signature", "quoted", "unparsed",
    "src", "inside", "has_files", NULL};

void transcript_free(Transcript *transcript)
{
    if (!transcript)
        return;
    g_clear_pointer(&transcript->data, template_data_free);
    g_free(transcript->file_name);
    g_free(transcript);
}

/* --- people ------------------------------------------------------------------------------ */

/* Customers learn each other's names, not their addresses. */
static char *shown_name(const TicketView *view, const Person *person)
{
    bool hide = !view->staff && !*person->name && !person_is_agent(person);
    return hide ? g_strndup(person->address, strcspn(person->address, "@"))
                : g_strdup(person_label(person));
}

static bool set_people(TranscriptWriter *writer, const char *name, const GPtrArray *people,
                       GError **error)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++) {
        g_autofree char *one = shown_name(writer->view, people->pdata[i]);
        g_string_append_printf(names, "%s%s", i ? ", " : "", one);
    }
    return transcript_set(writer, writer->data, name, names->str, error);
}

/* --- times ------------------------------------------------------------------------------- */

/* 0: none that this reader sees. */
static gint64 first_response(const TicketView *view)
{
    for (guint i = 0; view->whole && i < view->messages->len; i++) {
        const MessageView *one = view->messages->pdata[i];
        if (one->from_desk && one->message->visibility == VISIBILITY_PUBLIC)
            return one->message->created;
    }
    return 0;
}

/* When the ticket came to the end it is at, and by which status: closing what was resolved ends
 * nothing more. 0: it has not ended. */
static gint64 ended(const TicketView *view, const char **ret_status)
{
    gint64 at = 0;
    for (guint i = 0; i < view->events->len; i++) {
        const Event *event = view->events->pdata[i];
        if (strcmp(event->what, "status") != 0)
            continue;
        if (status_is_open(event->new)) {
            at = 0;
        } else if (at == 0) {
            at = event->at;
            *ret_status = event->new;
        }
    }
    return status_is_open(view->ticket->status) ? 0 : at;
}

static void set_no_time(TemplateData *data, const char *name, const char *exact_name)
{
    template_data_set(data, name, "");
    template_data_set(data, exact_name, "");
}

static void set_span(TranscriptWriter *writer, const char *name, gint64 until)
{
    gint64 since = writer->view->ticket->created;
    g_autofree char *span = until ? span_label(until - since, writer->language) : NULL;
    template_data_set(writer->data, name, span);
}

/* "Résolu": labels are lower case, a fact begins a line. */
static char *capitalised(const char *word)
{
    char first[7] = "";
    if (*word == '\0')
        return g_strdup("");
    g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(word)), first);
    return g_strconcat(first, g_utf8_next_char(word), NULL);
}

static void set_times(TranscriptWriter *writer)
{
    TemplateData *data = writer->data;
    const char *status = "";
    gint64 response = first_response(writer->view), end = ended(writer->view, &status);
    g_autofree char *as = capitalised(end ? status_label(status, writer->language) : "");
    transcript_set_time(writer, data, "created", "created_exact",
                        writer->view->ticket->created);
    transcript_set_time(writer, data, "made", "made_exact", now_utc());
    set_no_time(data, "first_response", "first_response_exact");
    set_no_time(data, "ended", "ended_exact");
    if (response)
        transcript_set_time(writer, data, "first_response", "first_response_exact", response);
    if (end)
        transcript_set_time(writer, data, "ended", "ended_exact", end);
    set_span(writer, "first_response_after", response);
    set_span(writer, "took", end);
    template_data_set(data, "ended_as", as);
}

/* --- the ticket -------------------------------------------------------------------------- */

static bool set_facts(TranscriptWriter *writer, GError **error)
{
    const TicketView *view = writer->view;
    const Ticket *ticket = view->ticket;
    TemplateData *data = writer->data;
    g_autofree char *id = ticket_name(ticket);
    g_autofree char *requester = shown_name(view, view->requester);
    g_autofree char *priority =
        capitalised(priority_label((MailPriority)ticket->priority, writer->language));
    template_data_set(data, "site_name", writer->desk->config->site.name);
    template_data_set(data, "ticket_id", id);
    template_data_set(data, "queue_name", ticket->queue_name);
    template_data_set(data, "status", status_label(ticket->status, writer->language));
    template_data_set(data, "priority", priority);
    template_data_set(data, "staff", view->staff ? "1" : "");
    set_times(writer);
    return transcript_set(writer, data, "title", ticket->title, error) &&
           transcript_set(writer, data, "type", ticket->type, error) &&
           transcript_set(writer, data, "requester_name", requester, error) &&
           set_people(writer, "assignees", view->assignees, error) &&
           set_people(writer, "watchers", view->watchers, error);
}

/* Messages in their order, events between them by their time; at the same second the message
 * comes first, for it is the cause. */
static bool add_thread(TranscriptWriter *writer, GError **error)
{
    const GPtrArray *messages = writer->view->messages, *events = writer->view->events;
    guint e = 0;
    template_data_list(writer->data, "entries");
    for (guint m = 0; m <= messages->len; m++) {
        const MessageView *one = m < messages->len ? messages->pdata[m] : NULL;
        for (; e < events->len; e++) {
            const Event *event = events->pdata[e];
            if (one && event->at >= one->message->created)
                break;
            if (!transcript_add_event(writer, event, error))
                return false;
        }
        if (one && !transcript_add_message(writer, one, error))
            return false;
    }
    return true;
}

/* --- its size ---------------------------------------------------------------------------- */

static guint64 size_without_pictures(const TicketView *view)
{
    guint64 bytes = FRAME_BYTES + (guint64)view->events->len * ENTRY_BYTES;
    for (guint i = 0; i < view->messages->len; i++) {
        const MessageView *one = view->messages->pdata[i];
        const Message *message = one->message;
        bytes += ENTRY_BYTES + (guint64)message->attachments->len * FILE_BYTES +
                 strlen(message->reply) + strlen(message->signature) + strlen(message->quoted);
    }
    return bytes;
}

/* In base64 three bytes are four. */
static guint64 picture_room(guint64 max_bytes, guint64 words)
{
    return MIN((guint64)TRANSCRIPT_PICTURE_BYTES, (max_bytes - words) / 4 * 3);
}

static const char *language_of(const TicketView *view, const char *wish)
{
    if (!wish)
        wish = view->reader && *view->reader->language ? view->reader->language
                                                       : view->ticket->language;
    return strcmp(wish, "fr") == 0 ? "fr" : "en";
}

static bool fill(Desk *desk, const TicketView *view, guint64 room, Transcript *transcript,
                 GError **error)
{
    g_autoptr(TemplateData) data = template_data_new();
    TranscriptWriter writer = {
        .desk = desk,
        .view = view,
        .data = data,
        .language = transcript->language,
        .picture_room = room,
    };
    if (!set_facts(&writer, error) || !add_thread(&writer, error))
        return false;
    transcript->bytes = MAX(transcript->bytes, writer.bytes);
    transcript->data = g_steal_pointer(&data);
    return true;
}

bool transcript_load(Desk *desk, gint64 ticket, gint64 person, const char *language,
                     guint64 max_bytes, Transcript **ret, GError **error)
{
    g_autoptr(TicketView) view = NULL;
    g_autoptr(Transcript) transcript = g_new0(Transcript, 1);
    if (!view_load(desk->store, ticket, person, &view, error))
        return false;
    g_autofree char *name = ticket_name(view->ticket);
    transcript->language = language_of(view, language);
    transcript->file_name = g_strconcat(name, ".html", NULL);
    transcript->bytes = size_without_pictures(view);
    if (transcript->bytes <= max_bytes &&
        !fill(desk, view, picture_room(max_bytes, transcript->bytes), transcript, error))
        return false;
    *ret = g_steal_pointer(&transcript);
    return true;
}
