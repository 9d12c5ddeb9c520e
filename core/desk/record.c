/* Storing what a delivery brought: the raw mail, and the message read from it. */
#include "core/base/address.h"
#include "core/desk/delivery.h"
#include "core/desk/scrub.h"
#include "core/desk/ticket.h"

#include <string.h>

#define NAME_BYTES 255
#define TAIL_BYTES 16

bool delivery_decide(Delivery *delivery, Verdict verdict, const char *reason)
{
    delivery->outcome->verdict = verdict;
    g_free(delivery->outcome->reason);
    delivery->outcome->reason = g_strdup(reason);
    return true;
}

void delivery_take_ticket(Delivery *delivery, const Ticket *ticket)
{
    delivery->ticket = ticket->id;
    g_free(delivery->outcome->ticket);
    delivery->outcome->ticket = ticket_name(ticket);
}

bool delivery_is_held(Delivery *delivery, bool *ret, GError **error)
{
    g_autoptr(Message) held = NULL;
    if (!messages_by_content(delivery->desk->store, delivery->scan->content_hash,
                             delivery->route->queue->id, 0, &held, error))
        return false;
    *ret = held && held->visibility == VISIBILITY_HELD;
    if (*ret) {
        delivery->message = held->id;
        delivery->raw = held->raw;
    }
    return true;
}

bool delivery_store_raw(Delivery *delivery, GError **error)
{
    const Envelope *envelope = delivery->envelope;
    return delivery->raw != 0 || raw_add(delivery->desk->store, envelope->fd, envelope->size,
                                         delivery->scan->raw_hash, &delivery->raw, error);
}

/* Message-IDs this mail answers, each once. */
static GPtrArray *collect_references(const Mail *mail)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *ids = g_ptr_array_new();
    const GPtrArray *sources[] = {mail->in_reply_to, mail->references};
    for (gsize s = 0; s < G_N_ELEMENTS(sources); s++)
        for (guint i = 0; i < sources[s]->len; i++)
            if (g_hash_table_add(seen, sources[s]->pdata[i]))
                g_ptr_array_add(ids, sources[s]->pdata[i]);
    return ids;
}

/* Keys of addresses, each once. Asked before adding: an add takes the new key in the old one's
 * place. */
static GPtrArray *collect_addressees(const Mail *mail)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);
    const GPtrArray *sources[] = {mail->to, mail->cc};
    for (gsize s = 0; s < G_N_ELEMENTS(sources); s++) {
        for (guint i = 0; i < sources[s]->len; i++) {
            const MailAddress *address = sources[s]->pdata[i];
            char *key = address_key(address->address);
            if (!key || g_hash_table_contains(seen, key)) {
                g_free(key);
                continue;
            }
            g_hash_table_add(seen, key);
            g_ptr_array_add(keys, key);
        }
    }
    return keys;
}

/* File systems take 255 bytes at most. The end is kept: it says what to open the file with. */
static char *file_name(const char *name)
{
    gsize length = strlen(name);
    if (length <= NAME_BYTES)
        return g_strdup(name);
    const char *tail = strrchr(name, '.');
    if (!tail || strlen(tail) > TAIL_BYTES)
        tail = "";
    gsize room = NAME_BYTES - strlen("…") - strlen(tail);
    const char *cut = g_utf8_find_prev_char(name, name + room + 1);
    return g_strdup_printf("%.*s…%s", (int)(cut - name), name, tail);
}

static Attachment *attachment_of(const MailAttachment *part, int n)
{
    Attachment *attachment = g_new0(Attachment, 1);
    attachment->n = n;
    attachment->name = file_name(part->name);
    attachment->type = g_strdup(part->type);
    attachment->charset = g_strdup(part->charset);
    attachment->content_id = g_strdup(part->content_id);
    attachment->is_inline = part->is_inline;
    attachment->size = part->size;
    attachment->sha256 = g_strdup(part->sha256);
    attachment->place = part->place;
    return attachment;
}

/* A mail nobody could read is kept whole, for the desk alone: it may hold anything. */
static Attachment *whole_mail(const Envelope *envelope, const Scan *scan)
{
    Attachment *attachment = g_new0(Attachment, 1);
    g_autoptr(GString) hash = g_string_new(NULL);
    for (gsize i = 0; i < sizeof scan->raw_hash; i++)
        g_string_append_printf(hash, "%02x", scan->raw_hash[i]);
    attachment->n = 1;
    attachment->name = g_strdup("mail.eml");
    attachment->type = g_strdup("message/rfc822");
    attachment->charset = g_strdup("");
    attachment->content_id = g_strdup("");
    attachment->size = attachment->place.outer.length = envelope->size;
    attachment->sha256 = g_string_free(g_steal_pointer(&hash), FALSE);
    attachment->staff_only = true;
    return attachment;
}

static bool collect_attachments(Delivery *delivery, GPtrArray *list, GError **error)
{
    const GPtrArray *parts = delivery->mail->attachments;
    guint64 left = SCRUB_READ_BYTES;
    if (delivery->mail->unparsed) {
        g_ptr_array_add(list, whole_mail(delivery->envelope, delivery->scan));
        return true;
    }
    for (guint i = 0; i < parts->len; i++) {
        Attachment *attachment = attachment_of(parts->pdata[i], (int)i + 1);
        g_ptr_array_add(list, attachment);
        if (!scrub_attachment_holds_secret(delivery->desk, delivery->envelope->fd,
                                           parts->pdata[i], &left, &attachment->staff_only,
                                           error))
            return false;
    }
    return true;
}

/* The From line's own words, for display; never an identity. Where there is not one single
 * sender, the envelope's is the only one that could be answered. */
static void name_author(const Delivery *delivery, Message *message)
{
    const Mail *mail = delivery->mail;
    bool single = *delivery->authority->address != '\0';
    const MailAddress *from = single ? mail->from->pdata[0] : NULL;
    const char *address = from ? from->address : delivery->envelope->sender;
    if (delivery->author)
        address = delivery->author->address;
    message->author_name = g_strdup(delivery->author ? delivery->author->name
                                    : from           ? from->name
                                                     : "");
    message->author_address = g_strdup(address);
}

/* Whoever opens a ticket is made a person only then, so the delivery knows better. A machine's
 * mail has no author: anybody can put a From line on one. */
static gint64 author_id(const Delivery *delivery)
{
    const Person *person = delivery->authority->person;
    if (delivery->authority->machine)
        return 0;
    if (delivery->author)
        return delivery->author->id;
    if (delivery->person != 0)
        return delivery->person;
    return person ? person->id : 0;
}

bool delivery_store_message(Delivery *delivery, const Ticket *ticket, Visibility visibility,
                            Visibility intent, const char *held_reason, gint64 *ret_id,
                            GError **error)
{
    Desk *desk = delivery->desk;
    const Mail *mail = delivery->mail;
    g_autoptr(Message) message = g_new0(Message, 1);
    g_autoptr(GPtrArray) references = collect_references(mail);
    g_autoptr(GPtrArray) addressees = collect_addressees(mail);

    message->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
    if (!delivery_store_raw(delivery, error) ||
        !collect_attachments(delivery, message->attachments, error) ||
        !scrub_text(desk, mail->subject, &message->subject, error) ||
        !scrub_text(desk, delivery->reply, &message->reply, error) ||
        !scrub_text(desk, mail->signature, &message->signature, error) ||
        !scrub_text(desk, mail->quoted, &message->quoted, error))
        return false;
    name_author(delivery, message);
    message->ticket = ticket ? ticket->id : 0;
    message->queue = ticket ? ticket->queue : delivery->route->queue->id;
    message->raw = delivery->raw;
    message->author = author_id(delivery);
    message->visibility = visibility;
    message->intent = intent;
    message->kind = g_strdup(mail_kind_name(mail->kind));
    message->message_id = g_strdup(mail->message_id);
    memcpy(message->content_hash, delivery->scan->content_hash, sizeof message->content_hash);
    message->created = delivery->now;
    message->quotes_us =
        delivery->route->answers_us || delivery->route->secret || delivery->route->token;
    message->held_reason = g_strdup(held_reason ? held_reason : "");
    message->unparsed = g_strdup(mail->unparsed ? mail->unparsed : "");
    if (!messages_add(desk->store, message, references, addressees, &delivery->message, error))
        return false;
    if (ret_id)
        *ret_id = delivery->message;
    return true;
}
