/* What the parts and the words of a mail say about who wrote it, where its headers said little.
 */
#pragma once

#include "core/mail/kind.h"

typedef struct {
    bool is_report;         /* the mail is a multipart/report */
    const char *part;       /* the report-type that its first report part makes it; "" none */
    bool has_returned_mail; /* one of its parts is a message */
} KindBody;

/* After kind_judge, once mail->text is read: may change mail->kind and mail->machine, never
 * from a bounce, receipt or report to a message. */
void kind_judge_body(KindLookup lookup, void *user, const KindBody *body, Mail *mail);

/* After the bounce is read: one that only says that an address would do is no bounce. */
void kind_judge_recipients(Mail *mail);
