/* Dates as people and mail programs write them into a text. */
#pragma once

#include <glib.h>

/* Seconds UTC of "lun. 15 avr. 2024, 08:20", "Wednesday, October 27, 2021 3:14 PM", "26.10.2021
 * 14:25 +0200" and the like; a date without an offset is read as UTC, one without a time as
 * midnight. 0: unreadable. */
gint64 written_date_read(const char *text, gsize length);
