/* The site's one secret: a key file of one or more keys, and everything made from it.
 *
 * File (mode 0600, not a symlink; anything else is ERROR_CONFIG): one key a line,
 * "ID BASE32(32 bytes)", `#` comments. The first line signs; all verify, so that a key can be
 * replaced: put the new one on top, remove the old when its mails no longer matter. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define SECRET_MAC_BYTES 10 /* 80 bits, 16 characters in base32 */

typedef struct Keyring Keyring;

bool keyring_load(const char *path, Keyring **ret, GError **error);
/* Makes a file with one random key, 0600, fsynced; ERROR_REJECTED if it exists. */
bool keyring_create(const char *path, GError **error);
void keyring_free(Keyring *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keyring, keyring_free)

/* HMAC-SHA256 over purpose, NUL, data; the first `length` (at most 32) bytes go to `out`. */
void keyring_mac(const Keyring *ring, const char *purpose, const char *data, guint8 *out,
                 gsize length);
/* Constant-time; true if any key of the ring made `mac`. */
bool keyring_verify(const Keyring *ring, const char *purpose, const char *data,
                    const guint8 *mac, gsize length);

/* From the kernel; aborts if it has none to give (a signal death: Postfix defers). */
void random_bytes(guint8 *out, gsize length);

/* SHA-256 of `data`, 32 bytes to `out`. */
void sha256_of(const void *data, gsize length, guint8 *out);
