/* Choosing and reading the body: text/plain, else HTML as text, else nothing; and listing every
 * other part as an attachment cut by offset and length. Used by parse.c only. */
#pragma once

#include "core/mail/mail.h"
#include "core/mail/raw.h"

#include <glib.h>
#include <gmime/gmime.h>

#define TEXT_MAX_DEPTH 32 /* of multiparts within each other */
#define TEXT_MAX_PARTS 500

/* Fills mail->text, at most PART_TEXT_MAX bytes (what does not fit is an attachment too), and
 * mail->attachments. Past the limits mail->unparsed says so, and both are left empty. */
void text_read_body(GMimeObject *root, const RawMail *raw, Mail *mail);
/* A mail without any structure: all of it is its text. */
void text_read_plain(const RawMail *raw, Mail *mail);
