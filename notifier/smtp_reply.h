/* Reading an SMTP server's replies (RFC 5321 section 4.2), line by line. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    int code; /* of the reply read last or being read; 0: none yet */
    guint lines;
    bool ended;
    GString *text; /* of its lines, a space before each; cut at some length */
} SmtpReply;

/* What the last EHLO was answered with. */
typedef struct {
    bool pipelining; /* RFC 2920 */
    bool utf8;       /* SMTPUTF8, RFC 6531 */
} SmtpOffers;

void smtp_reply_init(SmtpReply *reply);
void smtp_reply_clear(SmtpReply *reply);
/* Takes "550-text" or, the last line of a reply, "550 text", with or without its line end. The
 * first line after a last one begins a new reply. False: this is no reply. */
bool smtp_reply_line(SmtpReply *reply, const char *line, gsize length);

/* Takes the line that `reply` has taken just now: what it offers if it answers EHLO. Each reply
 * begins anew, for after STARTTLS only what is said then counts. */
void smtp_offers_line(SmtpOffers *offers, const SmtpReply *reply, const char *line,
                      gsize length);
