/* S/MIME files among the parts of a mail (RFC 8551): an opaque signature wraps the mail that is
 * to be read; what is encrypted stays a file. Nothing is verified. */
#pragma once

#include "core/mail/cms.h"
#include "core/mail/part.h"
#include "core/mail/raw.h"

/* By its type or its name. */
bool smime_is(GMimeObject *part);

typedef struct {
    Cms cms;
    RawMail raw;       /* the wrapped mail's bytes, in memory */
    GMimeObject *root; /* its structure; NULL: there is none, or it is over a cap */
} Smime;

/* `extent`: where the part's bytes are. */
void smime_open(const Extent *extent, const RawMail *raw, Smime *ret);
void smime_clear(Smime *smime);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Smime, smime_clear)

/* Where a file at `place` of the wrapped mail lies in the raw mail. False: it cannot be cut
 * from there, because the wrapping divides it. */
bool smime_place(const Smime *smime, const Extent *extent, const Place *place, Place *ret);
