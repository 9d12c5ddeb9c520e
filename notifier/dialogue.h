/* What is said between us and an SMTP server about one mail, from MAIL to the answer to the
 * final dot (RFC 5321), commands in groups where the server offers that (RFC 2920). Bytes in,
 * bytes out: who moves them, and how a connection is made, is not known here. */
#pragma once

#include "notifier/lines.h"
#include "notifier/smtp_reply.h"
#include "notifier/transport.h"

typedef enum {
    STEP_CONNECT, /* all up to the answer to EHLO or a login */
    STEP_RSET,
    STEP_MAIL,
    STEP_RCPT,
    STEP_DATA,
    STEP_TEXT, /* the mail itself is on its way; no reply is due */
    STEP_DOT,
    STEP_OVER, /* nothing more will be said about this mail */
} DialogueStep;

typedef struct {
    const SendMail *mail; /* borrowed */
    SmtpOffers offers;
    DialogueStep step;  /* whose reply is waited for */
    DialogueStep asked; /* the last that was put into `out` */
    GByteArray *out;    /* to be sent */
    gsize gone;         /* of `out` */
    LineEnds ends;
    bool at_line_start; /* in the mail's text */
    bool damaged;       /* a CR or LF stands alone in the mail */
    GError *error;      /* the mail could not be read to its end */
    GString *line;      /* of a reply, not yet whole */
    SmtpReply reply;
    bool accepted;           /* the server has the mail */
    DialogueStep refused_at; /* STEP_CONNECT: it is not refused */
    int refused;             /* the reply that did it */
    char *refusal;           /* its text; NULL: none */
    bool babble;             /* the server does not speak SMTP */
} Dialogue;

void dialogue_init(Dialogue *dialogue, const SendMail *mail);
void dialogue_clear(Dialogue *dialogue);

/* There is a connection: begins. `reset`: an earlier mail was broken off on it. Before that
 * only `reply` may be told what is said while connecting, so that a mail that never got a
 * connection can say why. */
void dialogue_begin(Dialogue *dialogue, const SmtpOffers *offers, bool reset);
/* What is to be sent now, and how much of that was; *ret_length 0: nothing for the moment. */
const guint8 *dialogue_out(Dialogue *dialogue, gsize *ret_length);
void dialogue_sent(Dialogue *dialogue, gsize length);
/* What was received, cut anywhere. */
void dialogue_in(Dialogue *dialogue, const char *bytes, gsize length);

/* The server has let us in: it answered MAIL with yes. */
bool dialogue_is_inside(const Dialogue *dialogue);
/* The server has not judged the mail and has none of its text: on another connection it can be
 * sent as if nothing had been. */
bool dialogue_is_unheard(const Dialogue *dialogue);
/* The connection can carry another mail. *ret_reset: that one must begin with RSET. */
bool dialogue_is_clean(const Dialogue *dialogue, bool *ret_reset);
/* What becomes of the mail, when it is over or the connection broke. `broke`: how, else NULL.
 */
SendResult dialogue_result(const Dialogue *dialogue, const char *broke, char **ret_why);
