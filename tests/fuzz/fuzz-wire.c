/* Any bytes from the parser's child: refused, or a Mail that packs to a fixed point.
 *
 * Random bytes are hardly ever in normal form, so the input is read as edits (place, byte) of a
 * packed mail; with an odd first byte, as the answer itself. */
#include "core/mail/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

enum { RAW_SIZE = 1000 };

static GBytes *pack_sample(void)
{
    g_autoptr(Mail) mail = mail_new();
    g_ptr_array_add(mail->references, g_strdup("a@b"));
    g_ptr_array_add(mail->from, mail_address_new("A", "a@b"));
    MailAttachment *attachment = mail_attachment_new();
    g_free(attachment->sha256);
    attachment->sha256 = g_strnfill(64, 'a');
    attachment->place.outer = (Extent){900, 100, TRANSFER_BASE64};
    attachment->place.inner = (Extent){10, 20, TRANSFER_UUENCODE};
    attachment->place.is_nested = true;
    g_ptr_array_add(mail->attachments, attachment);
    g_ptr_array_add(mail->bounce_recipients, mail_bounce_recipient_new());
    g_ptr_array_add(mail->auth, mail_auth_result_new());
    return wire_pack(mail);
}

static GBytes *answer_of(const guint8 *data, size_t size)
{
    if (size > 0 && data[0] & 1)
        return g_bytes_new(data + 1, size - 1);
    g_autoptr(GBytes) sample = pack_sample();
    GByteArray *edited = g_bytes_unref_to_array(g_steal_pointer(&sample));
    for (size_t i = 1; i + 2 < size; i += 3)
        edited->data[(data[i] | data[i + 1] << 8) % edited->len] = data[i + 2];
    return g_byte_array_free_to_bytes(edited);
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(GBytes) answer = answer_of(data, size);
    g_autoptr(Mail) mail = NULL;
    g_autoptr(Mail) again = NULL;
    if (!wire_unpack(answer, RAW_SIZE, &mail, NULL))
        return 0;
    g_autoptr(GBytes) packed = wire_pack(mail);
    if (!wire_unpack(packed, RAW_SIZE, &again, NULL))
        abort();
    g_autoptr(GBytes) repacked = wire_pack(again);
    if (!g_bytes_equal(packed, repacked))
        abort();
    return 0;
}
