/* A ticket as JSON: one shape for the page's twin and the command line. */
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/view.h"

#include <string.h>

static const char *visibility_name(Visibility visibility)
{
    static const char *const names[] = {"public", "internal", "held", "dropped"};
    return names[visibility];
}

static void write_person(const TicketView *view, const Person *person, const char *name,
                         JsonWriter *json)
{
    /* Customers learn each other's names, not their addresses. */
    bool known = view->staff || (view->reader && person->id == view->reader->id);
    json_object_begin(json, name);
    json_string(json, "name", person->name);
    if (known)
        json_string(json, "address", person->address);
    json_object_end(json);
}

static void write_people(const TicketView *view, const GPtrArray *people, const char *name,
                         JsonWriter *json)
{
    json_array_begin(json, name);
    for (guint i = 0; i < people->len; i++)
        write_person(view, people->pdata[i], NULL, json);
    json_array_end(json);
}

static void write_attachment(const Attachment *attachment, JsonWriter *json)
{
    json_object_begin(json, NULL);
    json_integer(json, "n", attachment->n);
    json_string(json, "name", attachment->name);
    json_string(json, "type", attachment->type);
    json_integer(json, "size", (gint64)attachment->size);
    json_string(json, "sha256", attachment->sha256);
    json_bool(json, "inline", attachment->is_inline);
    json_object_end(json);
}

static void write_message(const TicketView *view, const MessageView *one, JsonWriter *json)
{
    const Message *message = one->message;
    json_object_begin(json, NULL);
    json_integer(json, "id", message->id);
    json_string(json, "author", one->author);
    json_bool(json, "desk", one->from_desk);
    json_string(json, "visibility", visibility_name(message->visibility));
    json_time(json, "created", message->created);
    json_string(json, "text", message->reply);
    json_string(json, "signature", message->signature);
    json_string(json, "quoted", message->quoted);
    if (view->staff) {
        json_string(json, "held_reason", *message->held_reason ? message->held_reason : NULL);
        json_string(json, "unparsed", *message->unparsed ? message->unparsed : NULL);
    }
    json_array_begin(json, "attachments");
    for (guint i = 0; i < message->attachments->len; i++)
        write_attachment(message->attachments->pdata[i], json);
    json_array_end(json);
    json_object_end(json);
}

static void write_event(const Event *event, JsonWriter *json)
{
    json_object_begin(json, NULL);
    json_time(json, "at", event->at);
    json_string(json, "actor", *event->actor_name ? event->actor_name : NULL);
    json_string(json, "what", event->what);
    json_string(json, "from", *event->old ? event->old : NULL);
    json_string(json, "to", *event->new ? event->new : NULL);
    json_object_end(json);
}

void view_json(const TicketView *view, JsonWriter *json)
{
    const Ticket *ticket = view->ticket;
    g_autofree char *name = ticket_name(ticket);
    json_object_begin(json, NULL);
    json_string(json, "id", name);
    json_integer(json, "number", ticket->number);
    json_string(json, "queue", ticket->queue_name);
    json_string(json, "title", ticket->title);
    json_string(json, "status", ticket->status);
    json_string(json, "priority", priority_name((MailPriority)ticket->priority));
    json_string(json, "type", *ticket->type ? ticket->type : NULL);
    json_array_begin(json, "tags");
    json_array_end(json);
    write_person(view, view->requester, "requester", json);
    write_people(view, view->assignees, "assignees", json);
    write_people(view, view->watchers, "watchers", json);
    json_time(json, "created", ticket->created);
    json_time(json, "updated", ticket->updated);
    json_array_begin(json, "messages");
    for (guint i = 0; i < view->messages->len; i++)
        write_message(view, view->messages->pdata[i], json);
    json_array_end(json);
    json_array_begin(json, "events");
    for (guint i = 0; i < view->events->len; i++)
        write_event(view->events->pdata[i], json);
    json_array_end(json);
    json_object_end(json);
}
