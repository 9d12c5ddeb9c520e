/* One MIME part: where its bytes are in the raw mail, and what it says of itself. */
#pragma once

#include "core/mail/mail.h"
#include "core/mail/raw.h"

#include <glib.h>
#include <gmime/gmime.h>
#include <stdbool.h>

/* `boundaries`: char *, of the multiparts around `part`, which end an attached message. What
 * cannot be found is empty. */
Extent part_locate(GMimeObject *part, const RawMail *raw, const GPtrArray *boundaries);

/* The raw value of one of its header fields, or NULL. */
const char *part_header(GMimeObject *part, const char *name);
bool part_is(GMimeObject *part, const char *type, const char *subtype); /* "*": any */
/* Its Content-Type is missing or no type at all: it counts as text (RFC 2045 section 5.2). */
bool part_has_no_type(GMimeObject *part);
/* More than one Content-Type or Content-Transfer-Encoding: programs believe the first or the
 * last.
 */
bool part_is_ambiguous(GMimeObject *part);
bool part_is_attachment(GMimeObject *part); /* it says so */
/* Its file name, "" when none; at most 255 characters, longer ones cut before the extension. */
char *part_name(GMimeObject *part);

/* Everything about it as an attachment, its bytes read once. `related`: it stands in a
 * multipart/related. */
MailAttachment *part_describe(GMimeObject *part, const Extent *extent, const RawMail *raw,
                              bool related);
/* Fills in size and hash of what lies at attachment->place. */
void part_weigh(MailAttachment *attachment, const RawMail *raw);
