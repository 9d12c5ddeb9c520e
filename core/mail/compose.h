/* Building outgoing mail: the one header writer.
 *
 * Values are UTF-8; CR, LF, NUL and other controls in any of them cannot reach the header: they
 * are cleaned away. ERROR_REJECTED: an address that is not address_is_safe, a Message-ID with
 * other than visible ASCII, an additional header whose name is no token or is written here
 * anyway. Left out or replaced: foreign ids and content ids that are no ids, content types that
 * are no types (application/octet-stream, also for mails, which may not travel in base64), file
 * names' paths. Output is RFC 5322 with CRLF, quoted-printable or base64, lines under 998
 * octets, byte for byte the same for the same input (boundaries come from the Message-ID).
 * After an error the sink holds half a mail. */
#pragma once

#include "core/base/transfer.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *name, *type, *content_id; /* content_id "" unless inline */
    bool is_inline;
    /* Reads the decoded bytes in pieces; called until it appends nothing. */
    bool (*read)(void *user, GByteArray *piece, GError **error);
    void *user;          /* borrowed */
    GBytes *base64;      /* the same as encode_base64 writes it; NULL: it must be read */
    const char *charset; /* of a text; NULL: not said */
} ComposePart;

typedef struct {
    char *name, *value; /* X-… and other plain headers; value cleaned and encoded if needed */
} ComposeHeader;

typedef struct {
    const char *from_name, *from_address;
    const char *to_name, *to_address;
    const char *reply_to; /* NULL: none; shown with from_name */
    const char *subject;
    const char *message_id;  /* without <> */
    const char *in_reply_to; /* without <>; NULL: none */
    const char *references;  /* one id without <>; NULL: none */
    gint64 date;
    GTimeZone *zone;
    const char *text;   /* text/plain body */
    const char *html;   /* NULL: no alternative */
    GPtrArray *headers; /* ComposeHeader *; may be NULL */
    GPtrArray *parts;   /* ComposePart *; may be NULL. Inline ones join html as related */
} ComposeMail;

/* Writes the mail to `sink` in pieces, so that memory does not grow with attachments. */
typedef bool (*ComposeSink)(const guint8 *bytes, gsize length, void *user, GError **error);
bool compose_mail(const ComposeMail *mail, ComposeSink sink, void *user, GError **error);
