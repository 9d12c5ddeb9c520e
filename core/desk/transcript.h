/* The transcript of a ticket: all that one reader may see of it, for one HTML file that needs
 * nothing else and leads nowhere (template transcript.html).
 *
 * What they may see is view.h's; any reply address or page link of ours is taken out of every
 * word once more (scrub.h), for such a file is made to be passed on. */
#pragma once

#include "core/base/template.h"
#include "core/desk/desk.h"

/* Every name that transcript.html may use besides those of the mails (notice.h). */
extern const char *const transcript_template_names[];

#define TRANSCRIPT_TEMPLATE "transcript"
/* Of pictures, before they are encoded; what is over is listed only. */
#define TRANSCRIPT_PICTURE_BYTES (5 * 1000 * 1000)

typedef struct {
    TemplateData *data;   /* NULL: its words alone would pass max_bytes */
    const char *language; /* "fr" or "en" */
    char *file_name;      /* "SUP-42.html" */
    guint64 bytes;        /* about what the file will have */
} Transcript;

/* `person` 0: everything that the desk sees. `language` NULL: the reader's, else the ticket's.
 * Pictures go in only as far as the file stays within about `max_bytes`. Somebody who may not
 * see the ticket is ERROR_REJECTED. */
bool transcript_load(Desk *desk, gint64 ticket, gint64 person, const char *language,
                     guint64 max_bytes, Transcript **ret, GError **error);
void transcript_free(Transcript *transcript);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transcript, transcript_free)
