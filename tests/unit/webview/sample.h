/* Tickets as a reader sees them, made by hand. Header only, for every .c here is a program. */
#pragma once

#include "core/base/config.h"
#include "core/desk/view.h"
#include "webview/page.h"

#define SAMPLE_HASH "0123456789abcdefghjkmnpqrs"
#define SAMPLE_TIME 1795162320 /* Friday 20 November 2026, 8:12 UTC */

static inline Config *sample_config(void)
{
    static const char text[] =
        "[site]\nname = Support Exemple\ndomain = example.org\n"
        "base_url = https://desk.example.org\nlanguage = fr\n"
        "timezone = Europe/Paris\ndata_dir = /nowhere/data\n"
        "key_file = /nowhere/key\n[mail]\ntransport = maildir:/nowhere\n";
    Config *config = NULL;
    g_autoptr(GError) error = NULL;
    config_parse("sample", text, strlen(text), &config, &error);
    g_assert_no_error(error);
    return config;
}

static inline Person *sample_person(gint64 id, const char *name, const char *address, Role role)
{
    Person *person = g_new0(Person, 1);
    person->id = id;
    person->name = g_strdup(name);
    person->address = g_strdup(address);
    person->role = role;
    person->language = g_strdup("");
    person->why_paused = g_strdup("");
    return person;
}

static inline void sample_message_free(void *data)
{
    MessageView *view = data;
    message_free(view->message);
    g_free(view->author);
    g_free(view);
}

/* SUP-42, asked by Jean (1), nobody on it, no message yet; read by Jean. */
static inline TicketView *sample_view(void)
{
    TicketView *view = g_new0(TicketView, 1);
    Ticket *ticket = view->ticket = g_new0(Ticket, 1);
    ticket->id = 7;
    ticket->number = 42;
    ticket->prefix = g_strdup("SUP");
    ticket->address = g_strdup("support@example.org");
    ticket->queue_name = g_strdup("support");
    ticket->token = g_strdup("7kq2m9xw");
    ticket->title = g_strdup("Imprimante en panne au 2e étage");
    ticket->status = g_strdup("new");
    ticket->type = g_strdup("");
    ticket->language = g_strdup("fr");
    ticket->priority = 1;
    ticket->requester = 1;
    ticket->created = ticket->updated = SAMPLE_TIME;
    view->reader = sample_person(1, "Jean Dupont", "jean@example.com", ROLE_REQUESTER);
    view->requester = sample_person(1, "Jean Dupont", "jean@example.com", ROLE_REQUESTER);
    view->assignees = g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
    view->watchers = g_ptr_array_new_with_free_func((GDestroyNotify)person_free);
    view->messages = g_ptr_array_new_with_free_func(sample_message_free);
    view->events = g_ptr_array_new_with_free_func((GDestroyNotify)event_free);
    view->linked = g_array_new(FALSE, FALSE, sizeof(gint64));
    return view;
}

/* The next message, a minute times ten after the last. `author`: 1 is Jean, 2 the technician,
 * 0 a stranger. */
static inline Message *sample_message(TicketView *view, gint64 author, const char *name,
                                      Visibility visibility, const char *text)
{
    MessageView *one = g_new0(MessageView, 1);
    Message *message = one->message = g_new0(Message, 1);
    message->id = 100 + view->messages->len;
    message->ticket = view->ticket->id;
    message->raw = 1;
    message->author = author;
    message->author_name = g_strdup(name);
    message->author_address = g_strdup_printf("person%d@example.com", (int)author);
    message->visibility = visibility;
    message->kind = g_strdup("message");
    message->subject = g_strdup("");
    message->message_id = g_strdup("");
    message->created = SAMPLE_TIME + 600 * (gint64)view->messages->len;
    message->reply = g_strdup(text);
    message->signature = g_strdup("");
    message->quoted = g_strdup("");
    message->held_reason = g_strdup("");
    message->unparsed = g_strdup("");
    message->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
    one->author = g_strdup(name);
    one->from_desk = author == 2;
    one->from_reader = view->reader && author == view->reader->id;
    g_ptr_array_add(view->messages, one);
    return message;
}

static inline Attachment *sample_file(Message *message, const char *name, const char *type,
                                      guint64 size)
{
    Attachment *file = g_new0(Attachment, 1);
    file->n = (int)message->attachments->len + 1;
    file->name = g_strdup(name);
    file->type = g_strdup(type);
    file->charset = g_strdup("");
    file->content_id = g_strdup("");
    file->sha256 = g_strdup("");
    file->size = size;
    g_ptr_array_add(message->attachments, file);
    return file;
}

static inline void sample_event(TicketView *view, gint64 at, const char *actor,
                                const char *what, const char *old, const char *new)
{
    Event *event = g_new0(Event, 1);
    event->id = view->events->len + 1;
    event->at = at;
    event->actor = *actor ? 2 : 0;
    event->actor_name = g_strdup(actor);
    event->what = g_strdup(what);
    event->old = g_strdup(old);
    event->new = g_strdup(new);
    g_ptr_array_add(view->events, event);
}

/* "old" → "new" of a string that the view owns. */
static inline void sample_set(char **field, const char *value)
{
    g_free(*field);
    *field = g_strdup(value);
}
