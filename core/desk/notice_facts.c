/* Loading what a mail is about and who reads it.
 *
 * What it is about is the topic: the same for all who hear of one mail, and their rows follow
 * one another in the outbox. So the last one is kept. */
#include "core/desk/notice_facts.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/desk/author.h"
#include "core/desk/confirming.h"
#include "core/desk/token.h"
#include "core/mail/encode.h"

#include <string.h>

/* Of the files of a topic that are kept, in base64. */
#define FILES_BYTES (1024 * 1024)

struct NoticeTopic {
    gint64 ticket_id, message_id, event_id; /* of the rows it is the topic of */
    Ticket *ticket;
    Person *requester;
    GPtrArray *customers;
    Message *message;
    Message *newer; /* that it was written before; NULL: none */
    Person *author; /* of the message; NULL: a stranger, or no message */
    Event *event;
    Person *failed;
    GHashTable *files; /* number of an attachment → GBytes *: it in base64 */
    guint64 files_bytes;
};

void notice_topic_free(NoticeTopic *topic)
{
    if (!topic)
        return;
    g_clear_pointer(&topic->ticket, ticket_free);
    g_clear_pointer(&topic->requester, person_free);
    g_clear_pointer(&topic->customers, g_ptr_array_unref);
    g_clear_pointer(&topic->message, message_free);
    g_clear_pointer(&topic->newer, message_free);
    g_clear_pointer(&topic->author, person_free);
    g_clear_pointer(&topic->event, event_free);
    g_clear_pointer(&topic->failed, person_free);
    g_clear_pointer(&topic->files, g_hash_table_unref);
    g_free(topic);
}

void notice_facts_free(NoticeFacts *facts)
{
    if (!facts)
        return;
    g_clear_pointer(&facts->part, participation_free);
    g_clear_pointer(&facts->reader, person_free);
    g_free(facts->author_name);
    g_free(facts->link);
    g_free(facts);
}

static bool miss(const OutboxRow *row, GError **error)
{
    g_set_error(error, WICKET_ERROR, ERROR_CORRUPT,
                "outbox row %" G_GINT64_FORMAT " names what does not exist", row->id);
    return false;
}

/* --- the topic --------------------------------------------------------------------------- */

static bool load_customers(Store *store, NoticeTopic *topic, GError **error)
{
    g_autoptr(GPtrArray) parts = NULL;
    topic->customers = g_ptr_array_new_with_free_func(g_free);
    if (!participations_of(store, topic->ticket_id, &parts, error))
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const Participation *part = parts->pdata[i];
        g_autoptr(Person) person = NULL;
        if (part->role == PART_STAFF)
            continue;
        if (!people_by_id(store, part->person, &person, error))
            return false;
        g_ptr_array_add(topic->customers, g_strdup(person_label(person)));
    }
    return true;
}

static bool load_message(Store *store, NoticeTopic *topic, GError **error)
{
    if (topic->message_id == 0)
        return true;
    if (!messages_by_id(store, topic->message_id, &topic->message, error) ||
        (topic->message && strcmp(topic->message->held_reason, ASK_NEWER) == 0 &&
         !messages_before(store, topic->message, &topic->newer, error)))
        return false;
    return !topic->message || topic->message->author == 0 ||
           people_by_id(store, topic->message->author, &topic->author, error);
}

/* With whose address it is that takes our mail no more. */
static bool load_event(Store *store, NoticeTopic *topic, GError **error)
{
    if (topic->event_id == 0)
        return true;
    if (!events_by_id(store, topic->event_id, &topic->event, error))
        return false;
    if (!topic->event || strcmp(topic->event->what, "paused") != 0)
        return true;
    g_autofree char *key = address_key(topic->event->new);
    return people_by_address(store, key, &topic->failed, error);
}

static bool load_topic(Store *store, const OutboxRow *row, NoticeTopic **ret, GError **error)
{
    g_autoptr(NoticeTopic) topic = g_new0(NoticeTopic, 1);
    topic->ticket_id = row->ticket;
    topic->message_id = row->message;
    topic->event_id = row->event;
    topic->files = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_bytes_unref);
    if (!tickets_by_id(store, row->ticket, &topic->ticket, error))
        return false;
    if (!topic->ticket)
        return miss(row, error);
    if (!people_by_id(store, topic->ticket->requester, &topic->requester, error) ||
        !load_customers(store, topic, error) || !load_message(store, topic, error) ||
        !load_event(store, topic, error))
        return false;
    *ret = g_steal_pointer(&topic);
    return true;
}

static bool is_topic_of(const NoticeTopic *topic, const OutboxRow *row)
{
    return topic && topic->ticket_id == row->ticket && topic->message_id == row->message &&
           topic->event_id == row->event;
}

static bool turn_to_topic(Store *store, const OutboxRow *row, NoticeTopic **topic,
                          GError **error)
{
    if (is_topic_of(*topic, row))
        return true;
    g_clear_pointer(topic, notice_topic_free);
    return load_topic(store, row, topic, error);
}

/* --- its files --------------------------------------------------------------------------- */

static bool read_file(Store *store, gint64 raw, const Attachment *attachment, GByteArray *out,
                      GError **error)
{
    g_autoptr(AttachmentReader) reader = attachment_reader_new(store, raw, attachment);
    for (guint before = G_MAXUINT; out->len != before;) {
        before = out->len;
        if (!attachment_reader_next(reader, out, error))
            return false;
    }
    return true;
}

static bool add_file(NoticeTopic *topic, Store *store, const Attachment *attachment,
                     GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (!read_file(store, topic->message->raw, attachment, bytes, error))
        return false;
    GString *lines = g_string_new(NULL);
    encode_base64(lines, bytes->data, bytes->len);
    topic->files_bytes += lines->len;
    g_hash_table_insert(topic->files, GINT_TO_POINTER(attachment->n),
                        g_string_free_to_bytes(lines));
    return true;
}

bool notice_topic_file(NoticeTopic *topic, Store *store, const Attachment *attachment,
                       GBytes **ret, GError **error)
{
    gpointer number = GINT_TO_POINTER(attachment->n);
    bool fits = topic->files_bytes + attachment->size / 3 * 4 <= FILES_BYTES;
    if (fits && !g_hash_table_contains(topic->files, number) &&
        !add_file(topic, store, attachment, error))
        return false;
    GBytes *kept = g_hash_table_lookup(topic->files, number);
    *ret = kept ? g_bytes_ref(kept) : NULL;
    return true;
}

/* --- the reader's side ------------------------------------------------------------------- */

static void set_author(NoticeFacts *facts, const NoticeTopic *topic)
{
    if (facts->message) {
        facts->author_name = author_label(facts->message, topic->author, facts->staff);
        facts->from_desk = author_is_desk(topic->author, facts->ticket);
    } else {
        facts->author_name = g_strdup(facts->event ? facts->event->actor_name : "");
    }
}

/* A link is derived, not stored: the same one every time (notice_mint_link). */
static char *link_of(const Desk *desk, const NoticeFacts *facts)
{
    if (facts->reader->is_list)
        return g_strdup("");
    g_autofree char *page =
        token_page(desk->ring, facts->ticket->id, facts->reader->id, facts->reader->epoch);
    return g_strdup_printf("%s/ticket/%s", desk->config->site.base_url, page);
}

static bool load_reader(Desk *desk, NoticeFacts *facts, GError **error)
{
    const OutboxRow *row = facts->row;
    if (!participations_by_id(desk->store, row->participation, &facts->part, error) ||
        !people_by_id(desk->store, row->person, &facts->reader, error))
        return false;
    return (facts->part && facts->reader) || miss(row, error);
}

bool notice_facts_load(Desk *desk, const OutboxRow *row, NoticeTopic **topic, NoticeFacts **ret,
                       GError **error)
{
    g_autoptr(NoticeFacts) facts = g_new0(NoticeFacts, 1);
    facts->row = row;
    if (!turn_to_topic(desk->store, row, topic, error) || !load_reader(desk, facts, error))
        return false;
    facts->topic = *topic;
    facts->ticket = (*topic)->ticket;
    facts->requester = (*topic)->requester;
    facts->customers = (*topic)->customers;
    facts->message = (*topic)->message;
    facts->newer = (*topic)->newer;
    facts->event = (*topic)->event;
    facts->failed = (*topic)->failed;
    facts->staff = person_is_agent(facts->reader);
    set_author(facts, *topic);
    const char *wish = facts->reader->language;
    facts->language = strcmp(*wish ? wish : facts->ticket->language, "fr") == 0 ? "fr" : "en";
    facts->shows_text = facts->message && !row->brief &&
                        (facts->staff || facts->message->visibility == VISIBILITY_PUBLIC);
    facts->link = link_of(desk, facts);
    *ret = g_steal_pointer(&facts);
    return true;
}
