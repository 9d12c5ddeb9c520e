/* mailwicket held …: mail that waits for somebody to decide. */
#include "core/base/timestamp.h"
#include "core/desk/held.h"
#include "core/desk/ticket.h"
#include "ctl/ctl.h"
#include "schema/messages.h"

#include <stdio.h>

static bool ticket_label(Ctl *ctl, const Message *message, char **ret, GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    *ret = NULL;
    if (message->ticket == 0)
        return true;
    if (!tickets_by_id(ctl->desk->store, message->ticket, &ticket, error))
        return false;
    *ret = ticket_name(ticket);
    return true;
}

static void print_json(const Message *message, const char *ticket)
{
    g_autoptr(GString) line = g_string_new(NULL);
    JsonWriter json = {.out = line};
    json_object_begin(&json, NULL);
    json_integer(&json, "id", message->id);
    json_time(&json, "created", message->created);
    json_string(&json, "ticket", ticket);
    json_string(&json, "from", message->author_address);
    json_string(&json, "subject", message->subject);
    json_string(&json, "reason", message->held_reason);
    json_string(&json, "text", message->reply);
    json_object_end(&json);
    ctl_json_line(&json);
}

static void print_line(const Message *message, const char *ticket)
{
    g_autofree char *at = timestamp_rfc3339(message->created);
    printf("%6" G_GINT64_FORMAT "  %s  %-8s %s: %s (%s)\n", message->id, at,
           ticket ? ticket : "-", message->author_address, message->subject,
           message->held_reason);
}

int cmd_held_list(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GPtrArray) held = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    if (!messages_held(ctl->desk->store, &held, &error))
        return ctl_fail(error);
    for (guint i = 0; i < held->len; i++) {
        g_autofree char *ticket = NULL;
        if (!ticket_label(ctl, held->pdata[i], &ticket, &error))
            return ctl_fail(error);
        if (ctl->json)
            print_json(held->pdata[i], ticket);
        else
            print_line(held->pdata[i], ticket);
    }
    return STATUS_DONE;
}

/* The number every held command takes, and the desk it is looked up in. */
static bool take_id(Ctl *ctl, int argc, char **argv, gint64 *ret, int *ret_status)
{
    g_autofree char **words = NULL;
    if (!ctl_parse(ctl, NULL, 1, 1, argc, argv, &words, ret_status))
        return false;
    *ret_status = STATUS_USAGE;
    return ctl_parse_id(words[0], ret) && ctl_open_desk(ctl, ret_status);
}

/* Everything that accepting would publish. */
static void print_all(const Message *message, const char *ticket)
{
    g_autofree char *at = timestamp_rfc3339(message->created);
    printf("%-10s%" G_GINT64_FORMAT ", %s\n", "held", message->id, at);
    printf("%-10s%s\n", "ticket", ticket ? ticket : "none yet: accepting opens one");
    printf("%-10s%s <%s>\n", "from", message->author_name, message->author_address);
    printf("%-10s%s\n", "subject", message->subject);
    printf("%-10s%s\n", "reason", message->held_reason);
    if (*message->unparsed)
        printf("%-10s%s\n", "unread", message->unparsed);
    for (guint i = 0; i < message->attachments->len; i++) {
        const Attachment *file = message->attachments->pdata[i];
        printf("%-10s%s, %s, %" G_GUINT64_FORMAT " bytes%s\n", "file", file->name, file->type,
               file->size, file->staff_only ? " (for the desk only)" : "");
    }
    printf("\n%s\n", message->reply);
    if (*message->signature)
        puts(message->signature);
}

int cmd_held_show(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(Message) message = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *ticket = NULL;
    gint64 id = 0;
    int status = 0;
    if (!take_id(ctl, argc, argv, &id, &status))
        return status;
    if (!messages_by_id(ctl->desk->store, id, &message, &error))
        return ctl_fail(error);
    if (!message || message->visibility != VISIBILITY_HELD) {
        fputs("mailwicket: no such mail is held: `mailwicket held list` shows those that are\n",
              stderr);
        return STATUS_REFUSED;
    }
    if (!ticket_label(ctl, message, &ticket, &error))
        return ctl_fail(error);
    print_all(message, ticket);
    return STATUS_DONE;
}

int cmd_held_accept(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *ticket = NULL;
    gint64 id = 0;
    int status = 0;
    if (!take_id(ctl, argc, argv, &id, &status))
        return status;
    if (!held_accept(ctl->desk, id, 0, &ticket, &error))
        return ctl_fail(error);
    puts(ticket);
    return STATUS_DONE;
}

int cmd_held_drop(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    gint64 id = 0;
    int status = 0;
    if (!take_id(ctl, argc, argv, &id, &status))
        return status;
    return ctl_result(held_drop(ctl->desk, id, 0, &error), &error);
}
