/* Mail addresses as keys: RFC 5321 section 4.1.2 as far as a gateway needs it.
 *
 * Two addresses are the same if their bytes are, after lower-casing ASCII; no Unicode folding,
 * so that look-alikes stay strangers. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* One @ outside quotes, non-empty sides, no byte below 0x21, no DEL, none of <>,;: and no
 * space, no leading -, a host name or [IPv4] behind the @: safe in a header, an SMTP command
 * and an argv. Non-ASCII only as valid UTF-8. At most 254 bytes, local part 64. */
bool address_is_safe(const char *address);
/* Lower-cased key; NULL if not address_is_safe. */
char *address_key(const char *address);
/* "support+r12.abc@example.org" → base "support@example.org", extension "r12.abc" (NULL if
 * none), in the case they were written in. False if not address_is_safe. */
bool address_split(const char *address, char **base, char **extension);
/* Borrowed pointer behind the last @, or NULL. */
const char *address_domain(const char *address);
/* The inverse of address_split; NULL if the result is not address_is_safe (too long). */
char *address_extend(const char *base, const char *extension);
