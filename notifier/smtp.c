/* The transports smtp://HOST:PORT and smtps://HOST:PORT (RFC 5321, 3207, 4954): several mails
 * at once, each over a connection that is kept until transport_rest.
 *
 * Not here: what is said to a server and what its answers mean (dialogue.h), connections
 * (smtp_lane.h), where to and with which trust (smtp_hop.h).
 *
 * How many connections: one for every few mails, at most LANES. The first mail goes alone until
 * the server has let it in, so that a server that is down costs one mail a try. A server may
 * let in fewer of us than we are: a mail that is turned away at the door while others are
 * inside waits for one of theirs, and from then on fewer try. Only what fails with nobody else
 * inside is SEND_DOWN.
 *
 * A peer that stalls holds its own lane only: the others go on, and what they have sent is told
 * by SendGoOn every second. */
#include "notifier/smtp_lane.h"

#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define LANES 8
/* Another connection, perhaps with TLS and a login, is worth it for so many mails. */
#define LANE_MAILS 4
#define TICK_USEC G_USEC_PER_SEC

typedef struct {
    Transport base;
    SmtpHop *hop;
    int epoll;
    Lane lanes[LANES];
    guint width; /* how many lanes the server seems to bear */
    bool inside; /* a mail was let in since we last were at rest or turned away */
} Smtp;

/* What is being sent. */
typedef struct {
    SendMail *const *mails;
    guint n;
    SendGoOn go_on;
    void *user;
    bool more;   /* mails may be begun */
    gint64 tick; /* monotonic: when SendGoOn was asked last */
} Load;

/* --- lanes ------------------------------------------------------------------------------- */

static guint busy_lanes(const Smtp *smtp)
{
    guint busy = 0;
    for (guint i = 0; i < LANES; i++)
        busy += smtp->lanes[i].mail != NULL;
    return busy;
}

/* One that has a connection, if there is. */
static Lane *free_lane(Smtp *smtp)
{
    Lane *found = NULL;
    for (guint i = 0; i < LANES; i++) {
        Lane *lane = &smtp->lanes[i];
        if (!lane->mail && (!found || lane->state == LANE_OPEN))
            found = lane;
    }
    return found;
}

/* Waits until something happens or must, but not past `until`. */
static void wait_for_peers(Smtp *smtp, gint64 until)
{
    for (guint i = 0; i < LANES; i++)
        until = MIN(until, lane_alarm(&smtp->lanes[i]));
    gint64 left = MAX(until - g_get_monotonic_time(), 0);
    struct epoll_event events[LANES];
    int n = epoll_wait(smtp->epoll, events, LANES, (int)((left + 999) / 1000));
    for (int i = 0; i < n; i++) {
        guint64 tag = events[i].data.u64;
        lane_wake(&smtp->lanes[lane_tag_number(tag)], tag, events[i].events);
    }
    gint64 now = g_get_monotonic_time();
    for (guint i = 0; i < LANES; i++) {
        if (lane_alarm(&smtp->lanes[i]) <= now)
            lane_ring(&smtp->lanes[i]);
    }
}

/* Takes `why`. */
static void settle(Smtp *smtp, SendMail *mail, SendResult result, char *why)
{
    if (result == SEND_DOWN && smtp->inside && smtp->width > 1) {
        smtp->width = MAX(busy_lanes(smtp), 1);
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

static void end_those_done(Smtp *smtp)
{
    for (guint i = 0; i < LANES; i++) {
        Lane *lane = &smtp->lanes[i];
        if (lane->mail && dialogue_is_inside(&lane->dialogue))
            smtp->inside = true;
        if (!lane_is_done(lane))
            continue;
        SendMail *mail = lane->mail;
        char *why = NULL;
        SendResult result = lane_end(lane, &why);
        if (result == SEND_UNTRIED)
            lane_begin(lane, mail);
        else
            settle(smtp, mail, result, why);
    }
}

/* --- mails ------------------------------------------------------------------------------- */

static bool is_under_way(const Smtp *smtp, const char *recipient)
{
    for (guint i = 0; i < LANES; i++) {
        const SendMail *mail = smtp->lanes[i].mail;
        if (mail && strcmp(mail->recipient, recipient) == 0)
            return true;
    }
    return false;
}

/* The first whose recipient is not being sent another. */
static SendMail *next_mail(const Smtp *smtp, const Load *load)
{
    for (guint i = 0; i < load->n; i++) {
        SendMail *mail = load->mails[i];
        if (mail->result == SEND_UNTRIED && !is_under_way(smtp, mail->recipient))
            return mail;
    }
    return NULL;
}

static bool is_down(const Load *load)
{
    for (guint i = 0; i < load->n; i++) {
        if (load->mails[i]->result == SEND_DOWN)
            return true;
    }
    return false;
}

static guint lanes_for(const Smtp *smtp, const Load *load)
{
    return smtp->inside ? MIN(smtp->width, MAX(load->n / LANE_MAILS, 1)) : 1;
}

static void ask(Load *load)
{
    load->tick = g_get_monotonic_time();
    load->more = load->go_on(load->user) && load->more;
}

static void begin_some(Smtp *smtp, Load *load)
{
    if (is_down(load))
        load->more = false;
    while (load->more && busy_lanes(smtp) < lanes_for(smtp, load)) {
        SendMail *mail = next_mail(smtp, load);
        if (!mail)
            return;
        ask(load);
        if (load->more)
            lane_begin(free_lane(smtp), mail);
    }
}

static void smtp_send_all(Transport *transport, SendMail *const *mails, guint n, SendGoOn go_on,
                          void *user)
{
    Smtp *smtp = (Smtp *)transport;
    Load load = {mails, n, go_on, user, true, g_get_monotonic_time()};
    for (;;) {
        begin_some(smtp, &load);
        if (busy_lanes(smtp) == 0)
            return;
        wait_for_peers(smtp, load.tick + TICK_USEC);
        end_those_done(smtp);
        if (g_get_monotonic_time() - load.tick >= TICK_USEC)
            ask(&load);
    }
}

/* --- the transport ----------------------------------------------------------------------- */

static void smtp_rest(Transport *transport)
{
    Smtp *smtp = (Smtp *)transport;
    for (guint i = 0; i < LANES; i++)
        lane_close(&smtp->lanes[i]);
    smtp->inside = false;
    smtp->width = LANES;
}

static void smtp_free(Transport *transport)
{
    Smtp *smtp = (Smtp *)transport;
    smtp_rest(transport);
    smtp_hop_free(smtp->hop);
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
    smtp->width = LANES;
    smtp->epoll = epoll_create1(EPOLL_CLOEXEC);
    g_assert(smtp->epoll >= 0);
    for (guint i = 0; i < LANES; i++)
        lane_init(&smtp->lanes[i], i, hop, &smtp->base, smtp->epoll);
    *ret = &smtp->base;
    return true;
}
