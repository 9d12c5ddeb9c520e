/* How large a file is and its SHA-256, of bytes that come in pieces. */
#pragma once

#include <glib.h>
#include <nettle/sha2.h>

typedef struct {
    struct sha256_ctx hash;
    guint64 size;
} Digest;

void digest_init(Digest *digest);
void digest_add(Digest *digest, const guint8 *bytes, gsize length);
char *digest_hex(Digest *digest); /* and begins anew */
