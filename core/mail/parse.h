/* Raw mail → Mail, by GMime. Runs in the sandbox's child, in fuzzers and in tests.
 *
 * Never fails: what cannot be understood is left empty. May crash or run long on hostile input
 * (the library does); that is what the sandbox is for. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>

/* Sets up the library. Whoever forks a child for each mail calls it first, so that the children
 * need not; otherwise parse_mail does. Cheap when done already. */
void parse_init(void);

/* `fd` is only read with pread and stays the caller's. */
Mail *parse_mail(int fd, guint64 size);
