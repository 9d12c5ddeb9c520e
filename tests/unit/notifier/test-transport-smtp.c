/* SMTP: what goes over the wire, what each answer means for the mail, and who is trusted. */
#include "notifier/transport.h"

#include "tests/unit/notifier/send-mail.h"
#include "tests/unit/notifier/smtp-server.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static char *room;

static const char mail_text[] = "Subject: x\r\n\r\n.dot\r\nfin\r\n";

static char *in_room(const char *name)
{
    return g_build_filename(room, name, NULL);
}

static Config site(const SmtpServer *server)
{
    return (Config){.file = "test.conf",
                    .site = {.domain = "example.org"},
                    .mail = {.transport = TRANSPORT_SMTP,
                             .host = "127.0.0.1",
                             .port = server->port,
                             .tls = TLS_NONE}};
}

static Transport *open_site(const Config *config)
{
    Transport *transport = NULL;
    g_autoptr(GError) error = NULL;
    transport_open(config, &transport, &error);
    g_assert_no_error(error);
    transport->connect_seconds = 5;
    transport->reply_seconds = 5;
    transport->total_seconds = 10;
    return transport;
}

static void test_accepted(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    /* Cut at every place, also between CR and LF and in front of the dot. */
    for (gsize step = 1; step <= sizeof mail_text; step++) {
        Pieces pieces = {mail_text, sizeof mail_text - 1, step, 0};
        g_assert_cmpint(send_pieces(transport, "support+v1.abc@example.org",
                                    "claire@example.net", pieces, &why),
                        ==, SEND_SENT);
        g_assert_null(why);
    }
    transport_free(transport);
    g_assert_cmpint(server_connections(server), ==, 1);
    g_assert_cmpuint(server_mails(server), ==, sizeof mail_text);
    for (guint i = 0; i < server->mails->len; i++)
        g_assert_cmpstr(server->mails->pdata[i], ==, "Subject: x\r\n\r\n..dot\r\nfin\r\n");
    g_assert_cmpint(server_said(server, "EHLO example.org\r\n"), ==, 1);
    g_assert_cmpint(server_said(server, "MAIL FROM:<support+v1.abc@example.org>\r\n"), ==,
                    sizeof mail_text);
    g_assert_cmpint(server_said(server, "RCPT TO:<claire@example.net>\r\n"), ==,
                    sizeof mail_text);
    server_expect(server, "QUIT\r\n", 1);
    server_stop(server);
}

static void test_large_mail(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autoptr(GString) big = g_string_new("Subject: big\r\n\r\n");
    g_autoptr(GString) stuffed = g_string_new(big->str);
    while (big->len < 3 << 20) {
        g_string_append(big, ".a line that begins with a dot\r\n");
        g_string_append(stuffed, "..a line that begins with a dot\r\n");
    }
    Pieces pieces = {big->str, big->len, 65536, 0};
    g_autofree char *why = NULL;
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_SENT);
    transport_free(transport);
    g_assert_true(strcmp(server->mails->pdata[0], stuffed->str) == 0);
    server_stop(server);
}

static void test_null_sender(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    Pieces pieces = {"x\r\n", 3, 3, 0};
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_SENT);
    transport_free(transport);
    g_assert_cmpint(server_said(server, "MAIL FROM:<>\r\n"), ==, 1);
    server_stop(server);
}

/* Foreign letters are the recipient's matter: they must not look like a server that is down. */
static void test_foreign_addresses(void)
{
    static const char *const recipients[] = {"zoé@example.net", "zoe@exämple.net",
                                             "zoe@xn--a.example", "zoe@-.example",
                                             "\"zoe@home\"@example.net"};
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    for (gsize i = 0; i < G_N_ELEMENTS(recipients); i++) {
        g_autofree char *why = NULL;
        Pieces pieces = {"x\r\n", 3, 3, 0};
        SendResult result = send_pieces(transport, "", recipients[i], pieces, &why);
        g_test_message("%s: %d %s", recipients[i], result, why);
        g_assert_true(result == SEND_SENT || result == SEND_NEVER);
    }
    transport_free(transport);
    server_stop(server);
}

/* One answer changed at a time: what it means, and how often the mail arrived. */
static void test_answers(void)
{
    static const struct {
        const char *greeting, *ehlo, *mail, *rcpt, *data, *dot;
        SendResult result;
        const char *why;
    } table[] = {
        {.rcpt = "451 4.7.1 greylisted", .result = SEND_LATER, .why = "451 4.7.1 greylisted"},
        {.rcpt = "550-5.1.1 no such\r\n550 5.1.1 user\x1b[2J",
         .result = SEND_NEVER,
         .why = "550 5.1.1 no such 5.1.1 user[2J"},
        {.rcpt = "421 4.3.2 closing", .result = SEND_LATER, .why = "421 4.3.2 closing"},
        {.rcpt = DROP, .result = SEND_LATER},
        {.mail = "452 4.3.1 disk", .result = SEND_LATER, .why = "452 4.3.1 disk"},
        {.mail = "553 5.1.8 sender", .result = SEND_LATER, .why = "553 5.1.8 sender"},
        {.mail = "530 5.7.0 STARTTLS first",
         .result = SEND_DOWN,
         .why = "530 5.7.0 STARTTLS first"},
        {.data = "554 5.5.1 no recipients",
         .result = SEND_NEVER,
         .why = "554 5.5.1 no recipients"},
        {.data = DROP, .result = SEND_LATER},
        {.dot = "554 5.6.0 content", .result = SEND_NEVER, .why = "554 5.6.0 content"},
        {.dot = "452 4.2.2 full", .result = SEND_LATER, .why = "452 4.2.2 full"},
        {.dot = DROP, .result = SEND_LATER, .why = "no answer to the final dot: "},
        {.greeting = "421 4.3.2 busy", .result = SEND_DOWN, .why = "421 4.3.2 busy"},
        {.greeting = "554 5.7.1 go away", .result = SEND_DOWN, .why = "554 5.7.1 go away"},
        {.greeting = DROP, .result = SEND_DOWN},
        {.ehlo = "550 5.7.1 bad name", .result = SEND_DOWN},
        {.ehlo = DROP, .result = SEND_DOWN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        SmtpServer *server = server_start();
        server->greeting = table[i].greeting;
        server->ehlo = table[i].ehlo;
        server->mail = table[i].mail;
        server->rcpt = table[i].rcpt;
        server->data = table[i].data;
        server->dot = table[i].dot;
        Config config = site(server);
        Transport *transport = open_site(&config);
        g_autofree char *why = NULL;
        SendResult result = send_text(transport, mail_text, &why);
        g_test_message("%" G_GSIZE_FORMAT ": %d %s", i, result, why);
        g_assert_cmpint(result, ==, table[i].result);
        g_assert_nonnull(why);
        if (table[i].why)
            g_assert_true(g_str_has_prefix(why, table[i].why));
        transport_free(transport);
        g_assert_cmpuint(server_mails(server), ==, table[i].dot ? 1 : 0);
        server_stop(server);
    }
}

static void test_dropped_in_data(void)
{
    SmtpServer *server = server_start();
    server->drop_after = 1000;
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autoptr(GString) big = g_string_new(NULL);
    while (big->len < 3 << 20)
        g_string_append(big, "a line\r\n");
    Pieces pieces = {big->str, big->len, 65536, 0};
    g_autofree char *why = NULL;
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_LATER);
    transport_free(transport);
    server_stop(server);
}

/* After a refusal the next mail goes out, whatever became of the connection. */
static void test_goes_on_after_refusal(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    server->rcpt = "550 5.1.1 no";
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_NEVER);
    server->rcpt = NULL;
    server->dot = "451 4.3.0 later";
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_LATER);
    server->dot = NULL;
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
    transport_free(transport);
    server_stop(server);
}

/* A server may close a kept connection between two mails; that costs the mail no try. */
static void test_stale_connection(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
    server->mail = "421 4.4.2 idle too long";
    /* The kept connection says 421; a fresh one says so too, and then it counts. */
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_LATER);
    g_assert_cmpint(server_connections(server), ==, 2);
    server->mail = NULL;
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
    g_assert_cmpint(server_connections(server), ==, 3);
    server->mail = DROP;
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_LATER);
    g_assert_cmpint(server_connections(server), ==, 4);
    transport_free(transport);
    g_assert_cmpuint(server_mails(server), ==, 2);
    server_stop(server);
}

static void test_rest_ends_the_connection(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
    transport_rest(transport);
    server_expect(server, "QUIT\r\n", 1);
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
    g_assert_cmpint(server_connections(server), ==, 2);
    transport_free(transport);
    server_stop(server);
}

static void test_stalls(void)
{
    static const struct {
        const char *greeting, *rcpt, *dot;
        SendResult result;
    } table[] = {
        {.greeting = STALL, .result = SEND_DOWN},
        {.rcpt = STALL, .result = SEND_LATER},
        {.dot = STALL, .result = SEND_LATER},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        SmtpServer *server = server_start();
        server->greeting = table[i].greeting;
        server->rcpt = table[i].rcpt;
        server->dot = table[i].dot;
        Config config = site(server);
        Transport *transport = open_site(&config);
        transport->reply_seconds = 1;
        transport->connect_seconds = 2;
        transport->total_seconds = 3;
        g_autofree char *why = NULL;
        gint64 start = g_get_monotonic_time();
        g_assert_cmpint(send_text(transport, mail_text, &why), ==, table[i].result);
        transport_free(transport);
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC);
        server_stop(server);
    }
}

/* A server that never answers QUIT must not hold us up for long. */
static void test_stalled_quit(void)
{
    SmtpServer *server = server_start();
    server->quit = STALL;
    Config config = site(server);
    Transport *transport = open_site(&config);
    transport->reply_seconds = 60;
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
    gint64 start = g_get_monotonic_time();
    transport_free(transport);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
    server_stop(server);
}

static void test_nobody_there(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    server_stop(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_DOWN);
    g_assert_nonnull(strstr(why, "connect"));
    transport_free(transport);
}

/* The store fails in the middle: the server must not get a mail. */
static void test_half_a_mail_is_none(void)
{
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    Pieces pieces = {mail_text, sizeof mail_text - 1, 5, 8};
    g_assert_cmpint(send_pieces(transport, "", "claire@example.net", pieces, &why), ==,
                    SEND_LATER);
    g_assert_cmpstr(why, ==, "the store is busy");
    g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
    transport_free(transport);
    g_assert_cmpuint(server_mails(server), ==, 1);
    server_stop(server);
}

static void test_bare_line_ends(void)
{
    static const char *const bad[] = {"a\n.\nMAIL FROM:<e@x>\r\n", "a\r.\r\n", "\nb\r\n",
                                      "a\r\r\n"};
    SmtpServer *server = server_start();
    Config config = site(server);
    Transport *transport = open_site(&config);
    g_autofree char *why = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_cmpint(send_text(transport, bad[i], &why), ==, SEND_NEVER);
    transport_free(transport);
    g_assert_cmpuint(server_mails(server), ==, 0);
    server_stop(server);
}

static void test_login(void)
{
    static const struct {
        const char *password;
        SendResult result;
    } table[] = {{"secret\n", SEND_SENT}, {"wrong", SEND_DOWN}};
    g_autofree char *file = in_room("password");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_assert_true(g_file_set_contents(file, table[i].password, -1, NULL));
        g_chmod(file, 0600);
        SmtpServer *server = server_start();
        Config config = site(server);
        config.mail.user = "alice";
        config.mail.password_file = file;
        Transport *transport = open_site(&config);
        g_autofree char *why = NULL;
        g_assert_cmpint(send_text(transport, mail_text, &why), ==, table[i].result);
        g_assert_true(!why || !strstr(why, "wrong"));
        transport_free(transport);
        server_stop(server);
    }
}

static void test_password_file(void)
{
    static const struct {
        const char *content; /* NULL: no file */
        int mode;
        const char *says;
    } table[] = {{NULL, 0600, "No such file"},
                 {"secret", 0644, "mode 0600"},
                 {"secret", 0640, "mode 0600"},
                 {"\nsecret", 0600, "holds no password"},
                 {"", 0600, "holds no password"}};
    g_autofree char *file = in_room("password");
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_unlink(file);
        if (table[i].content)
            g_assert_true(g_file_set_contents(file, table[i].content, -1, NULL));
        g_chmod(file, table[i].mode);
        Config config = {.file = "test.conf",
                         .site = {.domain = "example.org"},
                         .mail = {.host = "127.0.0.1", .port = 1, .user = "alice"}};
        config.mail.password_file = file;
        Transport *transport = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_false(transport_open(&config, &transport, &error));
        g_assert_error(error, WICKET_ERROR, ERROR_CONFIG);
        g_assert_true(g_str_has_prefix(error->message, "test.conf: [mail] password_file: "));
        g_assert_nonnull(strstr(error->message, table[i].says));
    }
}

/* Runs an openssl command in the room; false when there is no openssl. */
static bool openssl(const char *arguments)
{
    g_autofree char *line = g_strconcat("openssl ", arguments, NULL);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    int status = 1;
    return g_spawn_sync(room, argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                            G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) &&
           status == 0;
}

#define NEW_KEY "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"

/* ca.pem, and NAME.pem with NAME.key signed by it for `subject`. */
static bool make_certificate(const char *name, const char *subject)
{
    g_autofree char *ext = g_strconcat(room, "/", name, ".ext", NULL);
    g_autofree char *san = g_strconcat("subjectAltName=", subject, "\n", NULL);
    g_autofree char *request = g_strdup_printf(
        "req " NEW_KEY " -keyout %s.key -out %s.csr -subj /CN=test", name, name);
    g_autofree char *sign = g_strdup_printf(
        "x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -set_serial %u -days 2 -extfile %s.ext "
        "-out %s.pem",
        name, g_str_hash(name), name, name);
    return g_file_set_contents(ext, san, -1, NULL) && openssl(request) && openssl(sign);
}

static bool make_certificates(void)
{
    return openssl("req -x509 " NEW_KEY
                   " -keyout ca.key -out ca.pem -days 2 -subj /CN=testca") &&
           make_certificate("good", "IP:127.0.0.1") &&
           make_certificate("other", "DNS:elsewhere.example");
}

static void test_certificates(void)
{
    if (!make_certificates()) {
        g_test_skip("needs the openssl command");
        return;
    }
    g_autofree char *ca = in_room("ca.pem");
    static const struct {
        const char *cert; /* NULL: the server offers no STARTTLS */
        bool at_once, with_ca;
        TlsPolicy tls;
        SendResult result;
    } table[] = {
        {"good", false, true, TLS_REQUIRE, SEND_SENT},
        {"good", false, false, TLS_REQUIRE, SEND_DOWN},
        {"other", false, true, TLS_REQUIRE, SEND_DOWN},
        {NULL, false, true, TLS_REQUIRE, SEND_DOWN},
        {"good", false, false, TLS_TRY, SEND_SENT},
        {"other", false, false, TLS_TRY, SEND_SENT},
        {NULL, false, false, TLS_TRY, SEND_SENT},
        {"good", false, false, TLS_NONE, SEND_SENT},
        {"good", true, true, TLS_REQUIRE, SEND_SENT},
        {"good", true, false, TLS_REQUIRE, SEND_DOWN},
        {"other", true, true, TLS_REQUIRE, SEND_DOWN},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *cert = g_strdup_printf("%s/%s.pem", room, table[i].cert);
        g_autofree char *key = g_strdup_printf("%s/%s.key", room, table[i].cert);
        SmtpServer *server = server_start();
        server->tls_cert = table[i].cert ? cert : NULL;
        server->tls_key = key;
        server->tls_at_once = table[i].at_once;
        Config config = site(server);
        if (table[i].at_once)
            config.mail.transport = TRANSPORT_SMTPS;
        config.mail.tls = table[i].tls;
        config.mail.ca_file = table[i].with_ca ? ca : NULL;
        Transport *transport = open_site(&config);
        g_autofree char *why = NULL;
        SendResult result = send_text(transport, mail_text, &why);
        g_test_message("%" G_GSIZE_FORMAT ": %d %s", i, result, why);
        g_assert_cmpint(result, ==, table[i].result);
        if (result == SEND_SENT)
            g_assert_cmpint(send_text(transport, mail_text, &why), ==, SEND_SENT);
        transport_free(transport);
        bool used = table[i].cert && !table[i].at_once && table[i].tls != TLS_NONE;
        g_assert_cmpint(server_said(server, "STARTTLS"), ==, used ? 1 : 0);
        g_assert_cmpuint(server_mails(server), ==, result == SEND_SENT ? 2 : 0);
        g_assert_cmpint(server_said(server, "MAIL"), ==, result == SEND_SENT ? 2 : 0);
        server_stop(server);
    }
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    /* Settings of the caller's that must not matter. */
    g_setenv("all_proxy", "http://127.0.0.1:1", TRUE);
    g_setenv("ALL_PROXY", "socks5://127.0.0.1:1", TRUE);
    g_test_init(&argc, &argv, NULL);
    room = g_dir_make_tmp("test-smtp-XXXXXX", NULL);
    g_test_add_func("/smtp/accepted", test_accepted);
    g_test_add_func("/smtp/large-mail", test_large_mail);
    g_test_add_func("/smtp/null-sender", test_null_sender);
    g_test_add_func("/smtp/foreign-addresses", test_foreign_addresses);
    g_test_add_func("/smtp/answers", test_answers);
    g_test_add_func("/smtp/dropped-in-data", test_dropped_in_data);
    g_test_add_func("/smtp/goes-on-after-refusal", test_goes_on_after_refusal);
    g_test_add_func("/smtp/stale-connection", test_stale_connection);
    g_test_add_func("/smtp/rest-ends-the-connection", test_rest_ends_the_connection);
    g_test_add_func("/smtp/stalls", test_stalls);
    g_test_add_func("/smtp/stalled-quit", test_stalled_quit);
    g_test_add_func("/smtp/nobody-there", test_nobody_there);
    g_test_add_func("/smtp/half-a-mail-is-none", test_half_a_mail_is_none);
    g_test_add_func("/smtp/bare-line-ends", test_bare_line_ends);
    g_test_add_func("/smtp/login", test_login);
    g_test_add_func("/smtp/password-file", test_password_file);
    g_test_add_func("/smtp/certificates", test_certificates);
    int result = g_test_run();
    g_autofree char *command = g_strdup_printf("rm -rf '%s'", room);
    if (system(command) != 0)
        g_printerr("%s is left\n", room);
    g_free(room);
    return result;
}
