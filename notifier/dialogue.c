/* What a server's answer means for a mail.
 *
 * - Refused with 5xx at RCPT, DATA or after the final dot: SEND_NEVER, with the server's words.
 *   4xx, a time-out, a broken connection: SEND_LATER; so is a lost answer to the final dot,
 * when the server may have taken the mail.
 * - Before MAIL (no connection, no STARTTLS though required, a certificate that does not hold,
 *   a refused login, a greeting of 5xx) and where the server wants a login or TLS first (530
 *   and kin): SEND_DOWN, for it concerns every mail alike.
 *
 * A CR or LF that stands alone is damage, compose writes CRLF: such a mail is never given to a
 * server, which might take its text for the end of it. */
#include "notifier/dialogue.h"

#include <string.h>

#define REPLY_MAX 1000

void dialogue_init(Dialogue *dialogue, const SendMail *mail)
{
    *dialogue = (Dialogue){.mail = mail, .reply = g_string_new(NULL)};
}

void dialogue_clear(Dialogue *dialogue)
{
    g_clear_pointer(&dialogue->piece, g_bytes_unref);
    g_clear_error(&dialogue->error);
    g_string_free(g_steal_pointer(&dialogue->reply), TRUE);
}

/* --- the mail ---------------------------------------------------------------------------- */

static bool next_piece(Dialogue *dialogue)
{
    g_clear_pointer(&dialogue->piece, g_bytes_unref);
    dialogue->offset = 0;
    if (!dialogue->mail->next(dialogue->mail->user, &dialogue->piece, &dialogue->error))
        return false;
    dialogue->ended = dialogue->piece == NULL;
    if (dialogue->ended)
        return true;
    gsize length;
    const guint8 *bytes = g_bytes_get_data(dialogue->piece, &length);
    dialogue->bare = !line_ends_are_crlf(&dialogue->ends, bytes, length);
    return !dialogue->bare;
}

bool dialogue_give(Dialogue *dialogue, char *out, gsize room, gsize *ret)
{
    dialogue->started = true;
    bool used_up = !dialogue->piece || dialogue->offset == g_bytes_get_size(dialogue->piece);
    if (used_up && !dialogue->ended && !next_piece(dialogue))
        return false;
    gsize length = 0;
    const char *bytes = dialogue->piece ? g_bytes_get_data(dialogue->piece, &length) : NULL;
    gsize part = MIN(room, length - dialogue->offset);
    if (part > 0)
        memcpy(out, bytes + dialogue->offset, part);
    dialogue->offset += part;
    *ret = part;
    return true;
}

/* --- commands and replies ---------------------------------------------------------------- */

static bool begins(const char *line, gsize length, const char *word)
{
    return length >= strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

void dialogue_said(Dialogue *dialogue, const char *command, gsize length)
{
    dialogue->envelope = dialogue->envelope || begins(command, length, "MAIL ");
    dialogue->recipient = dialogue->recipient || begins(command, length, "RCPT ");
    dialogue->over = dialogue->over || begins(command, length, "QUIT\r");
}

void dialogue_heard(Dialogue *dialogue, const char *line, gsize length)
{
    if (dialogue->over || length < 3 || !g_ascii_isdigit(line[0]) ||
        !g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]))
        return;
    if (dialogue->reply_ended)
        g_string_truncate(dialogue->reply, 0);
    dialogue->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
    dialogue->reply_ended = length == 3 || line[3] != '-';
    if (length > 4 && dialogue->reply->len < REPLY_MAX) {
        g_string_append_c(dialogue->reply, ' ');
        g_string_append_len(dialogue->reply, line + 4,
                            (gssize)MIN(length - 4, REPLY_MAX - dialogue->reply->len));
    }
}

/* --- judging ----------------------------------------------------------------------------- */

/* 421 says that the connection ends, whatever the mail. */
bool dialogue_is_unheard(const Dialogue *dialogue)
{
    return !dialogue->started && (dialogue->code < 400 || dialogue->code == 421);
}

SendResult dialogue_judge(const Dialogue *dialogue, bool done, const char *says, char **ret_why)
{
    if (done && dialogue->code / 100 == 2)
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
        *ret_why =
            transport_why("%s%s", dialogue->ended ? "no answer to the final dot: " : "", says);
        return dialogue->envelope ? SEND_LATER : SEND_DOWN;
    }
    *ret_why = transport_why("%d%s", dialogue->code, dialogue->reply->str);
    bool wants_more = dialogue->code == 530 || dialogue->code == 534 || dialogue->code == 535 ||
                      dialogue->code == 538;
    if (!dialogue->envelope || wants_more)
        return SEND_DOWN;
    return dialogue->code >= 500 && dialogue->recipient ? SEND_NEVER : SEND_LATER;
}
