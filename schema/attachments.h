/* Attachments: where each lies in its raw mail, and a reader that decodes it from there. They
 * are written with their message (messages_add). */
#pragma once

#include "core/base/place.h"
#include "schema/store.h"

typedef struct {
    int n;                                    /* 1, 2, … within the message */
    char *name, *type, *charset, *content_id; /* "" when none */
    bool is_inline;
    guint64 size; /* decoded bytes */
    char *sha256; /* hex, of the decoded bytes */
    Place place;
    bool staff_only; /* holds a secret of ours */
} Attachment;

void attachment_free(Attachment *attachment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attachment, attachment_free)

/* Attachment *, by n. */
bool attachments_of(Store *store, gint64 message, GPtrArray **ret, GError **error);
bool attachments_add(Store *store, gint64 message, const Attachment *attachment,
                     GError **error);

/* Streams the decoded bytes of one attachment. */
typedef struct AttachmentReader AttachmentReader;
AttachmentReader *attachment_reader_new(Store *store, gint64 raw, const Attachment *attachment);
/* Appends the next piece, at most about 64 KiB, to `out`; nothing appended means the end. A raw
 * mail that ends before the attachment does is ERROR_CORRUPT. */
bool attachment_reader_next(AttachmentReader *reader, GByteArray *out, GError **error);
void attachment_reader_free(AttachmentReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AttachmentReader, attachment_reader_free)
