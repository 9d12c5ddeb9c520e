/* Delivery status notifications (RFC 3464) and the Message-ID of what they return. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>

/* `status`: the decoded message/delivery-status body; appends to mail->bounce_recipients. */
void report_read_status(const char *status, gsize length, Mail *mail);
/* `header`: the returned message or its header; sets mail->original_message_id. */
void report_read_original(const char *header, gsize length, Mail *mail);
/* Of the same: a To that names one mailbox becomes the bounce's recipient if it has none yet.
 */
void report_read_addressee(const char *header, gsize length, Mail *mail);

/* The value of the first such field anywhere in `fields`, unfolded; NULL without one. */
char *report_find_field(const char *fields, gsize length, const char *name);
/* What stands between the < and > of `value`, else the whole of it; NULL if that is no id. */
char *report_clean_id(const char *value);
