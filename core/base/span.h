/* How long something took, for people. */
#pragma once

#include <glib.h>

/* "2 jours 4 h", "3 h 05 min", "12 min", "moins d’une minute"; the two largest units that
 * matter. `language` "fr" or anything else for English; less than nothing is nothing. */
char *span_label(gint64 seconds, const char *language);
