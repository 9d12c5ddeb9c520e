/* Transfer decoders: pieces of any size decode to the same, never to more than went in. The
 * first byte says which encoding, the second how the input is cut. */
#include "core/base/transfer.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length);

static GByteArray *decode(TransferEncoding encoding, const guint8 *bytes, gsize length,
                          gsize piece)
{
    TransferDecoder decoder;
    GByteArray *out = g_byte_array_new();
    transfer_init(&decoder, encoding);
    for (gsize at = 0; at < length; at += piece) {
        gsize size = MIN(piece, length - at);
        g_autofree guint8 *exact = g_memdup2(bytes + at, size);
        transfer_decode(&decoder, exact, size, out);
    }
    transfer_finish(&decoder, out);
    return out;
}

int LLVMFuzzerTestOneInput(const guint8 *bytes, gsize length)
{
    if (length < 2)
        return 0;
    TransferEncoding encoding = (TransferEncoding)(bytes[0] % 4);
    gsize piece = 1 + bytes[1] % 100;
    bytes += 2;
    length -= 2;
    g_autoptr(GByteArray) whole = decode(encoding, bytes, length, length + 1);
    g_autoptr(GByteArray) pieces = decode(encoding, bytes, length, piece);
    g_assert_cmpmem(whole->data, whole->len, pieces->data, pieces->len);
    g_assert_cmpint(whole->len, <=, length);
    return 0;
}
