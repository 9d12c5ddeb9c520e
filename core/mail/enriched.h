/* text/enriched (RFC 1896) and its forerunner text/richtext (RFC 1341) as plain text. */
#pragma once

#include <stdbool.h>

/* `text` has LF line ends. `richtext`: the older of the two. */
char *enriched_to_text(const char *text, bool richtext);
