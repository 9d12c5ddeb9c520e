/* Content-Transfer-Encoding decoders (RFC 2045 section 6), streaming and byte-exact.
 *
 * Tolerant as mail demands: base64 skips foreign bytes and goes on after padding in the middle;
 * quoted-printable keeps malformed escapes as they are; uuencode skips to its `begin` line and
 * stops at its `end`. Nothing is ever buffered beyond one line, so that memory does not grow
 * with the attachment. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    TRANSFER_IDENTITY,
    TRANSFER_BASE64,
    TRANSFER_QUOTED_PRINTABLE,
    TRANSFER_UUENCODE,
} TransferEncoding;

typedef struct {
    TransferEncoding encoding;
    guint32 bits; /* base64: what is not yet a whole byte */
    int n_bits;
    char held[96]; /* quoted-printable, uuencode: the start of an unfinished escape or line */
    gsize n_held;
    bool begun; /* uuencode: past `begin` */
    bool ended; /* uuencode: past `end` */
} TransferDecoder;

void transfer_init(TransferDecoder *decoder, TransferEncoding encoding);
/* Appends what `in` decodes to. Output never exceeds input plus held bytes. */
void transfer_decode(TransferDecoder *decoder, const guint8 *in, gsize length, GByteArray *out);
/* Flushes what was held back at the end of input. */
void transfer_finish(TransferDecoder *decoder, GByteArray *out);

const char *transfer_name(TransferEncoding encoding); /* "base64", as stored */
/* Those names, and every value of a Content-Transfer-Encoding field, in any case: 7bit, 8bit,
 * binary and "" are TRANSFER_IDENTITY. False if unknown. */
bool transfer_from_name(const char *name, TransferEncoding *ret);
