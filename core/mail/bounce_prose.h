/* Bounces in a mail server's own words: whom the mail did not reach, why, and which mail. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

/* Does `text` begin as servers begin to say that a mail could not be delivered? Only its first
 * lines are read, and nothing behind a mark of a quoted or returned mail. */
bool bounce_prose_speaks(const char *text);

/* Reads mail->text, its first 64 KB. Fills mail->bounce_recipients if it is empty, else the
 * statuses and diagnostics that its members lack, and mail->original_message_id if it is "".
 * `failed`: the value of X-Failed-Recipients, or NULL; who stands there is believed first. */
void bounce_prose_read(const char *failed, Mail *mail);
