/* What to say to an SMTP server, and what its answers mean for a mail.
 *
 * - Refused with 5xx at RCPT, DATA or after the final dot: SEND_NEVER, with the server's words.
 *   4xx, a time-out, a broken connection: SEND_LATER; so is a lost answer to the final dot,
 * when the server may have taken the mail.
 * - Before MAIL (no connection, no STARTTLS though required, a certificate that does not hold,
 *   a refused login, a greeting of 5xx) and where the server wants a login or TLS first (530
 *   and kin): SEND_DOWN, for it concerns every mail alike.
 *
 * A CR or LF that stands alone is damage, compose writes CRLF: such a mail is never given to a
 * server, which might take its text for the end of it. The dot that ends a mail is only ever
 * sent behind a whole one. */
#include "notifier/dialogue.h"

#include <string.h>

/* What of a longer line of a reply is kept. */
#define LINE_BYTES 2000
/* As much of a mail is taken at a time, so that a short one and its dot leave in one go. */
#define OUT_BYTES (16 * 1024)

void dialogue_init(Dialogue *dialogue, const SendMail *mail)
{
    *dialogue = (Dialogue){.mail = mail,
                           .out = g_byte_array_new(),
                           .at_line_start = true,
                           .line = g_string_new(NULL)};
    smtp_reply_init(&dialogue->reply);
}

void dialogue_clear(Dialogue *dialogue)
{
    g_clear_error(&dialogue->error);
    g_clear_pointer(&dialogue->out, g_byte_array_unref);
    g_string_free(g_steal_pointer(&dialogue->line), TRUE);
    smtp_reply_clear(&dialogue->reply);
    g_clear_pointer(&dialogue->refusal, g_free);
}

/* --- commands ---------------------------------------------------------------------------- */

static void say(Dialogue *dialogue, const char *words)
{
    g_byte_array_append(dialogue->out, (const guint8 *)words, (guint)strlen(words));
}

/* The domain in the form that every server knows; what has none stays as it is. */
static char *wire_address(const char *address)
{
    const char *at = strrchr(address, '@');
    g_autofree char *domain =
        at && g_hostname_is_non_ascii(at + 1) ? g_hostname_to_ascii(at + 1) : NULL;
    return domain ? g_strdup_printf("%.*s@%s", (int)(at - address), address, domain)
                  : g_strdup(address);
}

static void say_address(Dialogue *dialogue, const char *command, const char *address,
                        const char *parameter)
{
    g_autofree char *wire = wire_address(address);
    say(dialogue, command);
    say(dialogue, wire);
    say(dialogue, ">");
    say(dialogue, parameter);
    say(dialogue, "\r\n");
}

static void ask(Dialogue *dialogue, DialogueStep step)
{
    const SendMail *mail = dialogue->mail;
    bool ascii = g_str_is_ascii(mail->sender) && g_str_is_ascii(mail->recipient);
    dialogue->asked = step;
    if (step == STEP_RSET)
        say(dialogue, "RSET\r\n");
    else if (step == STEP_MAIL)
        say_address(dialogue, "MAIL FROM:<", mail->sender,
                    !ascii && dialogue->offers.utf8 ? " SMTPUTF8" : "");
    else if (step == STEP_RCPT)
        say_address(dialogue, "RCPT TO:<", mail->recipient, "");
    else if (step == STEP_DATA)
        say(dialogue, "DATA\r\n");
}

/* Asks what is to be asked until a reply must be waited for. */
static void ask_on(Dialogue *dialogue)
{
    DialogueStep last = dialogue->offers.pipelining ? STEP_DATA : dialogue->step;
    while (dialogue->asked < last)
        ask(dialogue, MAX(dialogue->asked + 1, dialogue->step));
}

void dialogue_begin(Dialogue *dialogue, const SmtpOffers *offers, bool reset)
{
    dialogue->offers = *offers;
    dialogue->step = reset ? STEP_RSET : STEP_MAIL;
    ask_on(dialogue);
}

/* --- the mail ---------------------------------------------------------------------------- */

static const guint8 *next_line(const guint8 *text, const guint8 *end)
{
    const guint8 *eol = memchr(text, '\n', (gsize)(end - text));
    return eol ? eol + 1 : end;
}

/* Appends text with a dot doubled that begins a line (RFC 5321 section 4.5.2). */
static void append_text(Dialogue *dialogue, const guint8 *text, gsize length)
{
    GByteArray *out = dialogue->out;
    const guint8 *end = text + length;
    const guint8 *line = dialogue->at_line_start ? text : next_line(text, end);
    while (line < end) {
        if (*line == '.') {
            g_byte_array_append(out, text, (guint)(line - text));
            say(dialogue, ".");
            text = line;
        }
        line = next_line(line, end);
    }
    g_byte_array_append(out, text, (guint)(end - text));
    dialogue->at_line_start = end[-1] == '\n';
}

static void end_text(Dialogue *dialogue)
{
    say(dialogue, dialogue->at_line_start ? ".\r\n" : "\r\n.\r\n");
    dialogue->step = dialogue->asked = STEP_DOT;
}

/* The mail's next piece, or the final dot. */
static void fetch_text(Dialogue *dialogue)
{
    const SendMail *mail = dialogue->mail;
    g_autoptr(GBytes) piece = NULL;
    if (!mail->next(mail->user, &piece, &dialogue->error)) {
        dialogue->step = STEP_OVER;
        return;
    }
    gsize length = 0;
    const guint8 *text = piece ? g_bytes_get_data(piece, &length) : NULL;
    bool sound = piece ? line_ends_are_crlf(&dialogue->ends, text, length) : !dialogue->ends.cr;
    if (!sound) {
        dialogue->damaged = true;
        dialogue->step = STEP_OVER;
    } else if (piece) {
        append_text(dialogue, text, length);
    } else {
        end_text(dialogue);
    }
}

const guint8 *dialogue_out(Dialogue *dialogue, gsize *ret_length)
{
    if (dialogue->gone == dialogue->out->len) {
        g_byte_array_set_size(dialogue->out, 0);
        dialogue->gone = 0;
        while (dialogue->step == STEP_TEXT && dialogue->out->len < OUT_BYTES)
            fetch_text(dialogue);
    }
    *ret_length = dialogue->step == STEP_OVER ? 0 : dialogue->out->len - dialogue->gone;
    return dialogue->out->data + dialogue->gone;
}

void dialogue_sent(Dialogue *dialogue, gsize length)
{
    dialogue->gone += length;
}

/* --- replies ----------------------------------------------------------------------------- */

static bool is_refused(const Dialogue *dialogue)
{
    return dialogue->refused_at != STEP_CONNECT;
}

/* Replies to what was asked already are still to come. */
static void go_on(Dialogue *dialogue)
{
    dialogue->step = dialogue->step < dialogue->asked ? dialogue->step + 1 : STEP_OVER;
}

static void refuse(Dialogue *dialogue)
{
    const SmtpReply *reply = &dialogue->reply;
    dialogue->refused_at = dialogue->step;
    dialogue->refused = reply->code;
    dialogue->refusal = g_strndup(reply->text->str, reply->text->len);
    go_on(dialogue);
    if (reply->code == 421) /* the connection ends here */
        dialogue->step = STEP_OVER;
}

static void accept(Dialogue *dialogue)
{
    if (dialogue->step == STEP_DOT) {
        dialogue->accepted = true;
        dialogue->step = STEP_OVER;
        return;
    }
    dialogue->step++;
    if (dialogue->step != STEP_TEXT)
        ask_on(dialogue);
}

/* `reply` is whole. */
static void heed(Dialogue *dialogue)
{
    int code = dialogue->reply.code;
    bool yes = dialogue->step == STEP_DATA ? code == 354 : code / 100 == 2;
    bool out_of_turn = dialogue->step == STEP_OVER || (dialogue->step == STEP_TEXT && yes);
    /* The text of a refused mail does not follow, whoever asks for it. */
    bool too_late = is_refused(dialogue) && dialogue->step == STEP_DATA && yes;
    if (out_of_turn || too_late) {
        dialogue->babble = true;
        dialogue->step = STEP_OVER;
    } else if (is_refused(dialogue)) {
        go_on(dialogue);
    } else if (yes) {
        accept(dialogue);
    } else {
        refuse(dialogue);
    }
}

static void take_line(Dialogue *dialogue)
{
    GString *line = dialogue->line;
    if (line->len > 0 && line->str[line->len - 1] == '\r')
        g_string_truncate(line, line->len - 1);
    if (!smtp_reply_line(&dialogue->reply, line->str, line->len)) {
        dialogue->babble = true;
        dialogue->step = STEP_OVER;
    } else if (dialogue->reply.ended) {
        heed(dialogue);
    }
    g_string_truncate(line, 0);
}

void dialogue_in(Dialogue *dialogue, const char *bytes, gsize length)
{
    const char *end = bytes + length;
    while (bytes < end) {
        const char *eol = memchr(bytes, '\n', (gsize)(end - bytes));
        const char *stop = eol ? eol : end;
        gsize room = LINE_BYTES - MIN(dialogue->line->len, LINE_BYTES);
        g_string_append_len(dialogue->line, bytes, (gssize)MIN((gsize)(stop - bytes), room));
        if (eol)
            take_line(dialogue);
        bytes = eol ? eol + 1 : end;
    }
}

/* --- judging ----------------------------------------------------------------------------- */

bool dialogue_is_inside(const Dialogue *dialogue)
{
    return dialogue->step > STEP_MAIL &&
           !(is_refused(dialogue) && dialogue->refused_at <= STEP_MAIL);
}

bool dialogue_is_unheard(const Dialogue *dialogue)
{
    if (is_refused(dialogue))
        return dialogue->refused_at == STEP_RSET ||
               (dialogue->refused_at == STEP_MAIL && dialogue->refused == 421);
    return dialogue->step <= STEP_MAIL;
}

bool dialogue_is_clean(const Dialogue *dialogue, bool *ret_reset)
{
    *ret_reset = is_refused(dialogue) && dialogue->refused_at <= STEP_DATA;
    bool answered = dialogue->accepted ||
                    (is_refused(dialogue) && dialogue->refused != 421 &&
                     dialogue->refused_at != STEP_RSET && dialogue->refused_at != STEP_TEXT);
    return dialogue->step == STEP_OVER && answered && !dialogue->babble;
}

static SendResult judge_refusal(const Dialogue *dialogue, char **ret_why)
{
    int code = dialogue->refused;
    *ret_why = transport_why("%d%s", code, dialogue->refusal);
    bool wants_more = code == 530 || code == 534 || code == 535 || code == 538;
    if (wants_more)
        return SEND_DOWN;
    return code >= 500 && dialogue->refused_at >= STEP_RCPT ? SEND_NEVER : SEND_LATER;
}

/* Neither accepted nor refused. */
static SendResult judge_break(const Dialogue *dialogue, const char *broke, char **ret_why)
{
    if (dialogue->step == STEP_CONNECT && dialogue->reply.code >= 400)
        *ret_why = transport_why("%d%s", dialogue->reply.code, dialogue->reply.text->str);
    else
        *ret_why = transport_why(
            "%s%s", dialogue->step == STEP_DOT ? "no answer to the final dot: " : "",
            dialogue->babble ? "the server does not speak SMTP" : broke);
    return dialogue->step == STEP_CONNECT ? SEND_DOWN : SEND_LATER;
}

SendResult dialogue_result(const Dialogue *dialogue, const char *broke, char **ret_why)
{
    if (dialogue->accepted)
        return SEND_SENT;
    if (dialogue->damaged) {
        *ret_why = transport_why("the stored mail is damaged: a line end that is not CRLF");
        return SEND_NEVER;
    }
    if (dialogue->error) {
        *ret_why = transport_why("%s", dialogue->error->message);
        return SEND_LATER;
    }
    if (is_refused(dialogue))
        return judge_refusal(dialogue, ret_why);
    return judge_break(dialogue, broke, ret_why);
}
