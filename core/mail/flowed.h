/* format=flowed text (RFC 3676): lines that the sender's program wrapped are joined again. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* `text` has LF line ends. `delsp`: the space that marks a flowed line is not part of it. Quote
 * marks are kept, written "> " (">> " when two deep); a signature's "-- " is never joined. */
char *flowed_unwrap(const char *text, bool delsp);
