/* The words of a ticket's life: stored names, and what people read in French and English. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

/* new, open, seen, in-progress, waiting, resolved, closed, cancelled */
extern const char *const status_names[]; /* NULL-terminated */

/* From a stored name or a label in either language (case folded, accents as written or
 * dropped); NULL if it is none. The result is static. */
const char *status_from_word(const char *word);
/* "en cours"; `language` "fr" or anything else for English. */
const char *status_label(const char *status, const char *language);
bool status_is_open(const char *status); /* not resolved, closed or cancelled */

bool priority_from_word(const char *word, MailPriority *ret);
const char *priority_name(MailPriority priority); /* "high" */
const char *priority_label(MailPriority priority, const char *language);
