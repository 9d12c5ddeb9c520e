/* Not here: what a reply means for a mail (dialogue.c). */
#include "notifier/smtp_reply.h"

#include <string.h>

#define TEXT_MAX 1000

void smtp_reply_init(SmtpReply *reply)
{
    *reply = (SmtpReply){.text = g_string_new(NULL)};
}

void smtp_reply_clear(SmtpReply *reply)
{
    g_string_free(g_steal_pointer(&reply->text), TRUE);
}

static bool is_reply(const char *line, gsize length)
{
    return length >= 3 && g_ascii_isdigit(line[0]) && g_ascii_isdigit(line[1]) &&
           g_ascii_isdigit(line[2]) && (length == 3 || !g_ascii_isalnum(line[3]));
}

bool smtp_reply_line(SmtpReply *reply, const char *line, gsize length)
{
    if (!is_reply(line, length))
        return false;
    if (reply->ended) {
        g_string_truncate(reply->text, 0);
        reply->lines = 0;
    }
    reply->lines++;
    reply->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
    reply->ended = length == 3 || line[3] != '-';
    if (length > 4 && reply->text->len < TEXT_MAX) {
        g_string_append_c(reply->text, ' ');
        g_string_append_len(reply->text, line + 4,
                            (gssize)MIN(length - 4, TEXT_MAX - reply->text->len));
    }
    return true;
}

/* The keyword is the line's first word (RFC 5321 section 4.1.1.1). */
static bool offers(const char *line, gsize length, const char *keyword)
{
    gsize n = strlen(keyword);
    return length >= 4 + n && g_ascii_strncasecmp(line + 4, keyword, n) == 0 &&
           (length == 4 + n || g_ascii_isspace(line[4 + n]));
}

void smtp_offers_line(SmtpOffers *offered, const SmtpReply *reply, const char *line,
                      gsize length)
{
    if (reply->lines == 1)
        *offered = (SmtpOffers){false, false};
    else if (offers(line, length, "PIPELINING"))
        offered->pipelining = true;
    else if (offers(line, length, "SMTPUTF8"))
        offered->utf8 = true;
}
