/* The dialogue: commands, a mail into the spool, one answer for each recipient.
 *
 * Once the last byte of a mail has come, the server owes an answer and gives it, whatever else
 * happens; until then the mail is the other side's. Recipients are not judged at RCPT: whether
 * an address is the desk's is decided, and written to the ledger, with the mail.
 *
 * A mail that cannot be spooled is still read to its end, so that the answer can be heard. */
#include "mda/session.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "mda/answer.h"
#include "mda/command.h"
#include "mda/dots.h"
#include "mda/spool.h"
#include "mda/stream.h"

#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#define PATIENCE_SECONDS 300 /* RFC 5321 section 4.5.3.2.7 */
#define RECIPIENTS_MAX 1000
#define MISTAKES_MAX 20

typedef struct {
    Sessions *sessions;
    Stream *stream;
    bool own;
    bool greeted; /* LHLO was said */
    int mistakes;

    /* The mail under way. */
    Site *site;
    char *sender; /* NULL: none */
    guint64 declared;
    char *ident;
    GPtrArray *recipients; /* char * */
    bool chunked;          /* it comes by BDAT */
    Spool spool;
    guint64 size;    /* of what came; the spool holds less of what is too large */
    GError *trouble; /* it cannot be kept */
} Session;

/* --- the mail under way ------------------------------------------------------------------ */

static void forget_mail(Session *session)
{
    g_clear_pointer(&session->sender, g_free);
    g_clear_pointer(&session->ident, g_free);
    g_ptr_array_set_size(session->recipients, 0);
    spool_close(&session->spool);
    session->chunked = false;
    session->size = 0;
    g_clear_error(&session->trouble);
}

static void take_bytes(Session *session, const char *bytes, gsize length)
{
    const Config *config = session->site->config;
    session->size += length;
    /* What is too large is counted only: the ledger says how large. */
    if (session->trouble || session->size > (guint64)config->limits.message_bytes)
        return;
    if (session->spool.fd >= 0 ||
        spool_open(&session->spool, config->site.data_dir, &session->trouble))
        spool_append(&session->spool, bytes, length, &session->trouble);
}

static bool read_mail(Session *session, const Envelope *envelope, Scan **scan, Mail **mail,
                      GError **error)
{
    return parsers_read(session->site->parsers, envelope->fd, session->spool.size, scan, mail,
                        error) &&
           deliver_is_whole(envelope, *scan, error);
}

static Envelope *make_envelopes(const Session *session)
{
    Envelope *envelopes = g_new0(Envelope, session->recipients->len);
    for (guint i = 0; i < session->recipients->len; i++)
        envelopes[i] = (Envelope){
            .sender = session->sender,
            .recipient = session->recipients->pdata[i],
            .queue_id = session->ident ? session->ident : "",
            .declared_size = session->own && session->declared ? (gint64)session->declared : -1,
            .fd = session->spool.fd,
            .size = session->size,
        };
    return envelopes;
}

/* Each item ends with an outcome or an error. */
static void decide(Session *session, BatchItem *items, guint n)
{
    g_autoptr(Scan) scan = NULL;
    g_autoptr(Mail) mail = NULL;
    g_autoptr(GError) error = g_steal_pointer(&session->trouble);
    if (!error && session->spool.fd < 0)
        spool_open(&session->spool, session->site->config->site.data_dir, &error);
    g_autofree Envelope *envelopes = make_envelopes(session);
    if (!error && read_mail(session, &envelopes[0], &scan, &mail, &error)) {
        for (guint i = 0; i < n; i++)
            items[i] = (BatchItem){.envelope = &envelopes[i], .scan = scan, .mail = mail};
        writer_deliver(session->sessions->writer, items, n);
        return;
    }
    for (guint i = 0; i < n; i++)
        items[i].error = g_error_copy(error);
}

static void deliver(Session *session)
{
    guint n = session->recipients->len;
    g_autofree BatchItem *items = g_new0(BatchItem, n);
    g_atomic_int_inc(&session->sessions->promised);
    decide(session, items, n);
    for (guint i = 0; i < n; i++) {
        g_autofree char *reply = answer_reply(items[i].outcome, items[i].error);
        answer_log(session->ident ? session->ident : "", items[i].outcome, items[i].error);
        stream_answer(session->stream, "%s", reply);
        g_clear_pointer(&items[i].outcome, outcome_free);
        g_clear_error(&items[i].error);
    }
    stream_flush(session->stream);
    g_atomic_int_add(&session->sessions->promised, -1);
    forget_mail(session);
}

/* --- commands ---------------------------------------------------------------------------- */

static void wrong(Session *session, const char *answer)
{
    session->mistakes++;
    stream_answer(session->stream, "%s", answer);
}

static void greet(Session *session)
{
    forget_mail(session);
    session->greeted = true;
    g_autoptr(Site) site = site_present(session->sessions->sites);
    stream_answer(session->stream, "250-%s", site->config->site.domain);
    stream_answer(session->stream, "250-PIPELINING");
    stream_answer(session->stream, "250-8BITMIME");
    stream_answer(session->stream, "250-SMTPUTF8");
    stream_answer(session->stream, "250-CHUNKING");
    stream_answer(session->stream, "250-ENHANCEDSTATUSCODES");
    stream_answer(session->stream, "250-SIZE %" G_GINT64_FORMAT,
                  site->config->limits.message_bytes);
    stream_answer(session->stream, "250 XFORWARD IDENT");
}

static void begin_mail(Session *session, const Command *command)
{
    if (!session->greeted || session->sender) {
        wrong(session, session->greeted ? "503 5.5.1 a mail is under way already"
                                        : "503 5.5.1 LHLO first");
        return;
    }
    g_clear_pointer(&session->site, site_unref);
    session->site = site_present(session->sessions->sites);
    /* Our own pipe form wants a row in the ledger for it. */
    if (!session->own && command->size > (guint64)session->site->config->limits.message_bytes) {
        stream_answer(session->stream, "552 5.3.4 the message is larger than this desk takes");
        return;
    }
    session->sender = utf8_clean(command->address, strlen(command->address), TEXT_LINE);
    session->declared = command->size;
    stream_answer(session->stream, "250 2.1.0 sender noted");
}

static void add_recipient(Session *session, const Command *command)
{
    if (!session->sender || session->chunked) {
        wrong(session, "503 5.5.1 MAIL first");
    } else if (session->recipients->len == RECIPIENTS_MAX) {
        stream_answer(session->stream, "452 4.5.3 too many recipients, send the others later");
    } else {
        g_ptr_array_add(session->recipients,
                        utf8_clean(command->address, strlen(command->address), TEXT_LINE));
        stream_answer(session->stream, "250 2.1.5 recipient noted");
    }
}

/* Both ways of sending a mail need the same before it. */
static bool is_ready(Session *session)
{
    if (session->recipients->len > 0)
        return true;
    wrong(session, session->sender ? "503 5.5.1 no recipients" : "503 5.5.1 MAIL first");
    return false;
}

static StreamEnd take_data(Session *session)
{
    if (session->chunked) {
        wrong(session, "503 5.5.1 this mail comes by BDAT");
        return STREAM_OK;
    }
    if (!is_ready(session))
        return STREAM_OK;
    stream_answer(session->stream, "354 go on, end with CRLF . CRLF");
    Dots dots = DOTS_START;
    char plain[32 * 1024 + 1];
    while (dots != DOTS_ENDED) {
        const char *bytes;
        gsize length, made;
        StreamEnd end = stream_peek(session->stream, sizeof plain - 1, &bytes, &length);
        if (end != STREAM_OK)
            return end;
        stream_use(session->stream, dots_take(&dots, bytes, length, plain, &made));
        take_bytes(session, plain, made);
    }
    deliver(session);
    return STREAM_OK;
}

/* The bytes that a chunk announces are read whatever becomes of them. */
static StreamEnd take_chunk(Session *session, const Command *command)
{
    bool ready = is_ready(session);
    for (guint64 left = command->size; left > 0;) {
        const char *bytes;
        gsize length;
        StreamEnd end =
            stream_peek(session->stream, (gsize)MIN(left, G_MAXSIZE / 2), &bytes, &length);
        if (end != STREAM_OK)
            return end;
        if (ready)
            take_bytes(session, bytes, length);
        stream_use(session->stream, length);
        left -= length;
    }
    session->chunked = ready;
    if (ready && command->last)
        deliver(session);
    else if (ready)
        stream_answer(session->stream, "250 2.0.0 chunk taken");
    return STREAM_OK;
}

static void note_ident(Session *session, const Command *command)
{
    if (session->sender) {
        wrong(session, "503 5.5.1 a mail is under way already");
        return;
    }
    g_free(session->ident);
    session->ident = utf8_clean(command->ident, strlen(command->ident), TEXT_LINE);
    stream_answer(session->stream, "250 2.0.0 noted");
}

/* STREAM_CLOSED ends the session without a word. */
static StreamEnd heed(Session *session, const Command *command)
{
    switch (command->verb) {
    case COMMAND_LHLO:
        greet(session);
        break;
    case COMMAND_MAIL:
        begin_mail(session, command);
        break;
    case COMMAND_RCPT:
        add_recipient(session, command);
        break;
    case COMMAND_DATA:
        return take_data(session);
    case COMMAND_BDAT:
        return take_chunk(session, command);
    case COMMAND_RSET:
        forget_mail(session);
        stream_answer(session->stream, "250 2.0.0 forgotten");
        break;
    case COMMAND_NOOP:
        stream_answer(session->stream, "250 2.0.0 fine");
        break;
    case COMMAND_VRFY:
        stream_answer(session->stream, "252 2.5.0 send a mail and see");
        break;
    case COMMAND_XFORWARD:
        note_ident(session, command);
        break;
    case COMMAND_QUIT:
        stream_answer(session->stream, "221 2.0.0 goodbye");
        stream_flush(session->stream);
        return STREAM_CLOSED;
    case COMMAND_WRONG:
        wrong(session, command->answer);
        break;
    }
    return STREAM_OK;
}

static StreamEnd next_command(Session *session)
{
    const char *line;
    gsize length;
    StreamEnd end = stream_line(session->stream, &line, &length);
    if (end == STREAM_TOO_LONG) {
        wrong(session, "500 5.5.6 the line is too long");
        return STREAM_OK;
    }
    if (end != STREAM_OK)
        return end;
    g_auto(Command) command = {0};
    command_parse(line, length, &command);
    return heed(session, &command);
}

static const char *farewell(StreamEnd end)
{
    switch (end) {
    case STREAM_OK:
    case STREAM_TOO_LONG:
        return "421 4.7.0 too many mistakes";
    case STREAM_LATE:
        return "421 4.4.2 nothing came for too long";
    case STREAM_STOPPED:
        return "421 4.3.2 the server stops, come back later";
    case STREAM_CLOSED:
        break;
    }
    return NULL;
}

void session_run(Sessions *sessions, int fd, bool own)
{
    Session session = {.sessions = sessions, .own = own, .spool = {.fd = -1}};
    StreamEnd end = STREAM_OK;
    session.stream = stream_new(fd, sessions->stop, PATIENCE_SECONDS);
    session.recipients = g_ptr_array_new_with_free_func(g_free);
    session.site = site_present(sessions->sites);
    stream_answer(session.stream, "220 %s LMTP Mailwicket", session.site->config->site.domain);
    while (end == STREAM_OK && session.mistakes < MISTAKES_MAX)
        end = next_command(&session);
    const char *last = farewell(end);
    if (last) {
        stream_answer(session.stream, "%s", last);
        stream_flush(session.stream);
    }
    forget_mail(&session);
    g_ptr_array_unref(session.recipients);
    site_unref(session.site);
    stream_free(session.stream);
}

void session_refuse(int fd)
{
    static const char answer[] = "421 4.3.2 too many connections, come back later\r\n";
    send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    close(fd);
}
