/* What subjects say that machines write: failures, absences, receipts. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Does it say that a mail was not delivered? A person may say so too. */
bool subject_says_failure(const char *subject);
/* Does it begin as an answer or a forward does: "Re:", "Fwd:", "TR :", "WG:"? */
bool subject_is_answer(const char *subject);

typedef enum {
    SUBJECT_NO,
    SUBJECT_MAYBE,   /* words that begin absences, and now and then a person's subject */
    SUBJECT_FORMULA, /* a formula of vacation systems, with its colon: "Automatic reply: …" */
} SubjectSays;

SubjectSays subject_says_vacation(const char *subject);
/* Does it begin as the receipts of mail programs do: "Read: …", "Lu : …"? Persons may too. */
bool subject_says_read(const char *subject);
