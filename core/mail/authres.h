/* Authentication-Results (RFC 8601): reading them, and saying which may be believed.
 *
 * A header is believed only if our own server wrote it: its authserv-id is ours and it stands
 * above the topmost Received, or above the Received of the last trusted relay. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

#define AUTHRES_MAX 100 /* results kept of one mail */

/* Appends the results of one header value found below `hop` Received headers, as long as there
 * are fewer than AUTHRES_MAX. Broken syntax yields nothing: a half-read header proves nothing.
 */
void authres_read(const char *raw, int hop, GPtrArray *results);

/* The last hop index whose headers are believed: 0, or more when the topmost Received fields
 * were written on receipt from `relays` (addresses or CIDR networks, NULL-terminated). */
int authres_trusted_hop(const Mail *mail, char *const *relays);

/* Does a believed header say dmarc=pass for `domain`, or dkim=pass with d= `domain` or a parent
 * of it (two labels at least)? Any believed dmarc=fail outweighs dkim. Whatever the answer,
 * *ret_login (g_free; NULL: none) is the login of a believed auth=pass, for the caller to
 * judge: alone it proves no domain. `authserv_id` NULL: nothing is believed. */
bool authres_proves_domain(const Mail *mail, const char *authserv_id, char *const *relays,
                           const char *domain, char **ret_login);
