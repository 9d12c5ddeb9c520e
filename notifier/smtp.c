/* The transports smtp://HOST:PORT and smtps://HOST:PORT (RFC 5321, 3207, 4954), by libcurl.
 *
 * This file decides what a server's answer means for the mail and keeps libcurl from doing
 * more than it was asked for: no proxy, no .netrc, no other protocol, one recipient a mail. The
 * connection lives in the handle and is used again until transport_rest.
 *
 * - Refused with 5xx at MAIL, RCPT, DATA or after the final dot: SEND_NEVER, with the server's
 *   words. 4xx, a time-out, a broken connection: SEND_LATER; so is a lost answer to the final
 *   dot, when the server may have taken the mail.
 * - Before MAIL (no connection, no STARTTLS though required, a certificate that does not hold,
 *   a refused login, a greeting of 5xx) and where the server wants a login or TLS first (530
 * and kin): SEND_DOWN, for it concerns every mail alike.
 *
 * libcurl's own response code may be a stale one of an earlier command, so replies are read
 * here, line by line. It does not check line ends and leaves bare LF unstuffed, so that is
 * checked here too: compose writes CRLF, anything else is damage. */
#include "notifier/transport.h"

#include "core/base/error.h"
#include "notifier/lines.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD_MAX 1024
#define REPLY_MAX 1000

typedef struct {
    Transport base;
    char *url;
    char *user;     /* NULL: no AUTH */
    char *password; /* NULL: no AUTH */
    char *ca_file;  /* NULL: the system's certificates */
    long use_ssl;   /* CURLUSESSL_… : what STARTTLS is to libcurl */
    bool verify;    /* the certificate must be the host's */
    CURL *curl;     /* holds the kept connection; NULL at rest */
} Smtp;

/* One mail on one connection. */
typedef struct {
    const SendMail *mail;
    GBytes *piece; /* being sent */
    gsize offset;  /* in it */
    bool ended;    /* the mail was read to its end */
    LineEnds ends;
    bool started;   /* DATA was accepted: bytes are on their way */
    bool envelope;  /* MAIL was sent: what fails from here on may be about this mail */
    bool recipient; /* RCPT was sent: a refusal is about this mail, not about us as a sender */
    bool over;      /* QUIT was sent: what is answered now says nothing of the mail */
    bool bare;      /* a CR or LF stood alone */
    GError *error;  /* reading the mail */
    int code;       /* of the last reply; 0: none yet */
    bool reply_ended;
    GString *reply; /* its text, lines joined */
    char says[CURL_ERROR_SIZE];
} Dialogue;

static void dialogue_init(Dialogue *dialogue, const SendMail *mail)
{
    *dialogue = (Dialogue){.mail = mail, .reply = g_string_new(NULL)};
}

static void dialogue_clear(Dialogue *dialogue)
{
    g_clear_pointer(&dialogue->piece, g_bytes_unref);
    g_clear_error(&dialogue->error);
    g_string_free(dialogue->reply, TRUE);
}

/* CURLOPT_READFUNCTION */
static size_t give_bytes(char *out, size_t size, size_t n, void *user)
{
    Dialogue *dialogue = user;
    dialogue->started = true;
    gsize length = 0;
    const guint8 *bytes = NULL;
    if (dialogue->piece)
        bytes = g_bytes_get_data(dialogue->piece, &length);
    if (dialogue->offset == length && !dialogue->ended) {
        g_clear_pointer(&dialogue->piece, g_bytes_unref);
        dialogue->offset = length = 0;
        if (!dialogue->mail->next(dialogue->mail->user, &dialogue->piece, &dialogue->error))
            return CURL_READFUNC_ABORT;
        dialogue->ended = dialogue->piece == NULL;
        if (dialogue->piece)
            bytes = g_bytes_get_data(dialogue->piece, &length);
        if (!line_ends_are_crlf(&dialogue->ends, bytes, length)) {
            dialogue->bare = true;
            return CURL_READFUNC_ABORT;
        }
    }
    gsize part = MIN(size * n, length - dialogue->offset);
    if (part > 0)
        memcpy(out, bytes + dialogue->offset, part);
    dialogue->offset += part;
    return part;
}

/* CURLOPT_HEADERFUNCTION: one line of a reply, "550-text" or, the last one, "550 text". */
static size_t take_reply(char *line, size_t size, size_t n, void *user)
{
    Dialogue *dialogue = user;
    size_t length = size * n;
    if (!dialogue || dialogue->over || length < 3 || !g_ascii_isdigit(line[0]) ||
        !g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]))
        return length;
    if (dialogue->reply_ended)
        g_string_truncate(dialogue->reply, 0);
    dialogue->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
    dialogue->reply_ended = length == 3 || line[3] != '-';
    if (length > 4 && dialogue->reply->len < REPLY_MAX) {
        g_string_append_c(dialogue->reply, ' ');
        g_string_append_len(dialogue->reply, line + 4,
                            (gssize)MIN(length - 4, REPLY_MAX - dialogue->reply->len));
    }
    return length;
}

/* CURLOPT_DEBUGFUNCTION: the only way to know which commands were sent. */
static int watch(CURL *curl, curl_infotype type, char *data, size_t size, void *user)
{
    Dialogue *dialogue = user;
    if (!dialogue || type != CURLINFO_HEADER_OUT || size < 5)
        return 0;
    dialogue->envelope = dialogue->envelope || memcmp(data, "MAIL ", 5) == 0;
    dialogue->recipient = dialogue->recipient || memcmp(data, "RCPT ", 5) == 0;
    dialogue->over = dialogue->over || memcmp(data, "QUIT\r", 5) == 0;
    return 0;
}

static CURL *handle_new(const Smtp *smtp)
{
    CURL *curl = curl_easy_init();
    g_assert(curl);
    curl_easy_setopt(curl, CURLOPT_URL, smtp->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_bytes);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_reply);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, watch);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, smtp->use_ssl);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, smtp->verify ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, smtp->verify ? 2L : 0L);
    if (smtp->verify)
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (smtp->ca_file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, smtp->ca_file);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (smtp->user && smtp->password) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, smtp->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, smtp->password);
    }
    const Transport *limits = &smtp->base;
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)limits->connect_seconds);
    curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)limits->reply_seconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)limits->reply_seconds);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)limits->total_seconds);
    return curl;
}

static CURLcode perform(Smtp *smtp, Dialogue *dialogue, bool fresh)
{
    if (!smtp->curl)
        smtp->curl = handle_new(smtp);
    struct curl_slist *recipients = curl_slist_append(NULL, dialogue->mail->recipient);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, dialogue->mail->sender);
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(smtp->curl, CURLOPT_READDATA, dialogue);
    curl_easy_setopt(smtp->curl, CURLOPT_HEADERDATA, dialogue);
    curl_easy_setopt(smtp->curl, CURLOPT_DEBUGDATA, dialogue);
    curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, dialogue->says);
    curl_easy_setopt(smtp->curl, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);
    CURLcode rc = curl_easy_perform(smtp->curl);
    /* What is said while the handle is closed later must find no freed dialogue. */
    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_easy_setopt(smtp->curl, CURLOPT_HEADERDATA, NULL);
    curl_easy_setopt(smtp->curl, CURLOPT_DEBUGDATA, NULL);
    curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(recipients);
    return rc;
}

/* The server closed a kept connection while we were idle: not this mail's failure. */
static bool connection_was_stale(const Smtp *smtp, CURLcode rc, const Dialogue *dialogue)
{
    long connects = 0;
    curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connects);
    if (rc == CURLE_OK || rc == CURLE_OPERATION_TIMEDOUT || connects > 0 || dialogue->started)
        return false;
    return dialogue->code < 400 || dialogue->code == 421;
}

static SendResult judge(CURLcode rc, const Dialogue *dialogue, char **ret_why)
{
    if (rc == CURLE_OK && dialogue->code / 100 == 2)
        return SEND_SENT;
    if (dialogue->bare) {
        *ret_why = transport_why("the stored mail is damaged: a line end that is not CRLF");
        return SEND_NEVER;
    }
    if (dialogue->error) {
        *ret_why = transport_why("%s", dialogue->error->message);
        return SEND_LATER;
    }
    if (dialogue->code < 400) {
        const char *says = *dialogue->says ? dialogue->says : curl_easy_strerror(rc);
        *ret_why = transport_why("%s%s", dialogue->ended ? "no answer to the final dot: " : "",
                                 rc == CURLE_RECV_ERROR ? "the connection was closed" : says);
        return dialogue->envelope ? SEND_LATER : SEND_DOWN;
    }
    *ret_why = transport_why("%d%s", dialogue->code, dialogue->reply->str);
    bool wants_more = dialogue->code == 530 || dialogue->code == 534 || dialogue->code == 535 ||
                      dialogue->code == 538;
    if (!dialogue->envelope || wants_more)
        return SEND_DOWN;
    return dialogue->code >= 500 && dialogue->recipient ? SEND_NEVER : SEND_LATER;
}

static SendResult smtp_send(Transport *transport, const SendMail *mail, char **ret_why)
{
    Smtp *smtp = (Smtp *)transport;
    Dialogue dialogue;
    dialogue_init(&dialogue, mail);
    CURLcode rc = perform(smtp, &dialogue, false);
    if (connection_was_stale(smtp, rc, &dialogue)) {
        dialogue_clear(&dialogue);
        dialogue_init(&dialogue, mail);
        rc = perform(smtp, &dialogue, true);
    }
    SendResult result = judge(rc, &dialogue, ret_why);
    dialogue_clear(&dialogue);
    return result;
}

static void smtp_rest(Transport *transport)
{
    Smtp *smtp = (Smtp *)transport;
    if (!smtp->curl)
        return;
    /* QUIT is sent, but its answer changes nothing and a stalled server must not hold us. */
    curl_socket_t fd = CURL_SOCKET_BAD;
    curl_easy_getinfo(smtp->curl, CURLINFO_ACTIVESOCKET, &fd);
    if (fd != CURL_SOCKET_BAD)
        shutdown(fd, SHUT_RD);
    g_clear_pointer(&smtp->curl, curl_easy_cleanup);
}

static void smtp_free(Transport *transport)
{
    Smtp *smtp = (Smtp *)transport;
    smtp_rest(transport);
    if (smtp->password)
        explicit_bzero(smtp->password, strlen(smtp->password));
    g_free(smtp->password);
    g_free(smtp->user);
    g_free(smtp->ca_file);
    g_free(smtp->url);
    g_free(smtp);
    curl_global_cleanup();
}

/* The first line of a file that nobody but its owner can read. */
static bool read_password(const Config *config, char **ret, GError **error)
{
    const char *path = config->mail.password_file;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: [mail] password_file: %s: %s",
                    config->file, path, g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (!S_ISREG(st.st_mode) || (st.st_mode & 0077)) {
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "%s: [mail] password_file: %s must be a plain file that only its owner can "
                    "read (mode 0600)",
                    config->file, path);
        close(fd);
        return false;
    }
    char buffer[PASSWORD_MAX + 1];
    ssize_t n = read(fd, buffer, PASSWORD_MAX);
    close(fd);
    buffer[MAX(n, 0)] = '\0';
    buffer[strcspn(buffer, "\r\n")] = '\0';
    bool ok = *buffer != '\0';
    if (ok)
        *ret = g_strdup(buffer);
    else
        g_set_error(error, WICKET_ERROR, ERROR_CONFIG,
                    "%s: [mail] password_file: %s holds no password", config->file, path);
    explicit_bzero(buffer, sizeof buffer);
    return ok;
}

static bool check_ca_file(const Config *config, GError **error)
{
    if (!config->mail.ca_file || access(config->mail.ca_file, R_OK) == 0)
        return true;
    g_set_error(error, WICKET_ERROR, ERROR_CONFIG, "%s: [mail] ca_file: %s: %s", config->file,
                config->mail.ca_file, g_strerror(errno));
    return false;
}

/* The path of an smtp: URL is the name we give in EHLO. */
static char *make_url(const Config *config)
{
    bool literal = strchr(config->mail.host, ':') && config->mail.host[0] != '[';
    g_autofree char *name = g_uri_escape_string(config->site.domain, NULL, FALSE);
    return g_strdup_printf(
        "%s://%s%s%s:%d/%s", config->mail.transport == TRANSPORT_SMTPS ? "smtps" : "smtp",
        literal ? "[" : "", config->mail.host, literal ? "]" : "", config->mail.port, name);
}

static long starttls_of(TlsPolicy tls)
{
    switch (tls) {
    case TLS_REQUIRE:
        return CURLUSESSL_ALL;
    case TLS_TRY:
        return CURLUSESSL_TRY;
    case TLS_NONE:
        break;
    }
    return CURLUSESSL_NONE;
}

bool transport_smtp(const Config *config, Transport **ret, GError **error)
{
    g_autofree char *password = NULL;
    if (config->mail.password_file && !read_password(config, &password, error))
        return false;
    if (!check_ca_file(config, error))
        return false;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Smtp *smtp = g_new0(Smtp, 1);
    smtp->base.send = smtp_send;
    smtp->base.rest = smtp_rest;
    smtp->base.free = smtp_free;
    smtp->base.connect_seconds = 30;
    smtp->base.reply_seconds = 300;
    smtp->base.total_seconds = 900;
    smtp->url = make_url(config);
    smtp->user = g_strdup(config->mail.user);
    smtp->password = g_steal_pointer(&password);
    smtp->ca_file = g_strdup(config->mail.ca_file);
    smtp->use_ssl = starttls_of(config->mail.tls);
    smtp->verify = config->mail.tls == TLS_REQUIRE ||
                   (config->mail.transport == TRANSPORT_SMTPS && config->mail.tls != TLS_TRY);
    *ret = &smtp->base;
    return true;
}
