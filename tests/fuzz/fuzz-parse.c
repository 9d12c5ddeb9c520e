/* Whole mails of any bytes: text is clean and in three parts, attachments lie within the mail.
 *
 * The library may be crashed or stalled by address lists and nesting within attached messages;
 * run with -max_len of some kilobytes to look at our own code. */
#include "core/mail/parse.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_mail(const Mail *mail, gsize size)
{
    const char *texts[] = {mail->subject, mail->message_id, mail->return_path, mail->text,
                           mail->reply,   mail->signature,  mail->quoted};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_true(g_utf8_validate(texts[i], -1, NULL));
    g_assert_cmpuint(strlen(mail->reply) + strlen(mail->signature) + strlen(mail->quoted), ==,
                     strlen(mail->text));
    for (guint i = 0; i < mail->attachments->len; i++) {
        const MailAttachment *part = mail->attachments->pdata[i];
        g_assert_true(g_utf8_validate(part->name, -1, NULL));
        g_assert_true(place_is_sound(&part->place, size));
        g_assert_cmpuint(part->size, <=, size);
    }
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    int fd = memfd_create("mail", MFD_CLOEXEC);
    if (write(fd, data, size) == (gssize)size) {
        g_autoptr(Mail) mail = parse_mail(fd, size, NULL);
        check_mail(mail, size);
    }
    close(fd);
    return 0;
}
