/* Our own notification, quoted whole below an answer by a mail program that marks no quotes, or
 * marks them in a way we do not know: we know what we wrote. */
#pragma once

#include "core/desk/desk.h"
#include "core/mail/mail.h"

/* Takes it out of mail->reply, into mail->quoted, if the mail answers one of ours and nothing
 * else stands below or between its lines; a reply is never emptied. */
bool own_quote_cut(Desk *desk, Mail *mail, GError **error);

/* The comparison alone: the first line, from 0, of what in `text` repeats `ours` from its
 * beginning on, down to the end of the text; -1: none. Lines that mail->cuts tells of already
 * do not count. Bounded time. */
gint64 own_quote_find(const Mail *mail, const char *ours);
