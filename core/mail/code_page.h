/* Windows' numbers of charsets, as Outlook writes them. */
#pragma once

#include <glib.h>

/* The charset's name for charset_to_utf8; "" unknown. Lent; static. */
const char *code_page_charset(guint32 number);
