/* Framing and descriptor passing on the parser's socket.
 *
 * The desk's end believes nothing: the length that an answer announces is held against the
 * limit before a byte is kept, and each wait ends at the deadline. What is in the bytes is
 * judged by wire.c.
 *
 * On failure nothing is repaired: the caller ends the parser. */
#include "core/mail/channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

typedef union {
    struct cmsghdr header; /* aligns it */
    char room[CMSG_SPACE(sizeof(int))];
} Passed;

bool channel_send_mail(int channel, int fd, guint64 size)
{
    Passed passed = {0};
    struct iovec words = {.iov_base = &size, .iov_len = sizeof size};
    struct msghdr message = {
        .msg_iov = &words,
        .msg_iovlen = 1,
        .msg_control = passed.room,
        .msg_controllen = sizeof passed.room,
    };
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    ssize_t n;
    do
        n = sendmsg(channel, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof size;
}

bool channel_receive_mail(int channel, int *ret_fd, guint64 *ret_size)
{
    Passed passed = {0};
    struct iovec words = {.iov_base = ret_size, .iov_len = sizeof *ret_size};
    struct msghdr message = {
        .msg_iov = &words,
        .msg_iovlen = 1,
        .msg_control = passed.room,
        .msg_controllen = sizeof passed.room,
    };
    ssize_t n;
    do
        n = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    while (n < 0 && errno == EINTR);
    const struct cmsghdr *rights = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (n != (ssize_t)sizeof *ret_size || !rights || rights->cmsg_type != SCM_RIGHTS)
        return false;
    memcpy(ret_fd, CMSG_DATA(rights), sizeof *ret_fd);
    return true;
}

static bool write_all(int channel, const void *bytes, gsize left)
{
    for (const char *p = bytes; left > 0;) {
        ssize_t n = write(channel, p, left);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            p += n;
            left -= (gsize)n;
        }
    }
    return true;
}

bool channel_send_answer(int channel, GBytes *answer)
{
    gsize length;
    const void *bytes = g_bytes_get_data(answer, &length);
    guint64 announced = length;
    return write_all(channel, &announced, sizeof announced) &&
           write_all(channel, bytes, length);
}

/* All of `length` bytes. */
static AnswerEnd read_all(int channel, gint64 deadline, void *to, gsize length)
{
    while (length > 0) {
        gint64 left = deadline - g_get_monotonic_time();
        struct pollfd poller = {.fd = channel, .events = POLLIN};
        if (left <= 0)
            return ANSWER_LATE;
        if (poll(&poller, 1, (int)(left / 1000) + 1) <= 0)
            continue; /* EINTR, or the deadline, judged above */
        ssize_t n = read(channel, to, length);
        if (n == 0 || (n < 0 && errno != EINTR))
            return ANSWER_ENDED;
        if (n > 0) {
            to = (char *)to + n;
            length -= (gsize)n;
        }
    }
    return ANSWER_WHOLE;
}

AnswerEnd channel_receive_answer(int channel, gint64 deadline, gsize limit, GByteArray *answer)
{
    guint64 announced = 0;
    AnswerEnd end = read_all(channel, deadline, &announced, sizeof announced);
    if (end == ANSWER_WHOLE && announced > limit)
        return ANSWER_TOO_LARGE;
    /* Grown by what has come: a length alone takes no memory. */
    while (end == ANSWER_WHOLE && announced > 0) {
        guint had = answer->len, part = (guint)MIN(announced, (guint64)BLOCK);
        g_byte_array_set_size(answer, had + part);
        end = read_all(channel, deadline, answer->data + had, part);
        announced -= part;
    }
    return end;
}
