/* A scripted SMTP server on the loopback, for tests: it answers as told at each step, drops or
 * stalls where told, and keeps what it was given.
 *
 * A thread listens and each connection has one of its own. The server's side of TLS is GnuTLS,
 * which libcurl has loaded already; its functions are looked up there, so that no test needs to
 * link it. */
#pragma once

#include <arpa/inet.h>
#include <dlfcn.h>
#include <glib.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DROP "DROP"   /* instead of an answer: close the connection */
#define STALL "STALL" /* instead of an answer: none, until the client goes away */
#define TLS_CALL(name) ((__typeof__(&name))dlsym(RTLD_DEFAULT, #name))

typedef struct {
    int port;
    /* The script; NULL is the usual answer. */
    const char *greeting, *ehlo, *mail, *rcpt, *data, *dot, *quit;
    gsize drop_after;               /* closes after so many bytes of a mail; 0: does not */
    const char *about;              /* rcpt, dot and drop_after are for this recipient only */
    int dot_ms;                     /* how long it thinks before it answers a final dot */
    int clients_max;                /* turns away what is more at once; 0: does not */
    const char *tls_cert, *tls_key; /* offers STARTTLS with these files; NULL: does not */
    bool tls_at_once;               /* smtps */

    /* What happened; read under the lock. */
    GMutex lock;
    int connections;
    int clients, peak; /* now, and at most so far */
    GArray *fds;       /* int: of the clients */
    GPtrArray *mails;  /* char *, as it went over the wire, without the final dot */
    GString *commands; /* lines */

    int listener;
    GThread *thread;
    GPtrArray *threads;
} SmtpServer;

typedef struct {
    SmtpServer *server;
    int fd;
    gnutls_session_t tls; /* NULL: in clear */
    gnutls_certificate_credentials_t credentials;
    char buffer[4096];
    gsize start, end;
    char *recipient; /* the line; NULL: none yet */
    bool refused;    /* the recipient is */
} SmtpClient;

static inline ssize_t client_read(SmtpClient *client, char *bytes, gsize length)
{
    return client->tls ? TLS_CALL(gnutls_record_recv)(client->tls, bytes, length)
                       : recv(client->fd, bytes, length, 0);
}

static inline void client_write(SmtpClient *client, const char *text)
{
    gsize length = strlen(text);
    if (client->tls)
        TLS_CALL(gnutls_record_send)(client->tls, text, length);
    else if (send(client->fd, text, length, MSG_NOSIGNAL) < 0)
        return;
}

/* The next byte, or -1 at the end. */
static inline int client_byte(SmtpClient *client)
{
    if (client->start == client->end) {
        ssize_t n = client_read(client, client->buffer, sizeof client->buffer);
        if (n <= 0)
            return -1;
        client->start = 0;
        client->end = (gsize)n;
    }
    return (guchar)client->buffer[client->start++];
}

/* A line with its end; false when the client has gone. */
static inline bool client_line(SmtpClient *client, GString *line)
{
    g_string_truncate(line, 0);
    for (int c; (c = client_byte(client)) >= 0;) {
        g_string_append_c(line, (char)c);
        if (c == '\n')
            return true;
    }
    return false;
}

/* False when the connection is to end here. */
static inline bool client_answer(SmtpClient *client, const char *scripted, const char *usual)
{
    if (g_strcmp0(scripted, DROP) == 0)
        return false;
    if (g_strcmp0(scripted, STALL) == 0) {
        while (client_byte(client) >= 0)
            continue;
        return false;
    }
    g_autofree char *text = g_strconcat(scripted ? scripted : usual, "\r\n", NULL);
    client_write(client, text);
    return !scripted || !g_str_has_prefix(scripted, "421");
}

/* The script is about this mail. */
static inline bool client_is_meant(SmtpClient *client)
{
    const char *about = client->server->about;
    return !about || (client->recipient && strstr(client->recipient, about));
}

static inline bool client_take_mail(SmtpClient *client)
{
    SmtpServer *server = client->server;
    bool meant = client_is_meant(client);
    g_autoptr(GString) mail = g_string_new(NULL);
    g_autoptr(GString) line = g_string_new(NULL);
    while (client_line(client, line)) {
        if (strcmp(line->str, ".\r\n") == 0) {
            g_mutex_lock(&server->lock);
            g_ptr_array_add(server->mails, g_strndup(mail->str, mail->len));
            g_mutex_unlock(&server->lock);
            g_usleep((gulong)server->dot_ms * 1000);
            return client_answer(client, meant ? server->dot : NULL, "250 2.0.0 queued");
        }
        g_string_append_len(mail, line->str, (gssize)line->len);
        if (meant && server->drop_after && mail->len >= server->drop_after)
            return false;
    }
    return false;
}

static inline bool client_start_tls(SmtpClient *client)
{
    SmtpServer *server = client->server;
    TLS_CALL(gnutls_certificate_allocate_credentials)(&client->credentials);
    int loaded = TLS_CALL(gnutls_certificate_set_x509_key_file)(
        client->credentials, server->tls_cert, server->tls_key, GNUTLS_X509_FMT_PEM);
    g_assert_cmpint(loaded, >=, 0);
    TLS_CALL(gnutls_init)(&client->tls, GNUTLS_SERVER);
    TLS_CALL(gnutls_set_default_priority)(client->tls);
    TLS_CALL(gnutls_credentials_set)(client->tls, GNUTLS_CRD_CERTIFICATE, client->credentials);
    TLS_CALL(gnutls_transport_set_int2)(client->tls, client->fd, client->fd);
    return TLS_CALL(gnutls_handshake)(client->tls) == 0;
}

/* Lets in alice, whose password is secret. */
static inline bool client_login(SmtpClient *client)
{
    g_autoptr(GString) line = g_string_new(NULL);
    if (!client_line(client, line))
        return false;
    g_strchomp(line->str);
    gsize length = 0;
    g_autofree guchar *plain = g_base64_decode(line->str, &length);
    bool right = length == 13 && memcmp(plain, "\0alice\0secret", 13) == 0;
    return client_answer(client, NULL, right ? "235 2.7.0 welcome" : "535 5.7.8 no");
}

static inline bool client_command(SmtpClient *client, const char *line)
{
    SmtpServer *server = client->server;
    if (g_str_has_prefix(line, "EHLO")) {
        bool offer = server->tls_cert && !client->tls;
        return client_answer(client, server->ehlo,
                             offer ? "250-here\r\n250 STARTTLS" : "250-here\r\n250 AUTH PLAIN");
    }
    if (g_str_has_prefix(line, "STARTTLS"))
        return client_answer(client, NULL, "220 go on") && client_start_tls(client);
    if (g_str_has_prefix(line, "AUTH PLAIN"))
        return client_answer(client, NULL, "334 ") && client_login(client);
    if (g_str_has_prefix(line, "MAIL"))
        return client_answer(client, server->mail, "250 ok");
    if (g_str_has_prefix(line, "RCPT")) {
        g_free(client->recipient);
        client->recipient = g_strdup(line);
        const char *scripted = client_is_meant(client) ? server->rcpt : NULL;
        client->refused = scripted != NULL;
        return client_answer(client, scripted, "250 ok");
    }
    if (g_str_has_prefix(line, "DATA") && client->refused)
        return client_answer(client, NULL, "554 5.5.1 no valid recipients");
    if (g_str_has_prefix(line, "DATA"))
        return client_answer(client, server->data, "354 go on") &&
               (server->data || client_take_mail(client));
    if (g_str_has_prefix(line, "RSET"))
        return client_answer(client, NULL, "250 ok");
    if (g_str_has_prefix(line, "QUIT"))
        return client_answer(client, server->quit, "221 bye") && false;
    return client_answer(client, NULL, "502 what?");
}

/* Returns whether there is room for one more. */
static inline bool client_enters(SmtpClient *client)
{
    SmtpServer *server = client->server;
    g_mutex_lock(&server->lock);
    server->connections++;
    g_array_append_val(server->fds, client->fd);
    int clients = ++server->clients;
    bool room = server->clients_max == 0 || clients <= server->clients_max;
    if (room)
        server->peak = MAX(server->peak, clients);
    g_mutex_unlock(&server->lock);
    return room;
}

static inline void client_leaves(SmtpClient *client)
{
    SmtpServer *server = client->server;
    g_mutex_lock(&server->lock);
    server->clients--;
    for (guint i = 0; i < server->fds->len; i++) {
        if (g_array_index(server->fds, int, i) == client->fd) {
            g_array_remove_index_fast(server->fds, i);
            break;
        }
    }
    close(client->fd);
    g_mutex_unlock(&server->lock);
    g_free(client->recipient);
    g_free(client);
}

static inline gpointer client_serve(gpointer user)
{
    SmtpClient *client = user;
    SmtpServer *server = client->server;
    g_autoptr(GString) line = g_string_new(NULL);
    const char *greeting = client_enters(client) ? server->greeting : "421 4.7.0 too many";
    bool going = (!server->tls_at_once || client_start_tls(client)) &&
                 client_answer(client, greeting, "220 here ESMTP");
    while (going && client_line(client, line)) {
        g_mutex_lock(&server->lock);
        g_string_append(server->commands, line->str);
        g_mutex_unlock(&server->lock);
        going = client_command(client, line->str);
    }
    if (client->tls)
        TLS_CALL(gnutls_deinit)(client->tls);
    if (client->credentials)
        TLS_CALL(gnutls_certificate_free_credentials)(client->credentials);
    client_leaves(client);
    return NULL;
}

static inline gpointer server_listen(gpointer user)
{
    SmtpServer *server = user;
    for (;;) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        SmtpClient *client = g_new0(SmtpClient, 1);
        client->server = server;
        client->fd = fd;
        g_ptr_array_add(server->threads, g_thread_new("client", client_serve, client));
    }
}

static inline SmtpServer *server_start(void)
{
    SmtpServer *server = g_new0(SmtpServer, 1);
    g_mutex_init(&server->lock);
    server->mails = g_ptr_array_new_with_free_func(g_free);
    server->commands = g_string_new(NULL);
    server->threads = g_ptr_array_new();
    server->fds = g_array_new(FALSE, FALSE, sizeof(int));
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof at;
    g_assert_cmpint(bind(server->listener, (struct sockaddr *)&at, length), ==, 0);
    g_assert_cmpint(listen(server->listener, 8), ==, 0);
    g_assert_cmpint(getsockname(server->listener, (struct sockaddr *)&at, &length), ==, 0);
    server->port = ntohs(at.sin_port);
    server->thread = g_thread_new("server", server_listen, server);
    return server;
}

/* The clients must be gone: frees their transports first. */
static inline void server_stop(SmtpServer *server)
{
    shutdown(server->listener, SHUT_RDWR);
    g_thread_join(server->thread);
    close(server->listener);
    for (guint i = 0; i < server->threads->len; i++)
        g_thread_join(server->threads->pdata[i]);
    g_ptr_array_unref(server->threads);
    g_ptr_array_unref(server->mails);
    g_array_unref(server->fds);
    g_string_free(server->commands, TRUE);
    g_mutex_clear(&server->lock);
    g_free(server);
}

/* Breaks all connections there are. */
static inline void server_hang_up(SmtpServer *server)
{
    g_mutex_lock(&server->lock);
    for (guint i = 0; i < server->fds->len; i++)
        shutdown(g_array_index(server->fds, int, i), SHUT_RDWR);
    g_mutex_unlock(&server->lock);
    for (int left = 1; left > 0; g_usleep(1000)) {
        g_mutex_lock(&server->lock);
        left = server->clients;
        g_mutex_unlock(&server->lock);
    }
}

static inline int server_connections(SmtpServer *server)
{
    g_mutex_lock(&server->lock);
    int connections = server->connections;
    g_mutex_unlock(&server->lock);
    return connections;
}

static inline guint server_mails(SmtpServer *server)
{
    g_mutex_lock(&server->lock);
    guint mails = server->mails->len;
    g_mutex_unlock(&server->lock);
    return mails;
}

/* How often a command line stands in what the clients said. */
static inline int server_said(SmtpServer *server, const char *text)
{
    g_mutex_lock(&server->lock);
    int times = 0;
    for (const char *at = server->commands->str; (at = strstr(at, text)); at++)
        times++;
    g_mutex_unlock(&server->lock);
    return times;
}

/* The same, for what may still be on its way. */
static inline void server_expect(SmtpServer *server, const char *text, int times)
{
    for (int i = 0; i < 200 && server_said(server, text) < times; i++)
        g_usleep(10 * 1000);
    g_assert_cmpint(server_said(server, text), ==, times);
}
