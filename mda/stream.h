/* One end of a connection: lines and blocks in, answers out, each wait with a limit.
 *
 * Answers gather until the other side has to be waited for, so that pipelined commands
 * (RFC 2920) are answered together. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct Stream Stream;

typedef enum {
    STREAM_OK,
    STREAM_TOO_LONG, /* a line; it was skipped to its end */
    STREAM_CLOSED,   /* by the other side, or broken */
    STREAM_LATE,     /* nothing came for too long */
    STREAM_STOPPED,  /* the server stops, and no line had begun */
} StreamEnd;

/* `fd` (not blocking) is closed with the stream. `stop`: when this descriptor becomes readable,
 * waiting for a line ends; -1 none. `patience`: seconds that any wait may last. */
Stream *stream_new(int fd, int stop, int patience);
void stream_free(Stream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stream, stream_free)

/* The next line, without its CRLF (a bare CR or LF is a byte of it). Borrowed until the next
 * call. */
StreamEnd stream_line(Stream *stream, const char **ret, gsize *ret_length);
/* What has come, at least a byte and at most `most`; stream_use says how much of it was used.
 */
StreamEnd stream_peek(Stream *stream, gsize most, const char **ret, gsize *ret_length);
void stream_use(Stream *stream, gsize length);

/* Appends an answer line; CRLF is added. */
void stream_answer(Stream *stream, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Sends what has gathered; so does every wait. */
StreamEnd stream_flush(Stream *stream);
