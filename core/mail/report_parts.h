/* The parts that reports are made of, found among the attachments of a mail. */
#pragma once

#include "core/mail/mail.h"
#include "core/mail/raw.h"

/* The report-type that a part of this type belongs to, "delivery-status" and so on; "" none. */
const char *report_type_of_part(const char *type);
/* Of a bounce, receipt or feedback: reads its parts from the raw mail, at most 256 KB of each.
 */
void report_read_parts(const RawMail *raw, Mail *mail);
