/* Mails about no ticket: the answers to commands in bulk. They come from the queue whose
 * address was written to, and an answer to them is a command again. */
#include "core/desk/notice_parts.h"

#include "core/base/error.h"
#include "core/desk/notice_answer.h"
#include "core/desk/notice_data.h"
#include "core/desk/token.h"
#include "schema/queues.h"

#include <string.h>

static void fill_mail(const Desk *desk, const OutboxRow *row, const Run *run,
                      const Queue *queue, const Person *reader, Notice *notice)
{
    ComposeMail *mail = &notice->mail;
    mail->from_name = notice_own(notice, g_strdup(desk->config->site.name));
    mail->from_address = notice_own(notice, g_strdup(queue->address));
    mail->to_name = notice_own(notice, g_strdup(reader->name));
    mail->to_address = notice_own(notice, g_strdup(row->address));
    mail->reply_to = notice_own(
        notice, token_desk_address(desk->ring, queue->address, reader->id, reader->epoch));
    g_autofree char *bare = token_strip_subject(run->subject);
    mail->subject =
        notice_own(notice, g_strdup_printf("Re: %s", *bare ? bare : desk->config->site.name));
    mail->message_id = notice_own(notice, g_strdup(row->message_id));
    if (*run->message_id) {
        mail->references = notice_own(notice, g_strdup(run->message_id));
        mail->in_reply_to = mail->references;
    }
    mail->date = row->created;
    mail->zone = config_zone(desk->config);
    notice_mark(notice, desk->config, true, false);
}

bool notice_plain(Desk *desk, const OutboxRow *row, Notice **ret, GError **error)
{
    g_autoptr(Run) run = NULL;
    g_autoptr(Person) reader = NULL;
    g_autoptr(Queue) queue = NULL;
    if (!notice_answer_load(desk, row, &run, error) ||
        !people_by_id(desk->store, row->person, &reader, error) ||
        !queues_by_id(desk->store, run->queue, &queue, error))
        return false;
    g_autoptr(Notice) notice = notice_new(row->kind, run->language);
    notice->data = notice_data_plain(desk, reader, queue);
    fill_mail(desk, row, run, queue, reader, notice);
    if (!notice_answer_add(desk, run, reader, notice->mail.reply_to, notice->data, error))
        return false;
    *ret = g_steal_pointer(&notice);
    return true;
}
