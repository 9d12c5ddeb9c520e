/* Many mails by SMTP at once: how many connections, in which order, and that what goes wrong
 * with one of them is that one's alone. */
#include "notifier/transport.h"

#include "tests/unit/notifier/send-mail.h"
#include "tests/unit/notifier/smtp-server.h"

#define MAILS 32
#define VICTIM "r13@example.net"

/* Does the server offer PIPELINING? */
static bool grouped;

typedef struct {
    SmtpServer *server;
    Transport *transport;
    guint n;
    char *texts[MAILS], *recipients[MAILS];
    Pieces pieces[MAILS];
    SendMail mails[MAILS], *all[MAILS];
    int allowed;       /* mails that may be begun */
    guint seen_at_end; /* results there were when go_on was asked last */
} Room;

/* SendGoOn */
static bool look(void *user)
{
    Room *room = user;
    room->seen_at_end = 0;
    for (guint i = 0; i < room->n; i++)
        room->seen_at_end += room->mails[i].result != SEND_UNTRIED;
    return room->allowed-- > 0;
}

static Room *room_new(void)
{
    Room *room = g_new0(Room, 1);
    room->server = server_start();
    room->server->ehlo = grouped ? "250-here\r\n250 PIPELINING" : NULL;
    Config config = {.file = "test.conf",
                     .site = {.domain = "example.org"},
                     .mail = {.transport = TRANSPORT_SMTP,
                              .host = "127.0.0.1",
                              .port = room->server->port,
                              .tls = TLS_NONE}};
    g_assert_true(transport_open(&config, &room->transport, NULL));
    room->transport->connect_seconds = 5;
    room->transport->reply_seconds = 3;
    room->transport->total_seconds = 10;
    room->allowed = G_MAXINT;
    return room;
}

static void forget_mails(Room *room)
{
    for (guint i = 0; i < room->n; i++) {
        g_free(room->texts[i]);
        g_free(room->recipients[i]);
        g_free(room->mails[i].why);
    }
    room->n = 0;
}

static void room_free(Room *room)
{
    g_clear_pointer(&room->transport, transport_free);
    forget_mails(room);
    if (room->server)
        server_stop(room->server);
    g_free(room);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Room, room_free)

/* `n` mails, numbered, to r0@example.net and so on, that many recipients in turn. */
static void send_some(Room *room, guint n, guint recipients)
{
    forget_mails(room);
    room->n = n;
    for (guint i = 0; i < n; i++) {
        room->texts[i] = g_strdup_printf("Subject: %u\r\n\r\nTexte.\r\nFin.\r\n", i);
        room->recipients[i] = g_strdup_printf("r%u@example.net", i % recipients);
        room->pieces[i] = (Pieces){room->texts[i], strlen(room->texts[i]), 11, 0};
        room->mails[i] = (SendMail){.sender = "support@example.org",
                                    .recipient = room->recipients[i],
                                    .next = pieces_next,
                                    .user = &room->pieces[i]};
        room->all[i] = &room->mails[i];
    }
    transport_send(room->transport, room->all, n, look, room);
}

static guint results(const Room *room, SendResult result)
{
    guint count = 0;
    for (guint i = 0; i < room->n; i++)
        count += room->mails[i].result == result;
    return count;
}

/* All but the victim were sent, each once. */
static void assert_only_victim(Room *room, SendResult result)
{
    g_assert_cmpuint(results(room, SEND_SENT), ==, room->n - 1);
    g_assert_cmpint(room->mails[13].result, ==, result);
    g_assert_nonnull(room->mails[13].why);
    for (guint i = 0; i < room->n; i++) {
        if (i == 13)
            continue;
        g_autofree char *subject = g_strdup_printf("Subject: %u\r\n", i);
        guint found = 0;
        for (guint k = 0; k < room->server->mails->len; k++)
            found += g_str_has_prefix(room->server->mails->pdata[k], subject);
        g_assert_cmpuint(found, ==, 1);
        g_assert_null(room->mails[i].why);
    }
}

static void test_several_connections(void)
{
    g_autoptr(Room) room = room_new();
    room->server->dot_ms = 10;
    send_some(room, MAILS, MAILS);
    g_assert_cmpuint(results(room, SEND_SENT), ==, MAILS);
    g_assert_cmpuint(server_mails(room->server), ==, MAILS);
    int connections = server_connections(room->server);
    g_assert_cmpint(connections, >=, 4);
    g_assert_cmpint(connections, <=, 8);
    send_some(room, MAILS, MAILS);
    g_assert_cmpuint(results(room, SEND_SENT), ==, MAILS);
    g_assert_cmpint(server_connections(room->server), <=, 8);
}

/* A handshake costs more than a few mails in a row. */
static void test_few_mails(void)
{
    g_autoptr(Room) room = room_new();
    send_some(room, 5, 5);
    g_assert_cmpuint(results(room, SEND_SENT), ==, 5);
    g_assert_cmpint(server_connections(room->server), ==, 1);
}

static void test_order(void)
{
    g_autoptr(Room) room = room_new();
    room->server->dot_ms = 5;
    send_some(room, MAILS, 3);
    g_assert_cmpuint(results(room, SEND_SENT), ==, MAILS);
    int last[3] = {-1, -1, -1};
    for (guint i = 0; i < MAILS; i++) {
        int number = atoi((char *)room->server->mails->pdata[i] + strlen("Subject: "));
        g_assert_cmpint(number, >, last[number % 3]);
        last[number % 3] = number;
    }
    g_assert_cmpint(room->server->peak, >, 1);
}

/* The server is slow to say goodbye, which nobody waits for. */
static void test_one_refused(void)
{
    g_autoptr(Room) room = room_new();
    room->server->about = VICTIM;
    room->server->rcpt = "550 5.1.1 no such user";
    room->server->quit = STALL;
    gint64 start = g_get_monotonic_time();
    send_some(room, MAILS, MAILS);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
    assert_only_victim(room, SEND_NEVER);
    g_assert_cmpstr(room->mails[13].why, ==, "550 5.1.1 no such user");
    /* Its connection goes on. */
    g_assert_cmpint(server_connections(room->server), <=, 8);
    g_assert_cmpint(server_said(room->server, "RSET\r\n"), <=, 1);
}

static void test_one_dropped(void)
{
    static const struct {
        gsize drop_after;
        const char *dot;
    } table[] = {{10, NULL}, {0, DROP}};
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(Room) room = room_new();
        room->server->about = VICTIM;
        room->server->drop_after = table[i].drop_after;
        room->server->dot = table[i].dot;
        send_some(room, MAILS, MAILS);
        assert_only_victim(room, SEND_LATER);
    }
}

/* The others are done, and told of, long before it is given up. */
static void test_one_stalled(void)
{
    g_autoptr(Room) room = room_new();
    room->server->about = VICTIM;
    room->server->dot = STALL;
    send_some(room, MAILS, MAILS);
    assert_only_victim(room, SEND_LATER);
    g_assert_cmpuint(room->seen_at_end, ==, MAILS - 1);
}

/* A server may bear fewer connections than we would like: that is not being down. */
static void test_turned_away(void)
{
    for (int most = 1; most <= 3; most++) {
        g_autoptr(Room) room = room_new();
        room->server->clients_max = most;
        room->server->dot_ms = 5;
        for (int i = 0; i < 2; i++) {
            send_some(room, MAILS, MAILS);
            g_assert_cmpuint(results(room, SEND_SENT), ==, MAILS);
        }
        g_assert_cmpuint(server_mails(room->server), ==, 2 * MAILS);
        g_assert_cmpint(server_connections(room->server), <=, 2 + 8);
    }
}

static void test_nobody_there(void)
{
    g_autoptr(Room) room = room_new();
    g_clear_pointer(&room->server, server_stop);
    send_some(room, MAILS, MAILS);
    g_assert_cmpuint(results(room, SEND_DOWN), ==, 1);
    g_assert_cmpuint(results(room, SEND_UNTRIED), ==, MAILS - 1);
    g_assert_cmpint(room->mails[0].result, ==, SEND_DOWN);
}

/* With all connections gone and nobody listening: one has tried. */
static void test_goes_down(void)
{
    g_autoptr(Room) room = room_new();
    send_some(room, MAILS, MAILS);
    g_assert_cmpuint(results(room, SEND_SENT), ==, MAILS);
    server_hang_up(room->server);
    g_clear_pointer(&room->server, server_stop);
    send_some(room, MAILS, MAILS);
    g_assert_cmpuint(results(room, SEND_DOWN), ==, 1);
    g_assert_cmpuint(results(room, SEND_UNTRIED), ==, MAILS - 1);
}

/* Connections that were closed while there was nothing to send cost no mail a try. */
static void test_all_stale(void)
{
    g_autoptr(Room) room = room_new();
    room->server->dot_ms = 5;
    send_some(room, MAILS, MAILS);
    server_hang_up(room->server);
    send_some(room, MAILS, MAILS);
    g_assert_cmpuint(results(room, SEND_SENT), ==, MAILS);
    g_assert_cmpuint(server_mails(room->server), ==, 2 * MAILS);
}

static void test_stops(void)
{
    g_autoptr(Room) room = room_new();
    room->allowed = 3;
    send_some(room, MAILS, MAILS);
    g_assert_cmpuint(results(room, SEND_SENT), ==, 3);
    g_assert_cmpuint(results(room, SEND_UNTRIED), ==, MAILS - 3);
    g_assert_cmpuint(server_mails(room->server), ==, 3);
}

static void test_unusable_address(void)
{
    g_autoptr(Room) room = room_new();
    SendMail good = {.sender = "", .recipient = "a@example.net", .next = pieces_next};
    SendMail bad = {.sender = "", .recipient = "a@example.net> x", .next = pieces_next};
    SendMail from = {.sender = "a\r\nb@c", .recipient = "a@example.net", .next = pieces_next};
    SendMail *all[] = {&bad, &from, &good};
    Pieces pieces = {"x\r\n", 3, 3, 0};
    good.user = &pieces;
    transport_send(room->transport, all, G_N_ELEMENTS(all), look, room);
    g_assert_cmpint(good.result, ==, SEND_SENT);
    g_assert_cmpint(bad.result, ==, SEND_NEVER);
    g_assert_cmpint(from.result, ==, SEND_NEVER);
    g_assert_cmpstr(bad.why, ==, "the recipient is not a usable mail address");
    g_assert_cmpstr(from.why, ==, "the envelope sender is not a usable mail address");
    g_free(bad.why);
    g_free(from.why);
}

typedef struct {
    const char *name;
    void (*test)(void);
} Case;

static void run_one_by_one(gconstpointer user)
{
    grouped = false;
    ((const Case *)user)->test();
}

static void run_grouped(gconstpointer user)
{
    grouped = true;
    ((const Case *)user)->test();
}

int main(int argc, char **argv)
{
    static const Case cases[] = {
        {"several-connections", test_several_connections},
        {"few-mails", test_few_mails},
        {"order", test_order},
        {"one-refused", test_one_refused},
        {"one-dropped", test_one_dropped},
        {"one-stalled", test_one_stalled},
        {"turned-away", test_turned_away},
        {"nobody-there", test_nobody_there},
        {"goes-down", test_goes_down},
        {"all-stale", test_all_stale},
        {"stops", test_stops},
        {"unusable-address", test_unusable_address},
    };
    signal(SIGPIPE, SIG_IGN);
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/smtp-batch/one-by-one/", cases[i].name, NULL);
        g_autofree char *grouped_path =
            g_strconcat("/smtp-batch/grouped/", cases[i].name, NULL);
        g_test_add_data_func(path, &cases[i], run_one_by_one);
        g_test_add_data_func(grouped_path, &cases[i], run_grouped);
    }
    return g_test_run();
}
