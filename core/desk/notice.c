/* Turning an outbox row into facts and headers. The words are the templates', the bytes are
 * compose.c's; who may read what is decided here and nowhere later.
 *
 * For each recipient subject and References never change; only the very first mail of a thread
 * we started has no References. */
#include "core/desk/notice.h"

#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/desk/notice_answer.h"
#include "core/desk/notice_buttons.h"
#include "core/desk/notice_data.h"
#include "core/desk/notice_parts.h"
#include "core/desk/notify.h"
#include "core/desk/ticket.h"
#include "core/desk/token.h"

#include <string.h>

static bool is_kind(const OutboxRow *row, NoticeKind kind)
{
    return strcmp(row->kind, notice_kind_name(kind)) == 0;
}

/* Does it answer a mail, by itself? */
static bool is_answer(const OutboxRow *row)
{
    return is_kind(row, NOTICE_ACKNOWLEDGEMENT) || is_kind(row, NOTICE_ANSWER);
}

/* Only of people on the desk, only where the ticket waits to be seen, and only if wanted. */
static bool asks_receipt(const Desk *desk, const NoticeFacts *facts)
{
    return desk->config->mail.ask_receipts && facts->staff && !facts->reader->is_list &&
           (is_kind(facts->row, NOTICE_TICKET) || is_kind(facts->row, NOTICE_ASSIGNED));
}

/* The receipt comes to the address for machines, never among answers. */
static void ask_receipt(const Desk *desk, const NoticeFacts *facts, Notice *notice)
{
    g_autofree char *address =
        token_bounce_address(desk->ring, facts->ticket->address, facts->row->id);
    notice_add_header(notice, "Disposition-Notification-To", address);
}

/* Every mark by which machines leave us alone; bounces are still wanted, so not "All". RN would
 * suppress the very receipt that is asked for. */
static void add_machine_marks(const Desk *desk, const NoticeFacts *facts, Notice *notice)
{
    notice_mark(notice, desk->config, is_answer(facts->row), asks_receipt(desk, facts));
}

/* Where an answer goes: the secret address of this very reader. A list gets none. */
static char *reply_address(const Desk *desk, const NoticeFacts *facts)
{
    const OutboxRow *row = facts->row;
    const char *queue = facts->ticket->address;
    if (facts->reader->is_list)
        return g_strdup(queue);
    if (row->confirmation != 0)
        return token_confirm_address(desk->ring, queue, row->confirmation,
                                     facts->reader->epoch);
    return token_reply_address(desk->ring, queue, facts->part->id, facts->reader->epoch);
}

static char *sender_name(const Desk *desk, const NoticeFacts *facts)
{
    const char *site = desk->config->site.name;
    bool words = facts->shows_text && *facts->author_name &&
                 !is_kind(facts->row, NOTICE_ACKNOWLEDGEMENT) &&
                 !is_kind(facts->row, NOTICE_CONFIRM);
    return words ? g_strdup_printf("%s · %s", facts->author_name, site) : g_strdup(site);
}

static void fill_mail(const Desk *desk, const NoticeFacts *facts, Notice *notice)
{
    const OutboxRow *row = facts->row;
    const Participation *part = facts->part;
    ComposeMail *mail = &notice->mail;
    bool first = strcmp(part->root, row->message_id) == 0;
    bool opens = first || is_kind(row, NOTICE_ACKNOWLEDGEMENT);

    mail->from_name = notice_own(notice, sender_name(desk, facts));
    mail->from_address = notice_own(notice, g_strdup(facts->ticket->address));
    mail->to_name = notice_own(notice, g_strdup(row->brief ? "" : facts->reader->name));
    mail->to_address = notice_own(notice, g_strdup(row->address));
    mail->reply_to = notice_own(notice, reply_address(desk, facts));
    mail->subject =
        notice_own(notice, g_strdup_printf("%s%s", opens ? "" : "Re: ", part->subject));
    mail->message_id = notice_own(notice, g_strdup(row->message_id));
    if (!first && *part->root) {
        mail->references = notice_own(notice, g_strdup(part->root));
        mail->in_reply_to = mail->references;
    }
    mail->date = row->created;
    mail->zone = config_zone(desk->config);
    add_machine_marks(desk, facts, notice);
    if (asks_receipt(desk, facts))
        ask_receipt(desk, facts, notice);
}

/* --- attachments ------------------------------------------------------------------------- */

static bool read_part(void *user, GByteArray *piece, GError **error)
{
    return attachment_reader_next(user, piece, error);
}

/* Inline images travel under an id of ours: theirs could name a part of another mail. */
static char *inline_id(const Desk *desk, const OutboxRow *row, const Attachment *attachment)
{
    return g_strdup_printf("%s.%d@%s", row->message_id, attachment->n,
                           desk->config->site.domain);
}

static bool is_shown_image(const Attachment *attachment)
{
    static const char *const types[] = {"image/png", "image/jpeg", "image/gif", NULL};
    return attachment->is_inline && g_strv_contains(types, attachment->type);
}

static bool attach(Desk *desk, const NoticeFacts *facts, const Attachment *attachment,
                   Notice *notice, GError **error)
{
    ComposePart *part = g_new0(ComposePart, 1);
    g_ptr_array_add(notice->mail.parts, part);
    part->name = g_strdup(attachment->name);
    part->type = g_strdup(attachment->type);
    part->is_inline = is_shown_image(attachment);
    part->content_id = part->is_inline ? inline_id(desk, facts->row, attachment) : g_strdup("");
    if (part->is_inline)
        notice_data_add_image(notice->data, part->content_id, attachment);
    else
        notice_data_add_file(notice->data, attachment, notice->language);
    if (!notice_topic_file(facts->topic, desk->store, attachment, &part->base64, error))
        return false;
    if (part->base64)
        return true;
    AttachmentReader *reader =
        attachment_reader_new(desk->store, facts->message->raw, attachment);
    g_ptr_array_add(notice->readers, reader);
    part->read = read_part;
    part->user = reader;
    return true;
}

/* What fits within the limit travels, in order; the rest is linked, and so is everything of a
 * mail that is not to be trusted yet. */
static bool add_attachments(Desk *desk, const NoticeFacts *facts, Notice *notice,
                            GError **error)
{
    gint64 room = desk->config->limits.outgoing_attachment_bytes;
    bool travels =
        facts->shows_text && facts->message && facts->message->visibility != VISIBILITY_HELD;
    /* An acknowledgement goes to whoever sent them. */
    if (!facts->message || !facts->shows_text || is_kind(facts->row, NOTICE_ACKNOWLEDGEMENT))
        return true;
    for (guint i = 0; i < facts->message->attachments->len; i++) {
        const Attachment *attachment = facts->message->attachments->pdata[i];
        if (attachment->staff_only && !facts->staff)
            continue;
        if (travels && !attachment->staff_only && (gint64)attachment->size <= room) {
            room -= (gint64)attachment->size;
            if (!attach(desk, facts, attachment, notice, error))
                return false;
        } else {
            notice_data_add_link(notice->data, facts, attachment, notice->language);
        }
    }
    return true;
}

/* --- the whole --------------------------------------------------------------------------- */

static bool add_answer(Desk *desk, const NoticeFacts *facts, Notice *notice, GError **error)
{
    g_autoptr(Run) run = NULL;
    g_autofree char *mail_to = token_desk_address(desk->ring, facts->ticket->address,
                                                  facts->reader->id, facts->reader->epoch);
    return notice_answer_load(desk, facts->row, &run, error) &&
           notice_answer_add(desk, run, facts->reader, mail_to, notice->data, error);
}

bool notice_prepare(Desk *desk, const OutboxRow *row, NoticeTopic **topic, Notice **ret,
                    GError **error)
{
    g_autoptr(NoticeFacts) facts = NULL;
    if (row->ticket == 0)
        return notice_plain(desk, row, ret, error);
    if (!notice_facts_load(desk, row, topic, &facts, error))
        return false;
    g_autoptr(Notice) notice = notice_new(row->kind, facts->language);
    notice->data = notice_data_new(desk, facts);
    fill_mail(desk, facts, notice);
    notice_buttons_add(notice->data, facts, notice->mail.reply_to);
    if (row->run != 0 && !add_answer(desk, facts, notice, error))
        return false;
    if (!add_attachments(desk, facts, notice, error))
        return false;
    *ret = g_steal_pointer(&notice);
    return true;
}

bool notice_envelope_sender(Desk *desk, const OutboxRow *row, char **ret, GError **error)
{
    if (is_answer(row) || row->ticket == 0) {
        *ret = g_strdup(""); /* RFC 3834: an answer to an answer must have nowhere to go */
        return true;
    }
    if (*row->queue_address == '\0') {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT,
                    "outbox row %" G_GINT64_FORMAT " is of no queue", row->id);
        return false;
    }
    *ret = token_bounce_address(desk->ring, row->queue_address, row->id);
    return true;
}

/* --- how it went ------------------------------------------------------------------------- */

/* When the mail is written and not before: most of what a delivery would do for it otherwise is
 * to scatter the hashes of links. */
bool notice_mint_link(Desk *desk, const OutboxRow *row, GError **error)
{
    g_autoptr(Person) reader = NULL;
    if (!people_by_id(desk->store, row->person, &reader, error))
        return false;
    return !reader || reader->is_list || row->ticket == 0 ||
           ticket_mint_link(desk, row->ticket, reader, NULL, error);
}

bool notice_sent(Desk *desk, const OutboxRow *row, GError **error)
{
    return outbox_sent(desk->store, row->id, now_utc(), error);
}

bool notice_retry(Desk *desk, const OutboxRow *row, gint64 next, const char *why,
                  GError **error)
{
    return outbox_retry(desk->store, row->id, next, why, error);
}

bool notice_dead(Desk *desk, const OutboxRow *row, const char *why, GError **error)
{
    g_autoptr(Ticket) ticket = NULL;
    if (!outbox_dead(desk->store, row->id, now_utc(), why, error) ||
        !tickets_by_id(desk->store, row->ticket, &ticket, error))
        return false;
    return !ticket || ticket_note_event(desk, ticket, 0, "delivery-failed", row->address, why,
                                        NULL, error);
}
