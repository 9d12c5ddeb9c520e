/* Reading back what compose.c wrote, and nothing else: mails of others are for the sandbox. */
#pragma once

#include <glib.h>

/* The text/plain or text/html body of a mail of ours, whole or cut short, not empty; UTF-8 with
 * LF line ends. NULL if it has none. */
char *composed_text(const guint8 *mail, gsize length, const char *type);
