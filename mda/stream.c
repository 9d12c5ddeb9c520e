/* Buffered input and output of one connection, by poll.
 *
 * One buffer for reading: a line is handed out where it lies. What was read and not used moves
 * to the front when more room is needed. */
#include "mda/stream.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_BYTES (64 * 1024)
/* RFC 5321 section 4.5.3.1.4 has 512 and extensions add to it; long addresses come in UTF-8. */
#define LINE_MAX_BYTES 4096
/* Of answers that gather, at most about so much. */
#define ANSWERS_BYTES 4096

struct Stream {
    int fd, stop;
    int patience_ms;
    GString *answers;
    gsize begin, end; /* of what was read and not used, in the buffer */
    char buffer[BUFFER_BYTES];
};

Stream *stream_new(int fd, int stop, int patience)
{
    Stream *stream = g_new(Stream, 1);
    stream->fd = fd;
    stream->stop = stop;
    stream->patience_ms = patience * 1000;
    stream->answers = g_string_new(NULL);
    stream->begin = stream->end = 0;
    return stream;
}

void stream_free(Stream *stream)
{
    if (!stream)
        return;
    close(stream->fd);
    g_string_free(stream->answers, TRUE);
    g_free(stream);
}

/* --- waiting ----------------------------------------------------------------------------- */

static StreamEnd wait_for(Stream *stream, short events, bool stoppable)
{
    struct pollfd fds[] = {{stream->fd, events, 0}, {stoppable ? stream->stop : -1, POLLIN, 0}};
    for (;;) {
        int ready = poll(fds, G_N_ELEMENTS(fds), stream->patience_ms);
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return ready == 0 ? STREAM_LATE : STREAM_CLOSED;
        return fds[0].revents ? STREAM_OK : STREAM_STOPPED;
    }
}

StreamEnd stream_flush(Stream *stream)
{
    gsize sent = 0;
    StreamEnd end = STREAM_OK;
    while (end == STREAM_OK && sent < stream->answers->len) {
        ssize_t n = send(stream->fd, stream->answers->str + sent, stream->answers->len - sent,
                         MSG_NOSIGNAL);
        if (n >= 0)
            sent += (gsize)n;
        else if (errno == EAGAIN)
            end = wait_for(stream, POLLOUT, false);
        else if (errno != EINTR)
            end = STREAM_CLOSED;
    }
    g_string_truncate(stream->answers, 0);
    return end;
}

/* Reads more behind what there is; there must be room. Answers go out when there is nothing
 * more to read, for the other side may be waiting for them. */
static StreamEnd fill(Stream *stream, bool stoppable)
{
    StreamEnd end = stream->answers->len > ANSWERS_BYTES ? stream_flush(stream) : STREAM_OK;
    while (end == STREAM_OK) {
        ssize_t n =
            recv(stream->fd, stream->buffer + stream->end, BUFFER_BYTES - stream->end, 0);
        if (n > 0) {
            stream->end += (gsize)n;
            return STREAM_OK;
        }
        if (n == 0)
            end = STREAM_CLOSED;
        else if (errno == EAGAIN && stream->answers->len > 0)
            end = stream_flush(stream);
        else if (errno == EAGAIN)
            end = wait_for(stream, POLLIN, stoppable);
        else if (errno != EINTR)
            end = STREAM_CLOSED;
    }
    return end;
}

static void make_room(Stream *stream)
{
    gsize length = stream->end - stream->begin;
    memmove(stream->buffer, stream->buffer + stream->begin, length);
    stream->begin = 0;
    stream->end = length;
}

/* --- in ---------------------------------------------------------------------------------- */

/* The length of the line that begins here, -1: its end has not come. */
static gssize find_line(const Stream *stream, gsize from)
{
    const char *begin = stream->buffer + stream->begin, *end = stream->buffer + stream->end;
    for (const char *at = begin + from; at < end; at++) {
        at = memchr(at, '\n', (gsize)(end - at));
        if (!at)
            break;
        if (at > begin && at[-1] == '\r')
            return at - 1 - begin;
    }
    return -1;
}

/* Drops a line to its end, whatever its length. */
static StreamEnd skip_line(Stream *stream)
{
    gssize length;
    while ((length = find_line(stream, 0)) < 0) {
        bool cr = stream->end > stream->begin && stream->buffer[stream->end - 1] == '\r';
        stream->begin = 0;
        stream->end = cr;
        stream->buffer[0] = '\r';
        StreamEnd end = fill(stream, true);
        if (end != STREAM_OK)
            return end;
    }
    stream->begin += (gsize)length + 2;
    return STREAM_TOO_LONG;
}

StreamEnd stream_line(Stream *stream, const char **ret, gsize *ret_length)
{
    gsize seen = 0;
    for (;;) {
        gssize length = find_line(stream, seen);
        if (length > LINE_MAX_BYTES ||
            (length < 0 && stream->end - stream->begin > LINE_MAX_BYTES))
            return skip_line(stream);
        if (length >= 0) {
            *ret = stream->buffer + stream->begin;
            *ret_length = (gsize)length;
            stream->begin += (gsize)length + 2;
            return STREAM_OK;
        }
        make_room(stream);
        seen = stream->end > 0 ? stream->end - 1 : 0;
        StreamEnd end = fill(stream, true);
        if (end != STREAM_OK)
            return end;
    }
}

StreamEnd stream_peek(Stream *stream, gsize most, const char **ret, gsize *ret_length)
{
    if (stream->begin == stream->end) {
        stream->begin = stream->end = 0;
        StreamEnd end = fill(stream, false);
        if (end != STREAM_OK)
            return end;
    }
    *ret = stream->buffer + stream->begin;
    *ret_length = MIN(most, stream->end - stream->begin);
    return STREAM_OK;
}

void stream_use(Stream *stream, gsize length)
{
    g_assert(length <= stream->end - stream->begin);
    stream->begin += length;
}

/* --- out --------------------------------------------------------------------------------- */

void stream_answer(Stream *stream, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(stream->answers, format, arguments);
    va_end(arguments);
    g_string_append(stream->answers, "\r\n");
}
