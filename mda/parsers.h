/* The server's parsers: a few sandboxed processes, lent to whichever session has a mail. */
#pragma once

#include "core/base/config.h"
#include "core/mail/mail.h"
#include "core/mail/scan.h"

typedef struct Parsers Parsers;

/* None is started before it is needed. `config` is borrowed and must live as long. */
Parsers *parsers_new(const Config *config);
/* Nobody reads any more. */
void parsers_free(Parsers *parsers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Parsers, parsers_free)

/* Scans and parses `size` bytes of `fd`, in the thread that calls. A mail that ends its parser
 * is tried twice, and is then *ret_mail as its outline, marked unparsed; nobody else waits for
 * it. ERROR_TRANSIENT when all parsers stay busy or none can be started. */
bool parsers_read(Parsers *parsers, int fd, guint64 size, Scan **ret_scan, Mail **ret_mail,
                  GError **error);
