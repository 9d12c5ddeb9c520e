/* Ways out for rendered mails: SMTP, a sendmail program, a Maildir.
 *
 * A mail has one recipient. A transport knows nothing of tickets or outboxes: it gets envelopes
 * and the mails' bytes (RFC 5322 with CRLF line ends, read piece by piece) and says what became
 * of each. Whenever it is not known whether the next system took a mail, the answer is
 * SEND_LATER: twice is better than never, and the bytes are the same. */
#pragma once

#include "core/base/config.h"

#include <glib.h>
#include <stdbool.h>

typedef enum {
    SEND_UNTRIED, /* it was not begun */
    SEND_SENT,    /* the next system has it */
    SEND_LATER,   /* not now, perhaps later; or nobody knows */
    SEND_NEVER,   /* this mail was refused for good */
    SEND_DOWN,    /* nothing gets out this way now, whatever the mail: try all of them later */
} SendResult;

typedef struct {
    const char *sender; /* of the envelope; "" is the null sender */
    const char *recipient;
    /* The next bytes, never empty; *ret NULL at the end. */
    bool (*next)(void *user, GBytes **ret, GError **error);
    void *user;

    /* What became of it. */
    SendResult result; /* SEND_UNTRIED before it is given to a transport */
    char *why;         /* NULL if untried or sent; the caller's to free */
} SendMail;

/* Asked before each mail is begun, and about once a second while others are waited for: may
 * more be begun? Mails with a result have it by then, so this is where to write it down. */
typedef bool (*SendGoOn)(void *user);

typedef struct Transport Transport;
struct Transport {
    /* Either one mail at a time, or all of them; addresses were looked at. */
    SendResult (*send)(Transport *transport, const SendMail *mail, char **ret_why);
    void (*send_all)(Transport *transport, SendMail *const *mails, guint n, SendGoOn go_on,
                     void *user);
    void (*rest)(Transport *transport); /* NULL: nothing to let go of */
    void (*free)(Transport *transport);
    /* Limits on waiting, in seconds; set by the constructors, lowered by tests. */
    int connect_seconds; /* until there is a connection */
    int reply_seconds;   /* for each answer, and without any progress */
    int total_seconds;   /* for one mail */
};

/* What config->mail asks for. A missing program, an unreadable password or a folder that cannot
 * be made is ERROR_CONFIG and names the file and the key. Connects to nothing yet. The process
 * must ignore SIGPIPE: the other side may go away at any byte. */
bool transport_open(const Config *config, Transport **ret, GError **error);
/* Sets `result` and `why` of each mail; returns when all that were begun have ended. Several
 * may be on their way at once, but not two to one recipient: of these the earlier has ended
 * before the later is begun. After one that is SEND_DOWN, and when `go_on` says no, no other is
 * begun: those stay SEND_UNTRIED. `why`: one clean line for the outbox, may quote the other
 * side's words. An address that is not address_is_safe never reaches a protocol or an argv:
 * SEND_NEVER. */
void transport_send(Transport *transport, SendMail *const *mails, guint n, SendGoOn go_on,
                    void *user);
/* Nothing to send for the moment: lets go of kept connections. */
void transport_rest(Transport *transport);
void transport_free(Transport *transport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_free)

/* The three, for transport_open; they fill in the functions above. */
bool transport_smtp(const Config *config, Transport **ret, GError **error);
bool transport_sendmail(const Config *config, Transport **ret, GError **error);
bool transport_maildir(const Config *config, Transport **ret, GError **error);
/* Formats, cleans and shortens words that may come from another system. */
char *transport_why(const char *format, ...) G_GNUC_PRINTF(1, 2);
