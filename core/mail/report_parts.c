/* Which parts to read for a report, and how.
 *
 * First the parts that are typed as their RFC says. A bounce that names nobody then is read
 * once more: gateways turn its status part into text or a file, and wrap one bounce in
 * another. Not here: what the parts mean (report.c, receipt.c). */
#include "core/mail/report_parts.h"

#include "core/mail/raw.h"
#include "core/mail/receipt.h"
#include "core/mail/report.h"

#include <string.h>

#define PART_MAX_BYTES (256 * 1024)
enum { MISTYPED_MAX = 5 };

typedef void (*ReadPart)(const char *text, gsize length, Mail *mail);

/* RFC 3464, RFC 8098, RFC 5965 and their internationalised kin of RFC 6533. */
static const struct {
    const char *type, *report_type;
    ReadPart read;
} typed[] = {
    {"message/delivery-status", "delivery-status", report_read_status},
    {"message/global-delivery-status", "delivery-status", report_read_status},
    {"message/disposition-notification", "disposition-notification", receipt_read},
    {"message/global-disposition-notification", "disposition-notification", receipt_read},
    {"message/feedback-report", "feedback-report", NULL},
    {"message/rfc822", "", report_read_original},
    {"message/global", "", report_read_original},
    {"text/rfc822-headers", "", report_read_original},
    {"message/global-headers", "", report_read_original},
};

/* Where a status part may hide. */
static const char *const mistyped[] = {"text/plain",          "application/octet-stream",
                                       "text/rfc822-headers", "message/rfc822",
                                       "message/report",      NULL};

const char *report_type_of_part(const char *type)
{
    for (gsize i = 0; i < G_N_ELEMENTS(typed); i++)
        if (strcmp(type, typed[i].type) == 0)
            return typed[i].report_type;
    return "";
}

static void read_part(const RawMail *raw, const MailAttachment *part, ReadPart read, Mail *mail)
{
    g_autoptr(GByteArray) bytes = raw_decode_all(raw, &part->place, PART_MAX_BYTES, NULL);
    if (bytes->len > 0)
        read((const char *)bytes->data, bytes->len, mail);
}

static void read_typed(const RawMail *raw, const MailAttachment *part, Mail *mail)
{
    for (gsize i = 0; i < G_N_ELEMENTS(typed); i++) {
        bool known = typed[i].read == report_read_original && *mail->original_message_id;
        if (typed[i].read && !known && strcmp(part->type, typed[i].type) == 0)
            read_part(raw, part, typed[i].read, mail);
    }
}

static void read_mistyped(const RawMail *raw, Mail *mail)
{
    int tried = 0;
    for (guint i = 0; i < mail->attachments->len && tried < MISTYPED_MAX; i++) {
        const MailAttachment *part = mail->attachments->pdata[i];
        if (mail->bounce_recipients->len > 0 || !g_strv_contains(mistyped, part->type))
            continue;
        tried++;
        read_part(raw, part, report_read_status, mail);
    }
}

void report_read_parts(const RawMail *raw, Mail *mail)
{
    if (mail->kind != MAIL_BOUNCE && mail->kind != MAIL_RECEIPT && mail->kind != MAIL_FEEDBACK)
        return;
    for (guint i = 0; i < mail->attachments->len; i++)
        read_typed(raw, mail->attachments->pdata[i], mail);
    if (mail->kind == MAIL_BOUNCE && mail->bounce_recipients->len == 0)
        report_read_status(mail->text, strlen(mail->text), mail);
    if (mail->kind == MAIL_BOUNCE && mail->bounce_recipients->len == 0)
        read_mistyped(raw, mail);
}
