/* Nothing leaks authority: finding our own reply addresses and page links in other people's
 * words, by their MAC and by the link table, and taking them out.
 *
 * Text is scrubbed when it is stored, of everybody's secrets: what nobody can read needs no
 * judging later. The raw mail is untouched. */
#pragma once

#include "core/desk/desk.h"
#include "core/mail/mail.h"

/* Both in whatever way link rewriters encode them: "%2B" and "%2F", also as "%252B", "%252F".
 * "support+r12.…@x" becomes "support@x", ".../ticket/HASH" becomes
 * ".../ticket/…". */
bool scrub_text(Desk *desk, const char *text, char **ret, GError **error);

/* Does a text or attached mail, cut from the raw mail `fd`, hold a secret of ours? Other types
 * are not searched. `left`: bytes that may still be read for this mail, at first
 * SCRUB_READ_BYTES: files deep in others cost more than their size, and when it is used up each
 * counts as holding one. */
#define SCRUB_READ_BYTES (256 * 1024 * 1024)
bool scrub_attachment_holds_secret(Desk *desk, int fd, const MailAttachment *part,
                                   guint64 *left, bool *ret, GError **error);

/* The shape alone, without a store: what a secret looks like before anybody asks whether it is
 * one of ours. */
typedef enum { SCRUB_NOTHING, SCRUB_ADDRESS, SCRUB_PAGE } ScrubKind;

typedef struct {
    ScrubKind kind;
    gsize lead;   /* bytes of "+" or "/ticket/", as they are encoded here */
    gsize length; /* of the extension, or of HASH, behind them */
} ScrubShape;

/* Does something of a secret's shape begin at `p`? Never reads at or past `end`. */
bool scrub_shape(const char *p, const char *end, ScrubShape *ret);
