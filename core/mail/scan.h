/* One linear pass over a raw mail before anything clever sees it.
 *
 * Runs in the caller's own process on hostile bytes: no recursion, no allocation that grows
 * with the mail beyond the header fields it keeps (each capped). It finds whether the parser
 * may be asked at all, the hashes that make redelivery harmless, and enough of the header to
 * route a mail that cannot be parsed. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    gint64 header_bytes, header_fields, address_bytes, parts, depth;
} ScanCaps;

typedef struct {
    guint64 size;       /* bytes */
    guint64 smtp_size;  /* with bare LF counted as CRLF and without the Return-Path,
                           X-Original-To and Delivered-To that pipe(8) put in front: what
                           Postfix calls ${size} */
    guint8 raw_hash[32];     /* SHA-256 of every byte */
    guint8 content_hash[32]; /* SHA-256 over From, To, Cc, Date, Message-ID, Subject,
                                In-Reply-To, References, MIME-Version and Content-* fields and
                                the body: the same for every copy of one mail, whatever trace
                                fields it gathered */
    char *over; /* NULL, or which cap the mail exceeds, in words for the ledger */
    Mail *outline; /* message_id, in_reply_to, references, from, to, cc, subject, return_path,
                      from_fields, kind by the plain machine headers; text empty */
} Scan;

/* Reads `fd` from 0 to `size` with pread. */
bool scan_mail(int fd, guint64 size, const ScanCaps *caps, Scan **ret, GError **error);
void scan_free(Scan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scan, scan_free)
