/* Receipts: RFC 8098 message disposition notifications, and those in a mail program's words. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

/* `part`: the decoded message/disposition-notification body. Sets mail->disposition, one of
 * "displayed", "deleted", "dispatched", "processed", "denied", "failed", and
 * mail->original_message_id. */
void receipt_read(const char *part, gsize length, Mail *mail);

/* Are mail->subject and mail->text those of a receipt without such a part? */
bool receipt_speaks(const Mail *mail);
/* Of a receipt: the disposition that subject and text tell, if there is none yet. */
void receipt_read_prose(Mail *mail);
