/* The transports smtp://HOST:PORT and smtps://HOST:PORT (RFC 5321, 3207, 4954), by libcurl:
 * several mails at once, each over a connection that is kept until transport_rest.
 *
 * Not here: what a server's answers mean (dialogue.h), what is sent to whom (smtp_lane.h,
 * smtp_hop.h).
 *
 * How many connections: one for every few mails, at most LANES. The first mail goes alone until
 * it is past the door, so that a server that is down costs one mail a try. A server may let in
 * fewer of us than we are: a mail that is turned away at the door while others are inside goes
 * back to wait for one of theirs, and from then on fewer try. Only what fails with nobody else
 * inside is SEND_DOWN.
 *
 * A peer that stalls holds its own lane only: the others go on, and what they have sent is told
 * by SendGoOn every second. */
#include "notifier/smtp_lane.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define LANES 8
/* Another connection, perhaps with TLS and a login, is worth it for so many mails. */
#define LANE_MAILS 4
#define TICK_MS 1000

typedef struct {
    Transport base;
    SmtpHop *hop;
    CURLM *multi;    /* holds the connections; NULL at rest */
    GArray *sockets; /* int: of the connections */
    int epoll;
    gint64 alarm; /* monotonic time at which libcurl wants to be called; 0: none */
    Lane lanes[LANES];
    guint busy;  /* lanes with a mail */
    guint width; /* how many lanes the server seems to bear */
    bool inside; /* a mail was past the door since we last had none there */
} Smtp;

/* --- sockets and time, for libcurl ------------------------------------------------------- */

/* CURLOPT_OPENSOCKETFUNCTION */
static curl_socket_t open_socket(void *user, curlsocktype purpose, struct curl_sockaddr *at)
{
    Smtp *smtp = user;
    int fd = socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
    if (fd >= 0)
        g_array_append_val(smtp->sockets, fd);
    return fd;
}

/* CURLOPT_CLOSESOCKETFUNCTION */
static int close_socket(void *user, curl_socket_t fd)
{
    Smtp *smtp = user;
    for (guint i = 0; i < smtp->sockets->len; i++) {
        if (g_array_index(smtp->sockets, int, i) == fd) {
            g_array_remove_index_fast(smtp->sockets, i);
            break;
        }
    }
    return close(fd);
}

/* CURLMOPT_SOCKETFUNCTION: what `fd` is waited for. `known` is NULL the first time. */
static int await_socket(CURL *curl, curl_socket_t fd, int what, void *user, void *known)
{
    Smtp *smtp = user;
    struct epoll_event event = {.data.fd = fd};
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(smtp->epoll, EPOLL_CTL_DEL, fd, NULL);
        return 0;
    }
    Lane *lane = NULL;
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, &lane);
    if (lane)
        lane->socket = fd;
    event.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    epoll_ctl(smtp->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    curl_multi_assign(smtp->multi, fd, smtp);
    return 0;
}

/* CURLMOPT_TIMERFUNCTION */
static int await_time(CURLM *multi, long ms, void *user)
{
    Smtp *smtp = user;
    smtp->alarm = ms < 0 ? 0 : g_get_monotonic_time() + ms * (gint64)1000;
    return 0;
}

static int wait_ms(const Smtp *smtp)
{
    if (smtp->alarm == 0)
        return TICK_MS;
    gint64 left = (smtp->alarm - g_get_monotonic_time() + 999) / 1000;
    return (int)CLAMP(left, 0, TICK_MS);
}

/* Lets things happen, waiting for a tick at most. */
static void turn(Smtp *smtp)
{
    struct epoll_event events[LANES];
    int running, n = epoll_wait(smtp->epoll, events, LANES, wait_ms(smtp));
    for (int i = 0; i < n; i++) {
        guint32 got = events[i].events;
        int what = (got & EPOLLIN ? CURL_CSELECT_IN : 0) |
                   (got & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                   (got & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(smtp->multi, events[i].data.fd, what, &running);
    }
    if (smtp->alarm != 0 && smtp->alarm <= g_get_monotonic_time()) {
        smtp->alarm = 0;
        curl_multi_socket_action(smtp->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

/* --- lanes ------------------------------------------------------------------------------- */

static void wake_up(Smtp *smtp)
{
    if (smtp->multi)
        return;
    smtp->multi = curl_multi_init();
    g_assert(smtp->multi);
    smtp->width = LANES;
    curl_multi_setopt(smtp->multi, CURLMOPT_MAXCONNECTS, (long)LANES);
    curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETFUNCTION, await_socket);
    curl_multi_setopt(smtp->multi, CURLMOPT_SOCKETDATA, smtp);
    curl_multi_setopt(smtp->multi, CURLMOPT_TIMERFUNCTION, await_time);
    curl_multi_setopt(smtp->multi, CURLMOPT_TIMERDATA, smtp);
}

static void begin(Smtp *smtp, Lane *lane, SendMail *mail, bool fresh)
{
    if (!lane->curl) {
        lane_open(lane, smtp->hop, &smtp->base);
        curl_easy_setopt(lane->curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
        curl_easy_setopt(lane->curl, CURLOPT_OPENSOCKETDATA, smtp);
        curl_easy_setopt(lane->curl, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
        curl_easy_setopt(lane->curl, CURLOPT_CLOSESOCKETDATA, smtp);
    }
    lane_load(lane, mail, fresh);
    curl_multi_add_handle(smtp->multi, lane->curl);
    smtp->busy++;
}

/* Takes `why`. */
static void settle(Smtp *smtp, SendMail *mail, SendResult result, char *why)
{
    if (result == SEND_DOWN && smtp->inside && smtp->width > 1) {
        smtp->width = MAX(smtp->busy, 1);
        g_free(why);
        return; /* untried, so its turn comes again */
    }
    mail->result = result;
    mail->why = why;
    if (result == SEND_DOWN) {
        smtp->inside = false;
        smtp->width = LANES;
    }
}

static void end(Smtp *smtp, CURL *curl, CURLcode rc)
{
    Lane *lane = NULL;
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, &lane);
    SendMail *mail = lane->mail;
    smtp->inside = smtp->inside || lane->dialogue.recipient;
    curl_multi_remove_handle(smtp->multi, curl);
    smtp->busy--;
    char *why = NULL;
    SendResult result = lane_unload(lane, rc, &why);
    if (result == SEND_UNTRIED)
        begin(smtp, lane, mail, true);
    else
        settle(smtp, mail, result, why);
}

static void end_those_done(Smtp *smtp)
{
    int left;
    for (CURLMsg *said; (said = curl_multi_info_read(smtp->multi, &left));) {
        if (said->msg == CURLMSG_DONE)
            end(smtp, said->easy_handle, said->data.result);
    }
}

/* --- a batch ----------------------------------------------------------------------------- */

/* How many may be on their way at once, of `n` in all. */
static guint lanes_for(Smtp *smtp, guint n)
{
    for (guint i = 0; i < LANES; i++) {
        if (smtp->lanes[i].mail && smtp->lanes[i].dialogue.recipient)
            smtp->inside = true;
    }
    return smtp->inside ? MIN(smtp->width, MAX(n / LANE_MAILS, 1)) : 1;
}

static Lane *free_lane(Smtp *smtp)
{
    guint i = 0;
    while (smtp->lanes[i].mail)
        i++;
    return &smtp->lanes[i];
}

static bool is_under_way(const Smtp *smtp, const char *recipient)
{
    for (guint i = 0; i < LANES; i++) {
        if (smtp->lanes[i].mail && strcmp(smtp->lanes[i].mail->recipient, recipient) == 0)
            return true;
    }
    return false;
}

/* The first whose recipient is not being sent another. */
static SendMail *next_mail(const Smtp *smtp, SendMail *const *mails, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (mails[i]->result == SEND_UNTRIED && !is_under_way(smtp, mails[i]->recipient))
            return mails[i];
    }
    return NULL;
}

static bool any_is_down(SendMail *const *mails, guint n)
{
    for (guint i = 0; i < n; i++) {
        if (mails[i]->result == SEND_DOWN)
            return true;
    }
    return false;
}

/* False: no more are to be begun. */
static bool begin_some(Smtp *smtp, SendMail *const *mails, guint n, SendGoOn go_on, void *user)
{
    if (any_is_down(mails, n))
        return false;
    for (SendMail *mail;
         smtp->busy < lanes_for(smtp, n) && (mail = next_mail(smtp, mails, n));) {
        if (!go_on(user))
            return false;
        begin(smtp, free_lane(smtp), mail, false);
    }
    return true;
}

static void smtp_send_all(Transport *transport, SendMail *const *mails, guint n, SendGoOn go_on,
                          void *user)
{
    Smtp *smtp = (Smtp *)transport;
    gint64 tick = g_get_monotonic_time();
    bool more = true;
    wake_up(smtp);
    for (;;) {
        more = more && begin_some(smtp, mails, n, go_on, user);
        if (smtp->busy == 0)
            return;
        turn(smtp);
        end_those_done(smtp);
        if (g_get_monotonic_time() - tick >= TICK_MS * 1000) {
            tick = g_get_monotonic_time();
            more = go_on(user) && more;
        }
    }
}

/* --- the transport ----------------------------------------------------------------------- */

static void smtp_rest(Transport *transport)
{
    Smtp *smtp = (Smtp *)transport;
    if (!smtp->multi)
        return;
    for (guint i = 0; i < LANES; i++)
        lane_close(&smtp->lanes[i]);
    /* QUIT is sent, but its answer changes nothing and a stalled server must not hold us. */
    for (guint i = 0; i < smtp->sockets->len; i++)
        shutdown(g_array_index(smtp->sockets, int, i), SHUT_RD);
    curl_multi_cleanup(smtp->multi);
    smtp->multi = NULL;
    smtp->alarm = 0;
    smtp->inside = false;
}

static void smtp_free(Transport *transport)
{
    Smtp *smtp = (Smtp *)transport;
    smtp_rest(transport);
    smtp_hop_free(smtp->hop);
    g_array_unref(smtp->sockets);
    close(smtp->epoll);
    g_free(smtp);
    curl_global_cleanup();
}

bool transport_smtp(const Config *config, Transport **ret, GError **error)
{
    SmtpHop *hop = NULL;
    if (!smtp_hop_new(config, &hop, error))
        return false;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Smtp *smtp = g_new0(Smtp, 1);
    smtp->base.send_all = smtp_send_all;
    smtp->base.rest = smtp_rest;
    smtp->base.free = smtp_free;
    smtp->base.connect_seconds = 30;
    smtp->base.reply_seconds = 300;
    smtp->base.total_seconds = 900;
    smtp->hop = hop;
    smtp->sockets = g_array_new(FALSE, FALSE, sizeof(int));
    smtp->epoll = epoll_create1(EPOLL_CLOEXEC);
    g_assert(smtp->epoll >= 0);
    *ret = &smtp->base;
    return true;
}
