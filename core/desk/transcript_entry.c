/* Entries of a transcript: messages and events as sets of names.
 *
 * An entry sets every name it may be asked for: one that it left out would be looked up around
 * it, in the ticket. */
#include "core/desk/transcript_entry.h"

#include "core/base/bytesize.h"
#include "core/base/timestamp.h"
#include "core/desk/encrypted.h"
#include "core/desk/event_words.h"
#include "core/desk/picture.h"
#include "core/desk/scrub.h"

#include <string.h>

static void set_flag(TemplateData *data, const char *name, bool value)
{
    template_data_set(data, name, value ? "1" : "");
}

bool transcript_set(TranscriptWriter *writer, TemplateData *data, const char *name,
                    const char *text, GError **error)
{
    g_autofree char *clean = NULL;
    if (!scrub_text(writer->desk, text, &clean, error))
        return false;
    template_data_set(data, name, clean);
    writer->bytes += strlen(clean);
    return true;
}

void transcript_set_time(TranscriptWriter *writer, TemplateData *data, const char *name,
                         const char *exact_name, gint64 at)
{
    GTimeZone *zone = config_zone(writer->desk->config);
    g_autofree char *shown = timestamp_long(at, zone, writer->language);
    g_autofree char *exact = timestamp_rfc3339(at);
    template_data_set(data, name, shown);
    template_data_set(data, exact_name, exact);
}

/* --- words ------------------------------------------------------------------------------- */

/* Where the paragraph at `text` ends; *next: where the one behind its blank lines begins. */
static const char *paragraph_end(const char *text, const char **next)
{
    for (const char *end = strchr(text, '\n'); end; end = strchr(end + 1, '\n')) {
        const char *blank = end + 1 + strspn(end + 1, " \t");
        if (*blank != '\n' && *blank != '\0')
            continue;
        for (*next = end + 1; *blank == '\n'; blank = *next + strspn(*next, " \t"))
            *next = blank + 1;
        if (*blank == '\0')
            *next = blank;
        return end;
    }
    *next = text + strlen(text);
    return *next;
}

static bool set_paragraphs(TranscriptWriter *writer, TemplateData *entry, const char *text,
                           GError **error)
{
    g_autofree char *clean = NULL;
    const char *next;
    if (!scrub_text(writer->desk, text, &clean, error))
        return false;
    template_data_list(entry, "paragraphs");
    for (const char *p = clean + strspn(clean, "\n"); *p; p = next) {
        const char *end = paragraph_end(p, &next);
        g_autofree char *words = g_strndup(p, (gsize)(end - p));
        template_data_set(template_data_add(entry, "paragraphs"), "words", words);
        writer->bytes += strlen(words);
    }
    return true;
}

/* --- files ------------------------------------------------------------------------------- */

static bool set_file(TranscriptWriter *writer, TemplateData *file, const Attachment *attachment,
                     GError **error)
{
    g_autofree char *size = bytesize_label(attachment->size, writer->language);
    template_data_set(file, "size", size);
    set_flag(file, "inside", attachment->staff_only);
    return transcript_set(writer, file, "name",
                          *attachment->name ? attachment->name : attachment->type, error);
}

/* *ret NULL: it is listed only. */
static bool load_picture(TranscriptWriter *writer, const Message *message,
                         const Attachment *attachment, char **ret, GError **error)
{
    *ret = NULL;
    if (!picture_is_small(attachment) || attachment->size > writer->picture_room)
        return true;
    if (!picture_address(writer->desk->store, message->raw, attachment, ret, error))
        return false;
    if (*ret) {
        writer->picture_room -= attachment->size;
        writer->bytes += strlen(*ret);
    }
    return true;
}

static bool set_files(TranscriptWriter *writer, TemplateData *entry, const Message *message,
                      GError **error)
{
    template_data_list(entry, "images");
    template_data_list(entry, "files");
    set_flag(entry, "has_files", false);
    for (guint i = 0; i < message->attachments->len; i++) {
        const Attachment *attachment = message->attachments->pdata[i];
        g_autofree char *address = NULL;
        if (!load_picture(writer, message, attachment, &address, error))
            return false;
        TemplateData *file = template_data_add(entry, address ? "images" : "files");
        template_data_set(file, "src", address);
        if (!set_file(writer, file, attachment, error))
            return false;
        if (!address)
            set_flag(entry, "has_files", true);
    }
    return true;
}

/* --- messages ---------------------------------------------------------------------------- */

static void set_role(const TranscriptWriter *writer, TemplateData *entry,
                     const MessageView *one)
{
    gint64 author = one->message->author;
    bool asked = author != 0 && author == writer->view->ticket->requester;
    set_flag(entry, "from_desk", one->from_desk);
    set_flag(entry, "by_requester", !one->from_desk && asked);
    set_flag(entry, "by_watcher", !one->from_desk && author != 0 && !asked);
    set_flag(entry, "by_stranger", author == 0);
}

static bool set_author(TranscriptWriter *writer, TemplateData *entry, const MessageView *one,
                       GError **error)
{
    /* Who really wrote is for the desk to judge. */
    const char *address = one->message->author_address;
    bool shown = writer->view->staff && !one->from_desk && strcmp(one->author, address) != 0;
    set_role(writer, entry, one);
    return transcript_set(writer, entry, "author_name", one->author, error) &&
           transcript_set(writer, entry, "author_address", shown ? address : "", error);
}

static bool set_texts(TranscriptWriter *writer, TemplateData *entry, const Message *message,
                      GError **error)
{
    const char *text = message->reply + strspn(message->reply, " \t\n");
    set_flag(entry, "has_text", *text != '\0');
    set_flag(entry, "encrypted", message_is_encrypted(message));
    return set_paragraphs(writer, entry, message->reply, error) &&
           transcript_set(writer, entry, "signature", message->signature, error) &&
           transcript_set(writer, entry, "quoted", message->quoted, error) &&
           transcript_set(writer, entry, "unparsed", message->unparsed, error) &&
           transcript_set(writer, entry, "held_reason", message->held_reason, error);
}

bool transcript_add_message(TranscriptWriter *writer, const MessageView *one, GError **error)
{
    const Message *message = one->message;
    TemplateData *entry = template_data_add(writer->data, "entries");
    set_flag(entry, "event", false);
    set_flag(entry, "internal", message->visibility == VISIBILITY_INTERNAL);
    set_flag(entry, "held", message->visibility == VISIBILITY_HELD);
    transcript_set_time(writer, entry, "when", "exact", message->created);
    return set_author(writer, entry, one, error) && set_texts(writer, entry, message, error) &&
           set_files(writer, entry, message, error);
}

/* --- events ------------------------------------------------------------------------------ */

bool transcript_add_event(TranscriptWriter *writer, const Event *event, GError **error)
{
    g_auto(EventWords) words = {0};
    if (!event_words(event, writer->language, &words))
        return true;
    TemplateData *entry = template_data_add(writer->data, "entries");
    const char *actor =
        *event->actor_name ? event->actor_name : writer->desk->config->site.name;
    set_flag(entry, "event", true);
    transcript_set_time(writer, entry, "when", "exact", event->at);
    return transcript_set(writer, entry, "author_name", actor, error) &&
           transcript_set(writer, entry, "before", words.before, error) &&
           transcript_set(writer, entry, "what", words.what, error) &&
           transcript_set(writer, entry, "after", words.after, error);
}
