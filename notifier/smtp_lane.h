/* A lane: one mail at a time on its way to the next hop. Which connection it takes is libcurl's
 * choice among those it keeps. */
#pragma once

#include "notifier/dialogue.h"
#include "notifier/smtp_hop.h"

#include <curl/curl.h>

typedef struct {
    CURL *curl;     /* NULL: never used */
    SendMail *mail; /* NULL: it is free */
    bool fresh;     /* not on a connection that was kept */
    Dialogue dialogue;
    struct curl_slist *recipients; /* of the mail: one */
    curl_socket_t socket;          /* where its answers come from, CURL_SOCKET_BAD: unknown */
    char says[CURL_ERROR_SIZE];
} Lane;

/* Makes the lane's handle. `lane` must stay where it is; the handle's private pointer is it. */
void lane_open(Lane *lane, const SmtpHop *hop, const Transport *limits);
void lane_close(Lane *lane);

/* Readies the handle for a mail. `fresh`: not on a connection that was kept. */
void lane_load(Lane *lane, SendMail *mail, bool fresh);
/* After the transfer has ended with `rc`: frees the lane and says what became of the mail.
 * SEND_UNTRIED: nothing, for the kept connection was none any more; not if `fresh`. */
SendResult lane_unload(Lane *lane, CURLcode rc, char **ret_why);
