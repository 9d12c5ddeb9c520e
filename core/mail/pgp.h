/* PGP within a text (RFC 9580 sections 6.2 and 7): nothing is verified or decrypted. */
#pragma once

#include <stdbool.h>

typedef struct {
    bool is_signed;    /* a clear-signed text was opened */
    bool is_encrypted; /* an encrypted one stands there */
} PgpMarks;

/* The text (LF line ends) without the armor around clear-signed passages and their signatures,
 * dash-escapes undone; NULL where there is none. An encrypted message is left as it stands:
 * joining it with what is around it is how such mail is attacked. */
char *pgp_open_text(const char *text, PgpMarks *ret);
