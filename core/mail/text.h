/* Choosing and reading the body: text/plain, else HTML as text, else nothing; and listing every
 * other part as an attachment cut by offset and length. Used by parse.c only. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <gmime/gmime.h>

/* Fills mail->text and mail->attachments. `fd` is the raw mail. */
void text_read_body(GMimeMessage *message, int fd, guint64 size, Mail *mail);
