/* mailwicket ticket … and link. */
#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/desk/agents.h"
#include "core/desk/change.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/view.h"
#include "ctl/ctl.h"

#include <stdio.h>
#include <string.h>

/* --- list -------------------------------------------------------------------------------- */

static bool print_row(const Ticket *ticket, void *user, GError **error)
{
    g_autofree char *name = ticket_name(ticket);
    g_autofree char *updated = timestamp_rfc3339(ticket->updated);
    printf("%-10s %-12s %-7s %s  %s\n", name, ticket->status,
           priority_name((MailPriority)ticket->priority), updated, ticket->title);
    return true;
}

static bool print_row_json(const Ticket *ticket, void *user, GError **error)
{
    const Ctl *ctl = user;
    g_autofree char *name = ticket_name(ticket);
    g_autoptr(Person) requester = NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    if (!people_by_id(ctl->desk->store, ticket->requester, &requester, error))
        return false;
    json_object_begin(&json, NULL);
    json_string(&json, "id", name);
    json_integer(&json, "number", ticket->number);
    json_string(&json, "queue", ticket->queue_name);
    json_string(&json, "title", ticket->title);
    json_string(&json, "status", ticket->status);
    json_string(&json, "priority", priority_name((MailPriority)ticket->priority));
    json_string(&json, "type", *ticket->type ? ticket->type : NULL);
    json_object_begin(&json, "requester");
    json_string(&json, "name", requester->name);
    json_string(&json, "address", requester->address);
    json_object_end(&json);
    json_time(&json, "created", ticket->created);
    json_time(&json, "updated", ticket->updated);
    json_object_end(&json);
    ctl_json_line(&json);
    return true;
}

/* A queue that is not there has no tickets, but who asks for it has mistyped it. */
static bool queue_exists(Desk *desk, const char *name, GError **error)
{
    g_autoptr(Queue) queue = NULL;
    return queue_find(desk, name, &queue, error);
}

int cmd_ticket_list(Ctl *ctl, int argc, char **argv)
{
    gboolean as_json = FALSE, all = FALSE;
    g_autofree char *queue = NULL, *status_word = NULL;
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    const GOptionEntry entries[] = {
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "resolved, closed and cancelled ones too", NULL},
        {"queue", 0, 0, G_OPTION_ARG_FILENAME, &queue, "of one queue", "Q"},
        {"status", 0, 0, G_OPTION_ARG_FILENAME, &status_word, "of one status", "S"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "one object a line", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 0, 0, argc, argv, &words, &status))
        return status;
    TicketFilter filter = {.queue = queue, .open_only = !all && !status_word};
    if (status_word && !(filter.status = status_from_word(status_word))) {
        g_autofree char *known = g_strjoinv(", ", (char **)status_names);
        fprintf(stderr, "mailwicket: \"%s\" is no status: %s\n", status_word, known);
        return STATUS_USAGE;
    }
    if (!ctl_open_desk(ctl, &status))
        return status;
    bool done = (!queue || queue_exists(ctl->desk, queue, &error)) &&
                tickets_each(ctl->desk->store, &filter, as_json ? print_row_json : print_row,
                             ctl, &error);
    return ctl_result(done, &error);
}

/* --- show -------------------------------------------------------------------------------- */

static void print_people(const char *label, const GPtrArray *people)
{
    if (people->len == 0)
        return;
    printf("%-10s", label);
    for (guint i = 0; i < people->len; i++) {
        const Person *person = people->pdata[i];
        printf("%s%s <%s>", i ? ", " : "", person_label(person), person->address);
    }
    puts("");
}

static void print_message(const MessageView *one)
{
    static const char *const marks[] = {"", " [note]", " [held]", " [dropped]"};
    const Message *message = one->message;
    g_autofree char *at = timestamp_rfc3339(message->created);
    printf("\n--- %" G_GINT64_FORMAT "  %s  %s <%s>%s\n", message->id, at, one->author,
           message->author_address, marks[message->visibility]);
    if (*message->held_reason)
        printf("    (%s)\n", message->held_reason);
    if (*message->unparsed)
        printf("    (not readable: %s)\n", message->unparsed);
    puts(message->reply);
    for (guint i = 0; i < message->attachments->len; i++) {
        const Attachment *attachment = message->attachments->pdata[i];
        printf("    file %d: %s, %s, %" G_GUINT64_FORMAT " bytes\n", attachment->n,
               attachment->name, attachment->type, attachment->size);
    }
}

static void print_view(const TicketView *view)
{
    const Ticket *ticket = view->ticket;
    g_autofree char *name = ticket_name(ticket);
    printf("%s  %s\n", name, ticket->title);
    printf("%-10s%s, priority %s, queue %s\n", "status", ticket->status,
           priority_name((MailPriority)ticket->priority), ticket->queue_name);
    printf("%-10s%s <%s>\n", "requester", person_label(view->requester),
           view->requester->address);
    print_people("assigned", view->assignees);
    print_people("watchers", view->watchers);
    for (guint i = 0; i < view->messages->len; i++)
        print_message(view->messages->pdata[i]);
    puts("");
    for (guint i = 0; i < view->events->len; i++) {
        const Event *event = view->events->pdata[i];
        g_autofree char *at = timestamp_rfc3339(event->at);
        printf("%s  %s%s%s  %s%s%s\n", at, event->what, *event->actor_name ? " by " : "",
               event->actor_name, event->old, *event->old && *event->new ? " -> " : "",
               event->new);
    }
}

int cmd_ticket_show(Ctl *ctl, int argc, char **argv)
{
    gboolean as_json = FALSE;
    g_autofree char **words = NULL;
    g_autoptr(Ticket) ticket = NULL;
    g_autoptr(TicketView) view = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "as one object", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, 1, argc, argv, &words, &status))
        return status;
    if (!ctl_open_desk(ctl, &status))
        return status;
    if (!ticket_find(ctl->desk, words[0], &ticket, &error) ||
        !view_load(ctl->desk->store, ticket->id, 0, &view, &error))
        return ctl_fail(error);
    if (as_json) {
        g_autoptr(GString) line = g_string_new(NULL);
        JsonWriter json = {.out = line};
        view_json(view, &json);
        ctl_json_line(&json);
    } else {
        print_view(view);
    }
    return STATUS_DONE;
}

/* --- set, link --------------------------------------------------------------------------- */

int cmd_ticket_set(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *to = NULL, *assign = NULL, *priority = NULL;
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    const GOptionEntry entries[] = {
        {"status", 0, 0, G_OPTION_ARG_FILENAME, &to, "in French or English", "S"},
        {"assign", 0, 0, G_OPTION_ARG_FILENAME, &assign, "the only assignee from now on",
         "ADDR|none"},
        {"priority", 0, 0, G_OPTION_ARG_FILENAME, &priority, "low, normal, high, urgent", "P"},
        {NULL, 0, 0, 0, NULL, NULL, NULL}};
    if (!ctl_parse(ctl, entries, 1, 1, argc, argv, &words, &status))
        return status;
    if (!to && !assign && !priority)
        return ctl_wrong_usage(ctl, "nothing to set: give --status, --assign or --priority");
    if (!ctl_open_desk(ctl, &status))
        return status;
    const TicketChange change = {to, assign, priority};
    return ctl_result(change_ticket(ctl->desk, words[0], &change, &error), &error);
}

int cmd_link(Ctl *ctl, int argc, char **argv)
{
    g_autofree char *url = NULL;
    g_autofree char **words = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_parse(ctl, NULL, 1, 2, argc, argv, &words, &status))
        return status;
    if (!ctl_open_desk(ctl, &status))
        return status;
    if (!change_mint_link(ctl->desk, words[0], words[1], &url, &error))
        return ctl_fail(error);
    puts(url);
    return STATUS_DONE;
}
