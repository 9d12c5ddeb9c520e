/* One linear pass over a raw mail before anything clever sees it.
 *
 * Runs in the caller's own process on hostile bytes: no recursion, no allocation that grows
 * with the mail beyond the header fields it keeps (each capped). It finds whether the parser
 * may be asked at all, the hashes that make redelivery harmless, and enough of the header to
 * route a mail that cannot be parsed. What the caps count is said in structure.h. */
#pragma once

#include "core/base/config.h"
#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

typedef struct {
    gint64 header_bytes, header_fields, address_bytes, parts, depth;
} ScanCaps;

ScanCaps scan_caps(const Config *config);

typedef struct {
    guint64 size;      /* bytes */
    guint64 smtp_size; /* what Postfix would call the ${size} of these bytes, without the
                          Return-Path, X-Original-To and Delivered-To (and mbox line) that
                          pipe(8) put in front: LF counted as CRLF, and what its queue file
                          adds to lines of 128 bytes and more. Exact unless a milter changed
                          the mail: Postfix counts what came before that */
    bool ends_in_newline;
    guint8 raw_hash[32];     /* SHA-256 of every byte */
    guint8 content_hash[32]; /* SHA-256 over From, To, Cc, Date, Message-ID, Subject,
                                In-Reply-To, References, MIME-Version and Content-* fields (but
                                Content-Length) and the body: the same for every copy of one
                                mail, whatever trace fields it gathered, however its fields are
                                folded, its lines end and blank lines end it */
    char *over;              /* NULL, or which cap the mail exceeds, in words for the ledger */
    Mail *outline; /* message_id, in_reply_to, references, from, to, cc, subject, return_path,
                      reply_to, from_fields, loop_marks, kind by the plain machine headers;
                      text empty */
} Scan;

/* Reads `fd` from 0 to `size` with pread. A read error, or a file that ends sooner, is
 * ERROR_TRANSIENT. */
bool scan_mail(int fd, guint64 size, const ScanCaps *caps, Scan **ret, GError **error);
/* Was the mail cut on its way through pipe(8), which marks no end? True if it is shorter than
 * Postfix declared and stops within a line. Shorter alone proves nothing: a milter may have
 * removed a header, and such a mail would be deferred for ever. A cut that falls exactly
 * between two lines is missed; then Postfix delivers again, and a copy too many is stored. */
bool scan_is_cut(const Scan *scan, gint64 declared_size);
void scan_free(Scan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Scan, scan_free)
