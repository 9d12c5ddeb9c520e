/* The text of one MIME part: its charset, its form (plain, flowed, HTML, enriched), and the
 * files that stand in it. */
#pragma once

#include "core/mail/mail.h"
#include "core/mail/pgp.h"
#include "core/mail/raw.h"

#include <glib.h>
#include <gmime/gmime.h>
#include <stdbool.h>

#define PART_TEXT_MAX (1024 * 1024) /* bytes */

typedef enum { FORM_NONE, FORM_PLAIN, FORM_ENRICHED, FORM_RICHTEXT, FORM_HTML } TextForm;

/* FORM_NONE: it cannot be read as text. */
TextForm part_text_form(GMimeObject *part);

typedef struct {
    char *text;       /* TEXT_BLOCK, at most PART_TEXT_MAX bytes */
    bool is_cut;      /* there was more of it */
    GPtrArray *files; /* MailAttachment *, uuencoded within the text; NULL: none */
    PgpMarks pgp;
} PartText;

void part_text_clear(PartText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PartText, part_text_clear)

/* `extent`: where its bytes are (part_locate). */
void part_text_read(GMimeObject *part, const Extent *extent, const RawMail *raw, PartText *ret);
/* The source of a part that is text, in UTF-8, as it stands there. */
char *part_text_source(GMimeObject *part, const Extent *extent, const RawMail *raw);
