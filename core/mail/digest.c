/* nettle's SHA-256 uses what the processor has for it. */
#include "core/mail/digest.h"

#include <nettle/base16.h>

void digest_init(Digest *digest)
{
    sha256_init(&digest->hash);
    digest->size = 0;
}

void digest_add(Digest *digest, const guint8 *bytes, gsize length)
{
    sha256_update(&digest->hash, length, bytes);
    digest->size += length;
}

char *digest_hex(Digest *digest)
{
    guint8 bytes[SHA256_DIGEST_SIZE];
    char hex[BASE16_ENCODE_LENGTH(sizeof bytes)];
    sha256_digest(&digest->hash, sizeof bytes, bytes);
    base16_encode_update(hex, sizeof bytes, bytes);
    return g_strndup(hex, sizeof hex);
}
