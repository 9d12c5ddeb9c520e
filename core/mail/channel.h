/* The socket between the desk and its parser: mails one way, packed answers the other.
 *
 * A stream socket pair. A mail goes as its size with its descriptor beside it (SCM_RIGHTS); an
 * answer as its length, then its bytes. One mail is under way at a time, and after any fault
 * the parser is ended, so that no answer can be taken for another mail's. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* --- the desk's end --- */

/* False: nobody listens any more. */
bool channel_send_mail(int channel, int fd, guint64 size);

typedef enum {
    ANSWER_WHOLE,
    ANSWER_ENDED, /* the parser is gone, or going, before the answer was whole */
    ANSWER_LATE,
    ANSWER_TOO_LARGE,
} AnswerEnd;

/* Appends the answer. `deadline` as g_get_monotonic_time; `limit` bytes. */
AnswerEnd channel_receive_answer(int channel, gint64 deadline, gsize limit, GByteArray *answer);

/* --- the parser's end --- */

/* The next mail; its descriptor is the caller's. False: there is none, the desk is done. */
bool channel_receive_mail(int channel, int *ret_fd, guint64 *ret_size);
bool channel_send_answer(int channel, GBytes *answer);
