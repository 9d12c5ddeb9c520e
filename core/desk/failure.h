/* What an enhanced status code (RFC 3463) means, in words for people. */
#pragma once

/* "cette adresse n’existe pas"; `language` "fr" or anything else for English; "" when
 * there is no more to say than the code itself. Static. */
const char *failure_words(const char *status, const char *language);
