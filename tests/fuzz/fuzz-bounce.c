/* Bounces, receipts and notices in prose: any text; what is kept passes the wire. */
#include "core/base/utf8.h"
#include "core/mail/bounce_prose.h"
#include "core/mail/kind_body.h"
#include "core/mail/notice.h"
#include "core/mail/receipt.h"
#include "core/mail/wire.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

/* The first line is the subject, as the text begins with what a mail server says. */
static Mail *make_mail(const char *bytes, gsize size)
{
    Mail *mail = mail_new();
    g_free(mail->text);
    g_free(mail->subject);
    mail->text = utf8_clean(bytes, size, TEXT_BLOCK);
    mail->subject = utf8_clean(bytes, MIN(size, (gsize)80), TEXT_LINE);
    g_ptr_array_add(mail->from, mail_address_new("", "no-reply@sns.amazonaws.com"));
    return mail;
}

static const char *look_up(const char *name, void *user)
{
    (void)name;
    return user;
}

int LLVMFuzzerTestOneInput(const guint8 *data, size_t size)
{
    g_autoptr(Mail) mail = make_mail((const char *)data, size);
    g_autoptr(Mail) copy = NULL;
    const KindBody body = {.is_report = size % 2, .part = "", .has_returned_mail = size % 3};
    kind_judge_body(look_up, NULL, &body, mail);
    receipt_read((const char *)data, size, mail);
    receipt_read_prose(mail);
    notice_read(mail);
    bounce_prose_read(size > 100 ? mail->subject : NULL, mail);
    kind_judge_recipients(mail);
    g_autoptr(GBytes) packed = wire_pack(mail);
    if (!wire_unpack(packed, 0, &copy, NULL))
        abort();
    return 0;
}
