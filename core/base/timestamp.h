/* Moments: gint64 seconds since 1970 UTC everywhere; text only at the edges. */
#pragma once

#include <glib.h>

gint64 now_utc(void);
/* "2026-11-20T08:12:00Z" (RFC 3339). */
char *timestamp_rfc3339(gint64 at);
/* "Fri, 20 Nov 2026 09:12:00 +0100" (RFC 5322 section 3.3), English whatever the locale. */
char *timestamp_rfc5322(gint64 at, GTimeZone *zone);
/* For people: "vendredi 20 novembre 2026, 9 h 12" or "Friday 20 November 2026, 9:12". */
char *timestamp_long(gint64 at, GTimeZone *zone, const char *language);
/* "20 nov. 9 h 12" or "20 Nov 9:12". */
char *timestamp_short(gint64 at, GTimeZone *zone, const char *language);
