/* A lane: a connection to the next hop that is kept, with one mail at a time on it. */
#pragma once

#include "notifier/dialogue.h"
#include "notifier/smtp_hop.h"

#include <curl/curl.h>

typedef enum {
    LANE_CLOSED,
    LANE_CONNECTING, /* by libcurl: TLS, EHLO and a login included */
    LANE_OPEN,
} LaneState;

typedef struct {
    const SmtpHop *hop;      /* borrowed */
    const Transport *limits; /* borrowed */
    int epoll;               /* borrowed; the data of its sockets is lane_tag */
    guint number;            /* of the lane, in the tag */

    LaneState state;
    CURLM *multi; /* one of its own: libcurl closes what lies idle beside others */
    CURL *curl;
    curl_socket_t socket; /* when open */
    bool blocked;         /* the socket takes no more for the moment */
    bool kept;            /* the connection was there before the mail */
    bool reset;           /* an earlier mail was broken off on it */
    SmtpOffers offers;
    gint64 alarm; /* monotonic time at which libcurl wants to be called; 0: none */

    SendMail *mail; /* NULL: it is free */
    Dialogue dialogue;
    gint64 begun, moved; /* monotonic: the mail was given, the last byte went or came */
    const char *broke;   /* how the connection ended under the mail; NULL: it did not */
    bool expired;        /* it is we who ended it */
    char says[CURL_ERROR_SIZE];
} Lane;

/* What stands in the data of an epoll event, and what it says. */
guint64 lane_tag(guint number, curl_socket_t socket);
guint lane_tag_number(guint64 tag);

/* `lane` must stay where it is. */
void lane_init(Lane *lane, guint number, const SmtpHop *hop, const Transport *limits,
               int epoll);
/* Says goodbye, without waiting for the answer. There is no mail. */
void lane_close(Lane *lane);

/* Begins a mail, connecting first if need be. */
void lane_begin(Lane *lane, SendMail *mail);
/* Something happened on a socket of the lane: an event of epoll. */
void lane_wake(Lane *lane, guint64 tag, guint32 events);
/* The monotonic time by which lane_ring is to be called; 0: it is done, G_MAXINT64: it need
 * not.
 */
gint64 lane_alarm(const Lane *lane);
void lane_ring(Lane *lane);

/* Nothing more will be said about its mail. */
bool lane_is_done(const Lane *lane);
/* Then: frees the lane and says what became of the mail. SEND_UNTRIED: nothing, for the kept
 * connection was none any more. */
SendResult lane_end(Lane *lane, char **ret_why);
