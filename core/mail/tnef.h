/* winmail.dat: what Outlook packs a mail into when it takes its reader for another Outlook
 * ([MS-OXTNEF], properties as in [MS-OXPROPS]). */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define TNEF_BODY_MAX (1024 * 1024)
#define TNEF_FILES_MAX 500

typedef struct {
    char *name;           /* one clean line, without folders; "" when none */
    char *type;           /* "image/png", lower case */
    char *content_id;     /* "" when none */
    bool is_inline;       /* shown within the body */
    gsize offset, length; /* of its bytes in the stream */
} TnefFile;

typedef struct {
    char *body;       /* TEXT_BLOCK, at most TNEF_BODY_MAX bytes; NULL: none */
    GPtrArray *files; /* TnefFile *, in order */
} Tnef;

/* NULL: this is no TNEF. A stream that breaks off gives what stands in front of the break.
 * Linear in its length. */
Tnef *tnef_read(const guint8 *stream, gsize length);
void tnef_free(Tnef *tnef);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tnef, tnef_free)
