/* The two pages that are the same for everybody: nothing here, and not now. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Appends the page of an HTTP status; false if it has none (404 and 503 have one). */
bool page_status(GString *out, const char *prefix, unsigned int status);
