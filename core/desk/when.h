/* Moments as people type them after a command, in French and English: "demain 14h", "vendredi",
 * "in 3 days", "24/12 à 9 h 30", "next monday", "2026-12-24 09:00".
 *
 * A date without a time means 9:00. A weekday is the next such day, never today. A time alone
 * is the next such moment, a day and month without a year likewise. 3/4 is the third of April
 * in both languages. What the clocks leave out in spring moves forward. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define WHEN_YEARS 10 /* how far ahead somebody may mean */

/* `now`, *ret: seconds UTC; `zone`: where the writer is. False: it is not understood, lies in
 * the past or too far ahead. `text` is valid UTF-8. */
bool when_read(const char *text, gint64 now, GTimeZone *zone, gint64 *ret);
/* Some that are understood, for an error message. */
const char *when_examples(bool french);
