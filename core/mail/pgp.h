/* PGP within a text (RFC 9580 sections 6.2 and 7): nothing is verified or decrypted. */
#pragma once

#include <stdbool.h>

typedef struct {
    bool is_signed;    /* a clear-signed text was opened */
    bool is_encrypted; /* an encrypted one stands there, with armor below its first line */
} PgpMarks;

/* The text (LF line ends) without the armor around clear-signed passages and their signatures,
 * dash-escapes undone; NULL where there is none. The passage's own lines and all that stands
 * around it stay as they are. A passage whose signature is not there, or is followed by
 * anything but armor before its end, is left as it stands; one that the end of the text breaks
 * off is opened. An encrypted message is left too: joining it with what is around it is how
 * such mail is attacked. Linear. */
char *pgp_open_text(const char *text, PgpMarks *ret);
