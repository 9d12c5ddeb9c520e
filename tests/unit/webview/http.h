/* A server in a child process, and asking it over HTTP. Header only, for every .c here is a
 * program. */
#pragma once

#include "site.h"

#include "webview/server.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

typedef struct {
    TestSite *site;
    pid_t server;
    char *where; /* "http://127.0.0.1:PORT" */
} Fixture;

/* --- the server, in a child -------------------------------------------------------------- */

static inline void say_nothing(const char *domain, GLogLevelFlags level, const char *text,
                               void *user)
{
}

static inline void serve(const Config *config, const char *listen, int out)
{
    g_autoptr(GError) error = NULL;
    dup2(out, STDOUT_FILENO);
    g_log_set_always_fatal(G_LOG_FATAL_MASK); /* in tests, warnings are */
    g_log_set_default_handler(say_nothing, NULL);
    alarm(120); /* should the test die, nobody is left behind */
    bool served = server_run(config, listen, &error);
    if (!served)
        fprintf(stderr, "%s\n", error->message);
    g_clear_error(&error);
    exit(served ? 0 : 1);
}

static inline pid_t start(const Config *config, const char *listen, char **ret_where)
{
    static const char said[] = "listening on ";
    char line[300];
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        serve(config, listen, ends[1]);
    close(ends[1]);
    FILE *in = fdopen(ends[0], "r");
    g_assert_nonnull(fgets(line, sizeof line, in));
    fclose(in);
    g_assert_true(g_str_has_prefix(line, said));
    *ret_where = g_strdup(g_strchomp(line + strlen(said)));
    return pid;
}

/* It ends by itself, cleanly: under the sanitizers, without a leak. */
static inline void stop(pid_t pid)
{
    int status = 0;
    kill(pid, SIGTERM);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
}

static inline void set_up(Fixture *fixture, gconstpointer base_url)
{
    fixture->site = site_new(base_url);
    fixture->server = start(fixture->site->config, "127.0.0.1:0", &fixture->where);
}

static inline void tear_down(Fixture *fixture, gconstpointer unused)
{
    stop(fixture->server);
    site_free(fixture->site);
    g_free(fixture->where);
}

/* --- asking ------------------------------------------------------------------------------ */

typedef struct {
    long status;
    GString *headers; /* lower-cased names are not needed: ours are as we write them */
    GString *body;
} Reply;

static inline void reply_free(Reply *reply)
{
    g_string_free(reply->headers, TRUE);
    g_string_free(reply->body, TRUE);
    g_free(reply);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

static inline size_t collect(char *bytes, size_t size, size_t n, void *out)
{
    g_string_append_len(out, bytes, (gssize)(size * n));
    return size * n;
}

static inline Reply *ask(const Fixture *fixture, const char *method, const char *path)
{
    g_autofree char *url = g_strconcat(fixture->where, path, NULL);
    CURL *curl = curl_easy_init();
    Reply *reply = g_new0(Reply, 1);
    reply->headers = g_string_new("");
    reply->body = g_string_new("");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    if (strcmp(method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (strcmp(method, "POST") == 0)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "a=b");
    else
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply->body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, reply->headers);
    CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK)
        g_error("%s %s: %s", method, path, curl_easy_strerror(code));
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply->status);
    curl_easy_cleanup(curl);
    return reply;
}

static inline Reply *get(const Fixture *fixture, const char *path)
{
    return ask(fixture, "GET", path);
}

static inline Reply *get_ticket(const Fixture *fixture, const char *hash, const char *rest)
{
    g_autofree char *path = g_strconcat("/ticket/", hash, rest, NULL);
    return get(fixture, path);
}

static inline int dial(const char *where)
{
    const char *port = strrchr(where, ':') + 1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((guint16)atoi(port))};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval patience = {.tv_sec = 20};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    return fd;
}

static inline char *read_all(int fd)
{
    GString *answer = g_string_new("");
    char buffer[4096];
    ssize_t n;
    while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
        g_string_append_len(answer, buffer, n);
    close(fd);
    return g_string_free(answer, FALSE);
}

/* Bytes as they are, and all that comes back until the server closes. */
static inline char *ask_raw(const Fixture *fixture, const char *bytes, gsize length)
{
    int fd = dial(fixture->where);
    /* It may have answered and closed before all is sent. */
    for (gsize sent = 0; sent < length;) {
        ssize_t n = send(fd, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        sent += (gsize)n;
    }
    shutdown(fd, SHUT_WR);
    return read_all(fd);
}

/* --- headers ----------------------------------------------------------------------------- */

#define CSP                                                                                    \
    "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; "          \
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

static inline void assert_header(const char *headers, const char *line)
{
    g_autofree char *ended = g_strconcat("\r\n", line, "\r\n", NULL);
    if (!strstr(headers, ended))
        g_test_message("no \"%s\" in\n%s", line, headers);
    g_assert_nonnull(strstr(headers, ended));
}

static inline void assert_private(const char *headers)
{
    assert_header(headers, "Referrer-Policy: no-referrer");
    assert_header(headers, "X-Robots-Tag: noindex, nofollow, noarchive");
    assert_header(headers, "X-Content-Type-Options: nosniff");
    assert_header(headers, "Cross-Origin-Resource-Policy: same-origin");
    assert_header(headers, "Cache-Control: no-store, private");
    g_assert_nonnull(strstr(headers, "\r\n" CSP));
    g_assert_null(strstr(headers, "Set-Cookie"));
    g_assert_null(strstr(headers, "Server:"));
}
