/* How libcurl is asked to send one mail, and what is to be watched while it does.
 *
 * Its own response code may be a stale one of an earlier command, so commands and replies are
 * watched line by line. It waits for the answer to QUIT, which means nothing any more, with all
 * other lanes waiting too: at QUIT we stop listening, so that it hears the end at once. */
#include "notifier/smtp_lane.h"

#include <sys/socket.h>

/* CURLOPT_READFUNCTION */
static size_t give_bytes(char *out, size_t size, size_t n, void *user)
{
    Lane *lane = user;
    gsize length = 0;
    return dialogue_give(&lane->dialogue, out, size * n, &length) ? length
                                                                  : CURL_READFUNC_ABORT;
}

/* CURLOPT_HEADERFUNCTION: a line of a reply */
static size_t take_reply(char *line, size_t size, size_t n, void *user)
{
    Lane *lane = user;
    if (lane->mail)
        dialogue_heard(&lane->dialogue, line, size * n);
    return size * n;
}

/* CURLOPT_DEBUGFUNCTION: the only way to know which commands were sent */
static int watch(CURL *curl, curl_infotype type, char *data, size_t size, void *user)
{
    Lane *lane = user;
    if (!lane->mail || type != CURLINFO_HEADER_OUT)
        return 0;
    dialogue_said(&lane->dialogue, data, size);
    if (lane->dialogue.over && lane->socket != CURL_SOCKET_BAD)
        shutdown(lane->socket, SHUT_RD);
    return 0;
}

void lane_open(Lane *lane, const SmtpHop *hop, const Transport *limits)
{
    CURL *curl = lane->curl = curl_easy_init();
    g_assert(curl);
    smtp_hop_apply(hop, curl);
    curl_easy_setopt(curl, CURLOPT_PRIVATE, lane);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl, CURLOPT_READDATA, lane);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_reply);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, lane);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, lane);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, lane->says);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)limits->connect_seconds);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)limits->reply_seconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)limits->reply_seconds);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)limits->total_seconds);
}

void lane_close(Lane *lane)
{
    g_clear_pointer(&lane->curl, curl_easy_cleanup);
}

void lane_load(Lane *lane, SendMail *mail, bool fresh)
{
    lane->mail = mail;
    lane->fresh = fresh;
    lane->socket = CURL_SOCKET_BAD;
    lane->says[0] = '\0';
    dialogue_init(&lane->dialogue, mail);
    lane->recipients = curl_slist_append(NULL, mail->recipient);
    curl_easy_setopt(lane->curl, CURLOPT_MAIL_FROM, mail->sender);
    curl_easy_setopt(lane->curl, CURLOPT_MAIL_RCPT, lane->recipients);
    curl_easy_setopt(lane->curl, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
}

static const char *failure(const Lane *lane, CURLcode rc)
{
    if (rc == CURLE_RECV_ERROR)
        return "the connection was closed";
    return *lane->says ? lane->says : curl_easy_strerror(rc);
}

/* The server closed a kept connection while we were idle: that costs the mail no try. */
static bool was_stale(const Lane *lane, CURLcode rc)
{
    long connects = 0;
    curl_easy_getinfo(lane->curl, CURLINFO_NUM_CONNECTS, &connects);
    return rc != CURLE_OK && rc != CURLE_OPERATION_TIMEDOUT && !lane->fresh && connects == 0 &&
           dialogue_is_unheard(&lane->dialogue);
}

SendResult lane_unload(Lane *lane, CURLcode rc, char **ret_why)
{
    SendResult result = SEND_UNTRIED;
    if (!was_stale(lane, rc))
        result = dialogue_judge(&lane->dialogue, rc == CURLE_OK, failure(lane, rc), ret_why);
    curl_easy_setopt(lane->curl, CURLOPT_MAIL_RCPT, NULL);
    g_clear_pointer(&lane->recipients, curl_slist_free_all);
    dialogue_clear(&lane->dialogue);
    lane->mail = NULL;
    return result;
}
