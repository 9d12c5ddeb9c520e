/* Mail addresses as keys: RFC 5321 section 4.1.2 as far as a gateway needs it.
 *
 * Two addresses are the same if their bytes are, after lower-casing ASCII; no Unicode folding,
 * so that look-alikes stay strangers. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* One @ outside quotes, non-empty sides, no byte below 0x21, no DEL, none of <>,;: and no
 * space: safe in a header, an SMTP command and an argv. At most 254 bytes, local part 64. */
bool address_is_safe(const char *address);
/* Lower-cased key; NULL if not address_is_safe. */
char *address_key(const char *address);
/* "support+r12.abc@example.org" → base "support@example.org", extension "r12.abc" (NULL if none). */
bool address_split(const char *address, char **base, char **extension);
/* Borrowed pointer behind the last @, or NULL. */
const char *address_domain(const char *address);
/* An address within 254 bytes with the extension put in: the inverse of address_split. */
char *address_extend(const char *base, const char *extension);
