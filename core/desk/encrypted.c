/* Told by what was stored: mails are not decrypted here, so the files are all there is. */
#include "core/desk/encrypted.h"

#include <string.h>

bool message_is_encrypted(const Message *message)
{
    static const char *const types[] = {"application/pgp-encrypted", "application/pkcs7-mime",
                                        "application/x-pkcs7-mime", NULL};
    if (message->reply[strspn(message->reply, " \t\n")] != '\0')
        return false;
    for (guint i = 0; i < message->attachments->len; i++) {
        const Attachment *file = message->attachments->pdata[i];
        if (g_strv_contains(types, file->type))
            return true;
    }
    return false;
}
