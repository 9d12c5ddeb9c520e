/* Bounces and complaints as JSON in a mail: what Amazon SES sends by SNS. */
#pragma once

#include "core/mail/mail.h"

typedef enum { NOTICE_NONE, NOTICE_BOUNCE, NOTICE_DELIVERY, NOTICE_COMPLAINT } Notice;

/* By mail->from and mail->text. Linear, its first 64 KB. */
Notice notice_kind(const Mail *mail);
/* Of a mail that notice_kind knows: fills mail->bounce_recipients and original_message_id. */
void notice_read(Mail *mail);
