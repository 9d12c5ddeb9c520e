/* A body is what stands between its header, which is always written the same way, and the next
 * delimiter: no quoted-printable line can hold "=_". */
#include "core/mail/composed.h"

#include "core/base/transfer.h"
#include "core/base/utf8.h"

#include <string.h>

char *composed_text(const guint8 *mail, gsize length, const char *type)
{
    static const char delimiter[] = "\r\n--=_";
    g_autofree char *header =
        g_strdup_printf("Content-Type: %s; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                        type);
    const guint8 *start = memmem(mail, length, header, strlen(header));
    if (!start)
        return NULL;
    start += strlen(header);
    gsize left = (gsize)(mail + length - start);
    const guint8 *end = memmem(start, left, delimiter, strlen(delimiter));
    TransferDecoder decoder;
    g_autoptr(GByteArray) text = g_byte_array_new();
    transfer_init(&decoder, TRANSFER_QUOTED_PRINTABLE);
    transfer_decode(&decoder, start, end ? (gsize)(end - start) : left, text);
    transfer_finish(&decoder, text);
    return utf8_clean((const char *)text->data, text->len, TEXT_BLOCK);
}
