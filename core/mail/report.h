/* Delivery status notifications (RFC 3464) and the Message-ID of what they return. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>

/* `status`: the decoded message/delivery-status body; appends to mail->bounce_recipients. */
void report_read_status(const char *status, gsize length, Mail *mail);
/* `header`: the returned message or its header; sets mail->original_message_id. */
void report_read_original(const char *header, gsize length, Mail *mail);
