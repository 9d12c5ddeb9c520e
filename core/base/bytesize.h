/* Sizes for people: "148 Ko" or "148 KB", in steps of 1,000 as mail programs show them. */
#pragma once

#include <glib.h>

char *bytesize_label(guint64 bytes, const char *language);
