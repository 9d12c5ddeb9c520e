/* The stream is decoded into memory once; the files in it are told by their place, so that they
 * can be cut out of the raw mail later like all others. */
#include "core/mail/winmail.h"

#include "core/mail/text.h"
#include "core/mail/tnef.h"

#define STREAM_MAX ((gsize)48 * 1024 * 1024)

bool winmail_is(GMimeObject *part)
{
    static const char *const names[] = {"winmail.dat", "win.dat", NULL};
    if (!GMIME_IS_PART(part) || !part_is(part, "application", "*"))
        return false;
    if (part_is(part, "application", "ms-tnef") || part_is(part, "application", "vnd.ms-tnef"))
        return true;
    g_autofree char *name = part_name(part);
    g_autofree char *lower = g_ascii_strdown(name, -1);
    return g_strv_contains(names, lower);
}

/* Weighed in the stream: in the raw mail all that is in front of it would be decoded again. */
static void add_file(const TnefFile *found, const Extent *extent, const GByteArray *stream,
                     Mail *mail)
{
    const Extent bytes = {found->offset, found->length, TRANSFER_IDENTITY};
    const RawMail opened = {.fd = -1, .bytes = stream->data, .size = stream->len};
    MailAttachment *file = mail_attachment_new();
    g_free(file->name);
    g_free(file->type);
    g_free(file->content_id);
    file->name = g_strdup(found->name);
    file->type = g_strdup(found->type);
    file->content_id = g_strdup(found->content_id);
    file->is_inline = found->is_inline;
    file->place.outer = bytes;
    part_weigh(file, &opened);
    file->place = place_within(extent, &bytes);
    g_ptr_array_add(mail->attachments, file);
}

bool winmail_read(const Extent *extent, const RawMail *raw, Mail *mail, char **ret_text)
{
    const Place place = {.outer = *extent};
    g_autoptr(GByteArray) stream = raw_decode_all(raw, &place, STREAM_MAX, NULL);
    g_autoptr(Tnef) tnef = tnef_read(stream->data, stream->len);
    *ret_text = NULL;
    if (!tnef)
        return false;
    *ret_text = g_steal_pointer(&tnef->body);
    if (mail->attachments->len + tnef->files->len > MAIL_FILES_MAX - TEXT_MAX_PARTS)
        return false;
    for (guint i = 0; i < tnef->files->len; i++)
        add_file(tnef->files->pdata[i], extent, stream, mail);
    return tnef->files->len > 0 || *ret_text;
}
