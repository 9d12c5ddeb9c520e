/* Rich Text Format as plain text, the HTML within it included ([MS-OXRTFEX]: Outlook wraps HTML
 * mails in RTF). */
#pragma once

#include <glib.h>

/* TEXT_BLOCK; NULL if this is no RTF. Linear in its length. */
char *rtf_to_text(const guint8 *rtf, gsize length);
