/* Nothing leaks authority: finding our own reply addresses and page links in other people's
 * words, by their MAC and by the link table, and taking them out.
 *
 * Text is scrubbed when it is stored, of everybody's secrets: what nobody can read needs no
 * judging later. The raw mail is untouched. */
#pragma once

#include "core/desk/desk.h"
#include "core/mail/mail.h"

/* "support+r12.…@x" becomes "support@x", ".../ticket/HASH" becomes ".../ticket/…". */
bool scrub_text(Desk *desk, const char *text, char **ret, GError **error);

/* Does a text or attached mail, cut from the raw mail `fd`, hold a secret of ours? Other types
 * are not searched. */
bool scrub_attachment_holds_secret(Desk *desk, int fd, const MailAttachment *part, bool *ret,
                                   GError **error);
