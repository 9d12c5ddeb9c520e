/* Ways out for a rendered mail: SMTP, a sendmail program, a Maildir.
 *
 * One mail, one recipient, one call. A transport knows nothing of tickets or outboxes: it gets
 * an envelope and the mail's bytes (RFC 5322 with CRLF line ends, read piece by piece) and says
 * what became of them. Whenever it is not known whether the next system took the mail, the
 * answer is SEND_LATER: twice is better than never, and the bytes are the same. */
#pragma once

#include "core/base/config.h"

#include <glib.h>
#include <stdbool.h>

typedef enum {
    SEND_SENT,  /* the next system has it */
    SEND_LATER, /* not now, perhaps later; or nobody knows */
    SEND_NEVER, /* this mail was refused for good */
    SEND_DOWN,  /* nothing gets out this way now, whatever the mail: try all of them later */
} SendResult;

typedef struct {
    const char *sender; /* of the envelope; "" is the null sender */
    const char *recipient;
    /* The next bytes, never empty; *ret NULL at the end. */
    bool (*next)(void *user, GBytes **ret, GError **error);
    void *user;
} SendMail;

typedef struct Transport Transport;
struct Transport {
    SendResult (*send)(Transport *transport, const SendMail *mail, char **ret_why);
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
/* *ret_why, unless sent: one clean line for the outbox, may quote the other side's words. An
 * address that is not address_is_safe never reaches a protocol or an argv: SEND_NEVER. */
SendResult transport_send(Transport *transport, const SendMail *mail, char **ret_why);
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
