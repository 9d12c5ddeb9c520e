/* What a forwarded mail says of the mail it passes on, by the little header above that. */
#pragma once

#include "core/mail/mail.h"
#include "core/mail/quote_lines.h"

/* Does the subject of a mail say that it passes on another: "Fwd:", "TR:", "WG:"? */
bool forward_is_subject(const char *subject);
/* Reads the header block from line `i` on, and a few lines below it; what it does not say is
 * read from an attribution there, or from `subject`, that of the forwarding mail. Never NULL:
 * what nothing says is "" and 0. */
MailForward *forward_read(const GArray *lines, guint i, const char *subject);
