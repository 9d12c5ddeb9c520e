/* The dialogue with an SMTP server about one mail (RFC 5321): the mail's bytes as they are
 * asked for, what either side has said, and what that means for the mail. Moves no bytes
 * itself. */
#pragma once

#include "notifier/lines.h"
#include "notifier/transport.h"

typedef struct {
    const SendMail *mail; /* borrowed */
    GBytes *piece;        /* being sent */
    gsize offset;         /* in it */
    bool ended;           /* the mail was read to its end */
    LineEnds ends;
    bool started;   /* DATA was accepted: bytes are on their way */
    bool envelope;  /* MAIL was sent: what fails from here on may be about this mail */
    bool recipient; /* RCPT was sent: a refusal is about this mail, not about us as a sender */
    bool over;      /* QUIT was sent: what is answered now says nothing of the mail */
    bool bare;      /* a CR or LF stood alone */
    GError *error;  /* reading the mail */
    int code;       /* of the last reply; 0: none yet */
    bool reply_ended;
    GString *reply; /* its text, lines joined */
} Dialogue;

void dialogue_init(Dialogue *dialogue, const SendMail *mail);
void dialogue_clear(Dialogue *dialogue);

/* Up to `room` of the mail's next bytes; *ret 0 at its end. False: it cannot be read on or is
 * damaged, and the server must not take what it has for a whole mail. */
bool dialogue_give(Dialogue *dialogue, char *out, gsize room, gsize *ret);
/* A command was sent: a line, perhaps with others behind it. */
void dialogue_said(Dialogue *dialogue, const char *command, gsize length);
/* A line of a reply, "550-text" or, the last one, "550 text". */
void dialogue_heard(Dialogue *dialogue, const char *line, gsize length);

/* The server has not judged the mail and has none of its bytes: on another connection it can be
 * sent as if nothing had been. */
bool dialogue_is_unheard(const Dialogue *dialogue);
/* What becomes of the mail. `done`: all went as it should. `says`: how the connection failed,
 * for when the server has not refused anything. */
SendResult dialogue_judge(const Dialogue *dialogue, bool done, const char *says,
                          char **ret_why);
