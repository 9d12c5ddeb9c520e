/* Moving the bytes of a dialogue over a connection that libcurl makes.
 *
 * libcurl connects, does TLS, greets and logs in (CURLOPT_CONNECT_ONLY), all without blocking.
 * The mails are sent here: its own SMTP waits for the answer to each final dot, and to QUIT,
 * with everything else standing still, leaves a dot behind a bare LF unstuffed, and hangs up
 * after each refusal.
 *
 * Limits on waiting: libcurl keeps those of connecting, those of a mail are kept here. */
#include "notifier/smtp_lane.h"

#include <string.h>
#include <sys/epoll.h>

#define READ_BYTES 4096

static const char *const hung_up = "the connection was closed";

guint64 lane_tag(guint number, curl_socket_t socket)
{
    return (guint64)number << 32 | (guint32)socket;
}

guint lane_tag_number(guint64 tag)
{
    return (guint)(tag >> 32);
}

static curl_socket_t tag_socket(guint64 tag)
{
    return (curl_socket_t)(guint32)tag;
}

static void watch(const Lane *lane, curl_socket_t socket, guint32 events)
{
    struct epoll_event event = {.events = events, .data.u64 = lane_tag(lane->number, socket)};
    if (epoll_ctl(lane->epoll, EPOLL_CTL_MOD, socket, &event) < 0)
        epoll_ctl(lane->epoll, EPOLL_CTL_ADD, socket, &event);
}

/* --- connecting, by libcurl -------------------------------------------------------------- */

/* CURLMOPT_SOCKETFUNCTION */
static int await_socket(CURL *curl, curl_socket_t socket, int what, void *user, void *unused)
{
    const Lane *lane = user;
    if (what == CURL_POLL_REMOVE)
        epoll_ctl(lane->epoll, EPOLL_CTL_DEL, socket, NULL);
    else
        watch(lane, socket,
              (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0));
    return 0;
}

/* CURLMOPT_TIMERFUNCTION */
static int await_time(CURLM *multi, long ms, void *user)
{
    Lane *lane = user;
    lane->alarm = ms < 0 ? 0 : g_get_monotonic_time() + ms * (gint64)1000;
    return 0;
}

/* CURLOPT_HEADERFUNCTION: a line of a reply */
static size_t take_line(char *line, size_t size, size_t n, void *user)
{
    Lane *lane = user;
    SmtpReply *reply = &lane->dialogue.reply;
    if (lane->state == LANE_CONNECTING && smtp_reply_line(reply, line, size * n))
        smtp_offers_line(&lane->offers, reply, line, size * n);
    return size * n;
}

static void connect_to_hop(Lane *lane)
{
    const Transport *limits = lane->limits;
    CURL *curl = lane->curl = curl_easy_init();
    CURLM *multi = lane->multi = curl_multi_init();
    g_assert(curl && multi);
    smtp_hop_apply(lane->hop, curl);
    curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_line);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, lane);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, lane->says);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)limits->connect_seconds);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)limits->reply_seconds);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)limits->total_seconds);
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, await_socket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, lane);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, await_time);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, lane);
    lane->says[0] = '\0';
    lane->state = LANE_CONNECTING;
    curl_multi_add_handle(multi, curl);
}

static void hang_up(Lane *lane)
{
    lane->state = LANE_CLOSED;
    if (lane->curl) {
        curl_multi_remove_handle(lane->multi, lane->curl);
        curl_easy_cleanup(lane->curl);
        curl_multi_cleanup(lane->multi);
    }
    lane->curl = NULL;
    lane->multi = NULL;
    lane->alarm = 0;
}

/* --- talking ----------------------------------------------------------------------------- */

static void take_in(Lane *lane)
{
    char bytes[READ_BYTES];
    size_t n;
    CURLcode rc;
    while ((rc = curl_easy_recv(lane->curl, bytes, sizeof bytes, &n)) == CURLE_OK && n > 0) {
        lane->moved = g_get_monotonic_time();
        dialogue_in(&lane->dialogue, bytes, n);
    }
    if (rc != CURLE_AGAIN)
        lane->broke = hung_up;
}

static void set_blocked(Lane *lane, bool blocked)
{
    if (lane->blocked != blocked)
        watch(lane, lane->socket, EPOLLIN | (blocked ? EPOLLOUT : 0));
    lane->blocked = blocked;
}

static void send_out(Lane *lane)
{
    CURLcode rc = CURLE_OK;
    gsize length;
    for (const guint8 *bytes; (bytes = dialogue_out(&lane->dialogue, &length)), length > 0;) {
        size_t n = 0;
        rc = curl_easy_send(lane->curl, bytes, length, &n);
        if (rc != CURLE_OK)
            break;
        lane->moved = g_get_monotonic_time();
        dialogue_sent(&lane->dialogue, n);
    }
    set_blocked(lane, rc == CURLE_AGAIN);
    if (rc == CURLE_OK || rc == CURLE_AGAIN)
        return;
    /* Who hangs up may have said why. */
    take_in(lane);
    lane->broke = hung_up;
}

static void begin_dialogue(Lane *lane)
{
    lane->moved = g_get_monotonic_time();
    dialogue_begin(&lane->dialogue, &lane->offers, lane->reset);
    send_out(lane);
}

/* Has libcurl come to an end? */
static void look_at_connection(Lane *lane)
{
    int left;
    const CURLMsg *end = curl_multi_info_read(lane->multi, &left);
    if (!end || end->msg != CURLMSG_DONE)
        return;
    CURLcode rc = end->data.result;
    if (rc != CURLE_OK) {
        lane->broke = *lane->says ? lane->says : curl_easy_strerror(rc);
        if (rc == CURLE_RECV_ERROR)
            lane->broke = hung_up;
        hang_up(lane);
        return;
    }
    curl_easy_getinfo(lane->curl, CURLINFO_ACTIVESOCKET, &lane->socket);
    lane->state = LANE_OPEN;
    lane->reset = lane->blocked = false;
    watch(lane, lane->socket, EPOLLIN);
    begin_dialogue(lane);
}

/* --- the lane ---------------------------------------------------------------------------- */

void lane_init(Lane *lane, guint number, const SmtpHop *hop, const Transport *limits, int epoll)
{
    *lane = (Lane){.number = number, .hop = hop, .limits = limits, .epoll = epoll};
}

void lane_close(Lane *lane)
{
    size_t n;
    if (lane->state == LANE_OPEN)
        curl_easy_send(lane->curl, "QUIT\r\n", strlen("QUIT\r\n"), &n);
    hang_up(lane);
}

void lane_begin(Lane *lane, SendMail *mail)
{
    lane->mail = mail;
    lane->kept = lane->state == LANE_OPEN;
    lane->broke = NULL;
    lane->expired = false;
    lane->begun = g_get_monotonic_time();
    dialogue_init(&lane->dialogue, mail);
    if (lane->state == LANE_OPEN)
        begin_dialogue(lane);
    else
        connect_to_hop(lane);
}

void lane_wake(Lane *lane, guint64 tag, guint32 events)
{
    if (lane->state == LANE_CONNECTING) {
        int running, what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                            (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                            (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(lane->multi, tag_socket(tag), what, &running);
        look_at_connection(lane);
    } else if (lane->state == LANE_OPEN && lane->mail) {
        if (events & ~(guint32)EPOLLOUT)
            take_in(lane);
        if (!lane_is_done(lane))
            send_out(lane);
    } else if (lane->state == LANE_OPEN) {
        hang_up(lane); /* whatever a server says of itself, it means to go */
    }
}

gint64 lane_alarm(const Lane *lane)
{
    if (lane_is_done(lane))
        return 0;
    if (lane->state == LANE_CONNECTING)
        return lane->alarm ? lane->alarm : G_MAXINT64;
    if (!lane->mail)
        return G_MAXINT64;
    gint64 total = lane->begun + lane->limits->total_seconds * (gint64)G_USEC_PER_SEC;
    return MIN(total, lane->moved + lane->limits->reply_seconds * (gint64)G_USEC_PER_SEC);
}

void lane_ring(Lane *lane)
{
    if (lane_is_done(lane))
        return;
    if (lane->state == LANE_CONNECTING) {
        int running;
        lane->alarm = 0;
        curl_multi_socket_action(lane->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        look_at_connection(lane);
    } else if (lane->mail) {
        lane->expired = true;
        lane->broke = "the server takes too long";
    }
}

bool lane_is_done(const Lane *lane)
{
    return lane->mail && (lane->broke || lane->dialogue.step == STEP_OVER);
}

SendResult lane_end(Lane *lane, char **ret_why)
{
    SendResult result = SEND_UNTRIED;
    /* The server closed a kept connection while we were idle: that costs the mail no try. */
    if (!lane->kept || lane->expired || !dialogue_is_unheard(&lane->dialogue))
        result = dialogue_result(&lane->dialogue, lane->broke, ret_why);
    bool clean = dialogue_is_clean(&lane->dialogue, &lane->reset) && !lane->broke;
    dialogue_clear(&lane->dialogue);
    lane->mail = NULL;
    if (!clean)
        hang_up(lane);
    return result;
}
