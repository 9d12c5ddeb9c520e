/* Carrying a transcript. It is rendered by whoever has the templates, between the two halves of
 * this file; in memory are then the file and its base64, both bounded by
 * outgoing_attachment_bytes. */
#include "core/desk/notice_transcript.h"

#include "core/desk/notice_data.h"
#include "core/mail/encode.h"

#include <string.h>

static guint64 limit(const Desk *desk)
{
    return (guint64)desk->config->limits.outgoing_attachment_bytes;
}

bool notice_transcript_load(Desk *desk, const NoticeFacts *facts, Notice *notice,
                            GError **error)
{
    gint64 reader = facts->archive ? 0 : facts->reader->id;
    g_autoptr(Transcript) transcript = NULL;
    if (!transcript_load(desk, facts->ticket->id, reader, facts->language, limit(desk),
                         &transcript, error))
        return false;
    if (transcript->data)
        notice->transcript = g_steal_pointer(&transcript);
    return true;
}

/* Escaping may have made it longer than it was judged. */
void notice_attach_transcript(const Desk *desk, Notice *notice, const char *html)
{
    g_autoptr(Transcript) transcript = g_steal_pointer(&notice->transcript);
    gsize length = strlen(html);
    if (length > limit(desk))
        return;
    GString *lines = g_string_sized_new(length / 3 * 4 + length / 28 + 8);
    encode_base64(lines, (const guint8 *)html, length);
    ComposePart *part = g_new0(ComposePart, 1);
    part->name = g_strdup(transcript->file_name);
    part->type = g_strdup("text/html");
    part->charset = "utf-8";
    part->content_id = g_strdup("");
    part->base64 = g_string_free_to_bytes(lines);
    g_ptr_array_insert(notice->mail.parts, 0, part);
    notice_data_set_transcript(notice->data, transcript->file_name, length, notice->language);
}
