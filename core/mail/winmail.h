/* A winmail.dat among the parts of a mail: its files become files of the mail. */
#pragma once

#include "core/mail/mail.h"
#include "core/mail/part.h"
#include "core/mail/raw.h"

/* By its type or its name. */
bool winmail_is(GMimeObject *part);

/* Adds the files within to mail->attachments. *ret_text: its body, NULL none. False if there is
 * nothing in it, or too much: then it is a file like others. `extent`: where its bytes are. */
bool winmail_read(const Extent *extent, const RawMail *raw, Mail *mail, char **ret_text);
