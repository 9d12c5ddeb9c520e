/* Raw mail → Mail, by GMime. Runs in the sandbox's child, in fuzzers and in tests.
 *
 * Never fails: what cannot be understood is left empty. May crash or run long on hostile input
 * (the library does); that is what the sandbox is for. */
#pragma once

#include "core/mail/mail.h"
#include "core/mail/spam.h"

#include <glib.h>

/* Loads what the first mail would load otherwise: files may be out of reach by then. */
void parse_prepare(void);
/* `fd` is only read with pread and stays the caller's. `spam`: NULL none. */
Mail *parse_mail(int fd, guint64 size, const SpamRule *spam);
