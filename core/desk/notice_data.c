/* Naming for the templates what a mail is about. */
#include "core/desk/notice_data.h"

#include "core/base/bytesize.h"
#include "core/base/timestamp.h"
#include "core/base/utf8.h"
#include "core/desk/author.h"
#include "core/desk/confirming.h"
#include "core/desk/encrypted.h"
#include "core/desk/failure.h"
#include "core/desk/notice.h"
#include "core/desk/notify.h"
#include "core/desk/status.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"

#include <string.h>

#define TEXT_CHARS 20000
#define SUMMARY_CHARS 120
#define URL_NAME_CHARS 80
#define TITLE_CHARS 200

const char *const notice_template_names[] = {
    "site_name", "ticket_id", "title", "status", "priority", "queue_name", "link",
    "reader_name", "author_name", "when", "text", "old_status", "new_status", "assignee",
    "requester_name", "held_reason", "held_id", "summary", "reply_goes_to", "mail_address",
    "failed_address", "failed_name", "failed_status", "failed_why",
    /* flags */
    "staff", "brief", "unproven", "internal", "has_text", "encrypted", "from_desk", "cut",
    "has_buttons", "refused", "returned", "ask_proof", "ask_destroys", "ask_stray", "ask_newer",
    "closed", "newer_author", "newer_text", "desk_address", "list_title", "list_count", "rows",
    "id", "pressing", "requester", "assignees", "due", "late", "take", "find_words", "found",
    "shown", "history", "thread", "number", "author", "held", "words", "watchers", "tags",
    /* lists and their fields */
    "paragraphs", "lines", "line", "more", "attachments", "images", "files", "buttons", "name",
    "size", "url", "cid", "label", "primary", "has_verbs", "commands", "written", "good",
    "answer", "verbs", "usage", "help", "undo", NULL};

/* --- words ------------------------------------------------------------------------------- */

static void set_flag(TemplateData *data, const char *name, bool value)
{
    template_data_set(data, name, value ? "1" : "");
}

/* "Jean Dupont", "Jean Dupont et 2 autres". */
static char *some_names(const GPtrArray *names, bool french)
{
    if (names->len == 0)
        return g_strdup("");
    if (names->len == 1)
        return g_strdup(names->pdata[0]);
    if (names->len == 2)
        return g_strdup_printf("%s %s %s", (char *)names->pdata[0], french ? "et" : "and",
                               (char *)names->pdata[1]);
    return g_strdup_printf(french ? "%s et %u autres" : "%s and %u others",
                           (char *)names->pdata[0], names->len - 1);
}

static char *reply_goes_to(const Desk *desk, const NoticeFacts *facts)
{
    bool french = strcmp(facts->language, "fr") == 0;
    if (!facts->staff)
        return g_strdup_printf(french ? "l’équipe %s" : "the %s team", desk->config->site.name);
    if (facts->part->visibility == VISIBILITY_INTERNAL)
        return g_strdup(french ? "l’équipe seulement" : "the team only");
    return some_names(facts->customers, french);
}

static void add_paragraphs(TemplateData *data, const char *text)
{
    g_auto(GStrv) blocks = g_strsplit(text, "\n\n", -1);
    template_data_list(data, "paragraphs");
    for (char **block = blocks; *block; block++) {
        g_strstrip(*block);
        if (**block == '\0')
            continue;
        TemplateData *paragraph = template_data_add(data, "paragraphs");
        g_auto(GStrv) lines = g_strsplit(*block, "\n", -1);
        for (char **line = lines; *line; line++) {
            TemplateData *one = template_data_add(paragraph, "lines");
            template_data_set(one, "line", *line);
            template_data_set(one, "more", line[1] ? "1" : "");
        }
    }
}

/* The first words, for the line mail programs show under the subject. */
static char *summary_of(const NoticeFacts *facts, const char *text)
{
    g_autofree char *line = utf8_clean(text, strlen(text), TEXT_LINE);
    if (*line)
        return utf8_shorten(line, SUMMARY_CHARS);
    return g_strdup(facts->row->brief ? "" : facts->ticket->title);
}

static void set_text(const NoticeFacts *facts, TemplateData *data)
{
    const char *whole = facts->shows_text ? facts->message->reply : "";
    g_autofree char *text = utf8_shorten(whole, TEXT_CHARS);
    g_autofree char *summary = summary_of(facts, text);
    template_data_set(data, "text", text);
    template_data_set(data, "summary", summary);
    set_flag(data, "has_text", *text != '\0');
    set_flag(data, "encrypted", facts->shows_text && message_is_encrypted(facts->message));
    set_flag(data, "cut", strcmp(text, whole) != 0);
    add_paragraphs(data, text);
}

static void set_change(const NoticeFacts *facts, TemplateData *data)
{
    const Event *event = facts->event;
    bool status = event && strcmp(event->what, "status") == 0;
    bool assigned = event && strcmp(event->what, "assigned") == 0;
    template_data_set(data, "old_status",
                      status ? status_label(event->old, facts->language) : "");
    template_data_set(data, "new_status",
                      status ? status_label(event->new, facts->language) : "");
    template_data_set(data, "assignee", assigned ? event->new : "");
}

static void set_failure(const NoticeFacts *facts, TemplateData *data)
{
    const Event *event = facts->event;
    bool failed = event && strcmp(event->what, "paused") == 0;
    const char *address = failed ? event->new : "", *status = failed ? event->old : "";
    template_data_set(data, "failed_address", address);
    template_data_set(data, "failed_name", facts->failed ? facts->failed->name : "");
    template_data_set(data, "failed_status", status);
    template_data_set(data, "failed_why", failure_words(status, facts->language));
}

/* Why the reader is asked about a mail of theirs. */
static void set_reason(const NoticeFacts *facts, TemplateData *data)
{
    const char *reason = facts->message ? facts->message->held_reason : "";
    set_flag(data, "ask_proof", strcmp(reason, ASK_PROOF) == 0);
    set_flag(data, "ask_destroys", strcmp(reason, ASK_DESTROYS) == 0);
    set_flag(data, "ask_stray", strcmp(reason, ASK_STRAY) == 0);
    set_flag(data, "ask_newer", strcmp(reason, ASK_NEWER) == 0);
    if (facts->newer) {
        g_autofree char *author = author_label(facts->newer, NULL, true);
        template_data_set(data, "newer_author", author);
        template_data_set(data, "newer_text", facts->newer->reply);
    }
    set_flag(data, "closed", strcmp(facts->ticket->status, "closed") == 0);
}

/* Where this reader commands without a ticket; "" for customers and lists. */
static char *desk_address_of(const Desk *desk, const NoticeFacts *facts)
{
    if (!facts->staff || facts->reader->is_list)
        return g_strdup("");
    return token_desk_address(desk->ring, facts->ticket->address, facts->reader->id,
                              facts->reader->epoch);
}

static void set_names(const Desk *desk, const NoticeFacts *facts, TemplateData *data)
{
    const OutboxRow *row = facts->row;
    const Ticket *ticket = facts->ticket;
    g_autofree char *id = ticket_name(ticket);
    g_autofree char *title = utf8_shorten(ticket->title, TITLE_CHARS);
    g_autofree char *goes_to = reply_goes_to(desk, facts);
    gint64 at = facts->message ? facts->message->created : row->created;
    g_autofree char *when = timestamp_long(at, config_zone(desk->config), facts->language);
    g_autofree char *desk_address = desk_address_of(desk, facts);
    g_autofree char *held = g_strdup_printf("%" G_GINT64_FORMAT, row->message);
    const struct {
        const char *name, *value;
    } values[] = {
        {"site_name", desk->config->site.name},
        {"ticket_id", id},
        {"title", row->brief ? "" : title},
        {"status", status_label(ticket->status, facts->language)},
        {"priority", priority_label((MailPriority)ticket->priority, facts->language)},
        {"queue_name", ticket->queue_name},
        {"link", facts->link},
        {"reader_name", row->brief ? "" : facts->reader->name},
        {"author_name", facts->shows_text || !facts->message ? facts->author_name : ""},
        {"requester_name", row->brief ? "" : person_label(facts->requester)},
        {"when", when},
        {"held_reason", facts->staff && facts->message ? facts->message->held_reason : ""},
        {"held_id", held},
        {"reply_goes_to", goes_to},
        {"mail_address", ticket->address},
        {"desk_address", desk_address},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        template_data_set(data, values[i].name, values[i].value);
}

static void set_lists(TemplateData *data)
{
    static const char *const lists[] = {"attachments", "images", "files", "buttons", "commands",
                                        "verbs",       "rows",   "found", "shown",   "history"};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        template_data_list(data, lists[i]);
}

TemplateData *notice_data_plain(const Desk *desk, const Person *reader, const Queue *queue)
{
    TemplateData *data = template_data_new();
    template_data_set(data, "site_name", desk->config->site.name);
    template_data_set(data, "mail_address", queue->address);
    template_data_set(data, "reader_name", reader->name);
    set_flag(data, "staff", person_is_agent(reader));
    set_lists(data);
    return data;
}

TemplateData *notice_data_new(const Desk *desk, const NoticeFacts *facts)
{
    TemplateData *data = template_data_new();
    set_names(desk, facts, data);
    set_change(facts, data);
    set_failure(facts, data);
    set_text(facts, data);
    set_reason(facts, data);
    set_flag(data, "staff", facts->staff);
    set_flag(data, "brief", facts->row->brief);
    set_flag(data, "unproven", facts->row->unproven);
    set_flag(data, "internal", facts->part->visibility == VISIBILITY_INTERNAL);
    set_flag(data, "from_desk", facts->from_desk);
    set_lists(data);
    return data;
}

/* --- attachments ------------------------------------------------------------------------- */

static const char *shown_name(const Attachment *attachment)
{
    return *attachment->name ? attachment->name : attachment->type;
}

void notice_data_add_image(TemplateData *data, const char *content_id,
                           const Attachment *attachment)
{
    TemplateData *image = template_data_add(data, "images");
    template_data_set(image, "cid", content_id);
    template_data_set(image, "name", shown_name(attachment));
}

void notice_data_add_file(TemplateData *data, const Attachment *attachment,
                          const char *language)
{
    TemplateData *file = template_data_add(data, "files");
    g_autofree char *size = bytesize_label(attachment->size, language);
    template_data_set(file, "name", shown_name(attachment));
    template_data_set(file, "size", size);
}

void notice_data_add_link(TemplateData *data, const NoticeFacts *facts,
                          const Attachment *attachment, const char *language)
{
    if (*facts->link == '\0') /* a list has no page of its own */
        return;
    TemplateData *one = template_data_add(data, "attachments");
    g_autofree char *size = bytesize_label(attachment->size, language);
    g_autofree char *brief = utf8_shorten(shown_name(attachment), URL_NAME_CHARS);
    g_autofree char *name = g_uri_escape_string(brief, NULL, FALSE);
    g_autofree char *url = g_strdup_printf("%s/file/%" G_GINT64_FORMAT ".%d/%s", facts->link,
                                           facts->message->id, attachment->n, name);
    template_data_set(one, "name", shown_name(attachment));
    template_data_set(one, "size", size);
    template_data_set(one, "url", url);
}
