/* S/MIME without its cryptography: what a CMS file is (RFC 5652), and the mail that an opaque
 * signature wraps (RFC 8551 section 3.5.2). */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define CMS_CONTENT_MAX ((gsize)48 * 1024 * 1024)

typedef enum {
    CMS_NONE,      /* no CMS */
    CMS_SIGNED,    /* with its content, unless that is NULL: then certificates alone */
    CMS_ENCRYPTED, /* enveloped, encrypted or authenticated and enveloped */
    CMS_OTHER,     /* compressed, a signed receipt and whatever else there is */
} CmsKind;

typedef struct {
    CmsKind kind;
    GByteArray *content; /* of CMS_SIGNED: bytes of a MIME entity; NULL none */
    bool is_whole;       /* they lie in one piece, at `offset` of the file */
    gsize offset;
} Cms;

/* DER or BER, as it came; linear. What breaks off gives the content that is there. */
void cms_read(const guint8 *file, gsize length, Cms *ret);
void cms_clear(Cms *cms);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cms, cms_clear)
