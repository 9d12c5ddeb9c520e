/* Why a mail did not arrive, as an enhanced status code: RFC 3463, and RFC 5321 reply codes. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The first code such as "5.1.1" that stands alone in `text`, one that says more than its class
 * before any x.0.0; "" without one. */
char *bounce_status_find(const char *text);

/* Does `status` say more than its class: is it neither "" nor x.0.0? */
bool bounce_status_is_telling(const char *status);

/* What `text` (valid UTF-8, at most a few KB of it are read) says, best source first: a code
 * that stands in it, else words in one of several languages, else an SMTP reply code. Words and
 * reply codes make "4.2.2" of "mailbox full" where `temporary` or the reply code says so. "" if
 * it says nothing. */
char *bounce_status_guess(const char *text, bool temporary);
