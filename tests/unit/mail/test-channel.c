/* The parser's socket: what the desk makes of a parser that says too much, too little, or
 * nothing in time. */
#include "core/mail/channel.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMIT = 100 * 1000 };

typedef struct {
    int ends[2]; /* the desk's, the parser's */
    GByteArray *answer;
} Pair;

static void pair_clear(Pair *pair)
{
    close(pair->ends[0]);
    if (pair->ends[1] >= 0)
        close(pair->ends[1]);
    g_byte_array_unref(pair->answer);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static Pair pair_new(void)
{
    Pair pair = {.answer = g_byte_array_new()};
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.ends), ==, 0);
    return pair;
}

static void say(const Pair *pair, const void *bytes, gsize length)
{
    g_assert_cmpint(write(pair->ends[1], bytes, length), ==, (gssize)length);
}

static void hang_up(Pair *pair)
{
    close(pair->ends[1]);
    pair->ends[1] = -1;
}

static AnswerEnd listen_for(const Pair *pair, gint64 seconds)
{
    return channel_receive_answer(
        pair->ends[0], g_get_monotonic_time() + seconds * G_USEC_PER_SEC, LIMIT, pair->answer);
}

static void test_answers(void)
{
    static const gsize lengths[] = {0, 1, 1000, LIMIT};
    g_auto(Pair) pair = pair_new();
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree guint8 *bytes = g_malloc(lengths[i] + 1);
        memset(bytes, (int)i, lengths[i] + 1);
        g_autoptr(GBytes) answer = g_bytes_new(bytes, lengths[i]);
        g_byte_array_set_size(pair.answer, 0);
        g_assert_true(channel_send_answer(pair.ends[1], answer));
        g_assert_cmpint(listen_for(&pair, 5), ==, ANSWER_WHOLE);
        g_assert_cmpmem(pair.answer->data, pair.answer->len, bytes, lengths[i]);
    }
}

static void test_too_large(void)
{
    const guint64 lengths[] = {LIMIT + 1, G_MAXUINT64};
    for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_auto(Pair) pair = pair_new();
        say(&pair, &lengths[i], sizeof lengths[i]);
        g_assert_cmpint(listen_for(&pair, 5), ==, ANSWER_TOO_LARGE);
        g_assert_cmpuint(pair.answer->len, ==, 0);
    }
}

static void test_cut(void)
{
    const guint64 length = 5;
    g_auto(Pair) silent = pair_new();
    hang_up(&silent);
    g_assert_cmpint(listen_for(&silent, 5), ==, ANSWER_ENDED);
    g_auto(Pair) begun = pair_new();
    say(&begun, &length, 3);
    hang_up(&begun);
    g_assert_cmpint(listen_for(&begun, 5), ==, ANSWER_ENDED);
    g_auto(Pair) half = pair_new();
    say(&half, &length, sizeof length);
    say(&half, "abc", 3);
    hang_up(&half);
    g_assert_cmpint(listen_for(&half, 5), ==, ANSWER_ENDED);
}

static void test_late(void)
{
    const guint64 length = 5;
    g_auto(Pair) pair = pair_new();
    say(&pair, &length, sizeof length);
    say(&pair, "abc", 3);
    gint64 start = g_get_monotonic_time();
    g_assert_cmpint(listen_for(&pair, 1), ==, ANSWER_LATE);
    g_assert_cmpint(g_get_monotonic_time() - start, >=, G_USEC_PER_SEC);
}

static void test_mails(void)
{
    g_auto(Pair) pair = pair_new();
    int fd = memfd_create("mail", MFD_CLOEXEC), got;
    guint64 size;
    char text[5] = {0};
    g_assert_cmpint(write(fd, "mail", 4), ==, 4);
    g_assert_true(channel_send_mail(pair.ends[0], fd, 4));
    close(fd); /* what was passed is another descriptor */
    g_assert_true(channel_receive_mail(pair.ends[1], &got, &size));
    g_assert_cmpuint(size, ==, 4);
    g_assert_cmpint(pread(got, text, sizeof text, 0), ==, 4);
    g_assert_cmpstr(text, ==, "mail");
    g_assert_cmpint(fcntl(got, F_GETFD) & FD_CLOEXEC, !=, 0);
    close(got);
    /* Something else than a mail. */
    g_assert_cmpint(write(pair.ends[0], "12345678", 8), ==, 8);
    g_assert_false(channel_receive_mail(pair.ends[1], &got, &size));
    /* Nobody listens. */
    hang_up(&pair);
    g_assert_false(channel_send_mail(pair.ends[0], STDIN_FILENO, 4));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/channel/answers", test_answers);
    g_test_add_func("/channel/too-large", test_too_large);
    g_test_add_func("/channel/cut", test_cut);
    g_test_add_func("/channel/late", test_late);
    g_test_add_func("/channel/mails", test_mails);
    return g_test_run();
}
