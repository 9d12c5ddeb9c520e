/* A client of our own server that does not wait between commands (RFC 2920): all goes out at
 * once, then the answers are counted. The mail goes by BDAT (RFC 3030), so that its bytes
 * arrive as they are, and with the size that Postfix declared, so that the server notices when
 * pipe(8) cut it.
 *
 * The last chunk is only sent while pipe(8) lives: when it dies amid a mail we read an end that
 * is none, and die with it. */
#include "mda/client.h"

#include "core/base/door.h"
#include "mda/answer.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sysexits.h>
#include <syslog.h>
#include <unistd.h>

#define BLOCK_BYTES (64 * 1024)
#define REPLY_BYTES 1024

/* Answers that may be owed to us before we listen: a server that cannot say them would stop
 * reading. */
#define WINDOW 32

typedef struct {
    int fd;
    FILE *in; /* the same */
    pid_t parent;
    GString *words; /* to be sent before the next bytes */
    bool refused;
    guint replies;           /* owed to us */
    char reply[REPLY_BYTES]; /* the last one read */
} Client;

/* --- the envelope ------------------------------------------------------------------------ */

/* What could be read in two ways on a command line takes the other road. */
static bool is_plain(const char *address)
{
    for (const char *at = address; *at; at++)
        if ((guchar)*at <= ' ' || *at == 0x7f || strchr("<>\"\\", *at))
            return false;
    return strlen(address) < 900;
}

static void append_xtext(GString *words, const char *text)
{
    for (const char *at = text; *at && at - text < 64; at++) {
        if (g_ascii_isgraph(*at) && *at != '+' && *at != '=')
            g_string_append_c(words, *at);
        else
            g_string_append_printf(words, "+%02X", (guchar)*at);
    }
}

static void say_envelope(Client *client, const PipeArguments *arguments)
{
    g_string_append(client->words, "LHLO localhost\r\n");
    client->replies = 2; /* the greeting is one */
    if (*arguments->queue_id) {
        g_string_append(client->words, "XFORWARD IDENT=");
        append_xtext(client->words, arguments->queue_id);
        g_string_append(client->words, "\r\n");
        client->replies++;
    }
    g_string_append_printf(client->words, "MAIL FROM:<%s>", arguments->sender);
    if (arguments->size > 0)
        g_string_append_printf(client->words, " SIZE=%" G_GINT64_FORMAT, arguments->size);
    g_string_append_printf(client->words, "\r\nRCPT TO:<%s>\r\n", arguments->recipient);
    client->replies += 2;
}

/* --- the mail ---------------------------------------------------------------------------- */

/* The words that have gathered, then the bytes. */
static bool send_all(Client *client, const char *bytes, gsize length)
{
    struct iovec parts[] = {{client->words->str, client->words->len}, {(char *)bytes, length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = G_N_ELEMENTS(parts)};
    while (parts[0].iov_len + parts[1].iov_len > 0) {
        ssize_t n = sendmsg(client->fd, &message, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
            gsize part = MIN((gsize)n, parts[i].iov_len);
            parts[i].iov_base = (char *)parts[i].iov_base + part;
            parts[i].iov_len -= part;
            n -= (ssize_t)part;
        }
    }
    g_string_truncate(client->words, 0);
    return true;
}

/* As much as fits; *ret_ended at the end. */
static bool read_block(char *block, gsize *ret_length, bool *ret_ended)
{
    *ret_length = 0;
    *ret_ended = false;
    while (*ret_length < BLOCK_BYTES && !*ret_ended) {
        ssize_t n = read(STDIN_FILENO, block + *ret_length, BLOCK_BYTES - *ret_length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        *ret_length += (gsize)n;
        *ret_ended = n == 0;
    }
    return true;
}

/* --- the answers ------------------------------------------------------------------------- */

/* One line; what is too long is cut. */
static bool read_line(Client *client)
{
    char *line = client->reply;
    if (!fgets(line, REPLY_BYTES, client->in))
        return false;
    gsize length = strlen(line);
    int c = length > 0 ? line[length - 1] : '\n';
    while (c != '\n' && c != EOF)
        c = fgetc(client->in);
    line[strcspn(line, "\r\n")] = '\0';
    return c != EOF && length >= 4;
}

/* Until no more than `owed` are; or the first that is a no, which is the last word. */
static bool hear_answers(Client *client, guint owed)
{
    while (client->replies > owed) {
        if (!read_line(client))
            return false;
        if (client->reply[3] == '-')
            continue;
        client->replies--;
        client->refused = client->reply[0] != '2';
        if (client->refused)
            break;
    }
    return true;
}

static bool say_mail(Client *client)
{
    char block[BLOCK_BYTES];
    gsize length;
    bool ended = false;
    while (!ended && !client->refused) {
        if (!read_block(block, &length, &ended) || (ended && getppid() != client->parent))
            return false;
        g_string_append_printf(client->words, "BDAT %" G_GSIZE_FORMAT "%s\r\n", length,
                               ended ? " LAST" : "");
        client->replies++;
        if (!send_all(client, block, length) ||
            (client->replies > WINDOW && !hear_answers(client, WINDOW / 2)))
            return false;
    }
    return true;
}

/* --- all --------------------------------------------------------------------------------- */

static int connect_to_server(const Config *config)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = g_snprintf(address.sun_path, sizeof address.sun_path, "%s/" DOOR_NAME,
                            config->site.data_dir);
    if (length >= (int)sizeof address.sun_path)
        return -1;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int hand_over(Client *client, const PipeArguments *arguments)
{
    say_envelope(client, arguments);
    if (!say_mail(client)) {
        syslog(LOG_ERR, "queue_id=%s deferred: the mail did not get to the server",
               arguments->queue_id);
        return EX_TEMPFAIL;
    }
    if (!client->refused && !hear_answers(client, 0)) {
        syslog(LOG_ERR, "queue_id=%s deferred: the server gave no answer", arguments->queue_id);
        return EX_TEMPFAIL;
    }
    int status = answer_status_of_reply(client->reply);
    if (status == EX_TEMPFAIL)
        syslog(LOG_ERR, "queue_id=%s deferred: the server says: %s", arguments->queue_id,
               client->reply);
    return status;
}

bool client_deliver(const Config *config, const PipeArguments *arguments, int *ret_status)
{
    Client client = {.parent = getppid()};
    if (!is_plain(arguments->sender) || !is_plain(arguments->recipient) ||
        !*arguments->recipient)
        return false;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    client.fd = connect_to_server(config);
    if (client.fd < 0)
        return false;
    client.in = fdopen(client.fd, "r");
    if (!client.in) {
        close(client.fd);
        return false;
    }
    client.words = g_string_new(NULL);
    *ret_status = hand_over(&client, arguments);
    g_string_free(client.words, TRUE);
    fclose(client.in);
    return true;
}
