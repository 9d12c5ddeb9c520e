/* A mail as understood: what the parser hands to the desk.
 *
 * Plain data, owned by the Mail. All text is clean UTF-8 (utf8.h), one-line fields as
 * TEXT_LINE, `text` and its parts as TEXT_BLOCK; nothing here is trusted: a From line, a date
 * or a file name is what somebody wrote. Sizes and offsets are bytes of the raw mail. */
#pragma once

#include "core/base/place.h"

#include <glib.h>
#include <stdbool.h>

typedef enum {
    MAIL_MESSAGE,    /* a person, as far as headers tell */
    MAIL_AUTO_REPLY, /* vacation systems and other machines: RFC 3834, Precedence, noreply… */
    MAIL_BOUNCE,     /* delivery status notification, RFC 3464, or a mailer-daemon's prose */
    MAIL_RECEIPT,    /* message disposition notification, RFC 8098 */
    MAIL_LIST,       /* List-Id and kin, RFC 2369, RFC 2919 */
    MAIL_FEEDBACK,   /* abuse report, RFC 5965 */
} MailKind;

typedef enum { PRIORITY_LOW, PRIORITY_NORMAL, PRIORITY_HIGH, PRIORITY_URGENT } MailPriority;

typedef struct {
    char *name;    /* "" when none */
    char *address; /* as written, without <>; never NULL */
} MailAddress;

typedef struct {
    char *name;       /* "" when none; data, never a path */
    char *type;       /* "image/png", lower case */
    char *charset;    /* of text types, "" when none */
    char *content_id; /* without <>, "" when none */
    bool is_inline;   /* shown within the body rather than beside it */
    guint64 size;     /* decoded */
    char *sha256;     /* hex, of the decoded bytes */
    Place place;
} MailAttachment;

typedef struct {
    char *address; /* Final-Recipient, without its type */
    char *action;  /* "failed", "delayed", …; "" unknown */
    char *status;  /* "5.1.1"; "" unknown */
    char *diagnostic;
} MailBounceRecipient;

/* The mail that a forwarded one passes on, as its little header says; "" and 0: not said. */
typedef struct {
    char *name, *address; /* of its sender */
    char *subject;
    gint64 date; /* seconds UTC */
} MailForward;

/* Lines of the text that are not in the reply, and why. */
typedef struct {
    guint32 line, lines; /* from the first on, counted from 1 */
    bool is_signature;   /* else quoted */
    char *rule;          /* one of a fixed set of phrases */
} MailCut;

/* One result of one Authentication-Results header, RFC 8601. */
typedef struct {
    char *server;   /* authserv-id, lower case, comments removed */
    int hop;        /* Received headers above it: 0 = above the topmost */
    char *method;   /* "dmarc", "dkim", "auth", … lower case */
    char *result;   /* "pass", … lower case */
    char *identity; /* dmarc header.from, dkim header.d, auth smtp.auth; "" none; lower case */
} MailAuthResult;

#define MAIL_FILES_MAX 1000

typedef struct {
    char *message_id;       /* without <>; "" when none */
    GPtrArray *in_reply_to; /* char *, without <>, in order */
    GPtrArray *references;  /* char *, without <>, in order, at most 100 (the last ones) */
    gint64 date;            /* seconds UTC, negative before 1970; 0 when missing or absurd */
    char *subject;
    GPtrArray *from, *to, *cc, *reply_to; /* MailAddress * */
    char *return_path;                    /* "" when none */
    int from_fields; /* how many From headers: identity needs exactly one with one mailbox */

    MailKind kind;
    char *machine; /* why kind is not MAIL_MESSAGE, for the ledger; "" for a message */
    MailPriority priority;
    GPtrArray *loop_marks; /* char *: values of X-Loop */
    bool is_spam;          /* the site's filter says so */

    char *text;      /* the readable body; its lines are those of reply, signature, quoted */
    char *reply;     /* what the sender wrote now */
    char *signature; /* may be "" */
    char *quoted;    /* may be "" */
    GPtrArray *cuts; /* MailCut *, in order, at most 1000: what signature and quoted are made
                        of */
    MailForward *forwarded; /* NULL: no forward */
    GPtrArray
        *attachments;   /* MailAttachment *, in order of appearance, at most MAIL_FILES_MAX */
    GPtrArray *remarks; /* char *, of a fixed set: what a reader should know of how the mail was
                           made or read, such as "encrypted"; at most 20 */

    GPtrArray *bounce_recipients; /* MailBounceRecipient *; kind bounce */
    char *disposition; /* kind receipt: "displayed", "deleted", …, RFC 8098; "" unknown */
    char *original_message_id; /* of the mail that a bounce or receipt is about, without <>; ""
                                  unknown */

    GPtrArray *received_from; /* char *: client IP of each Received, topmost first, "" unknown;
                                 at most 20 */
    GPtrArray *auth;          /* MailAuthResult *, at most 100 */

    char *unparsed; /* NULL, or why the parser gave up: then only header fields are filled */
} Mail;

Mail *mail_new(void); /* every string "", every array empty */
void mail_free(Mail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mail, mail_free)

void mail_remark(Mail *mail, const char *remark); /* once each */

MailAddress *mail_address_new(const char *name, const char *address);
void mail_address_free(MailAddress *address);
MailAttachment *mail_attachment_new(void); /* every string "" */
void mail_attachment_free(MailAttachment *attachment);
MailBounceRecipient *mail_bounce_recipient_new(void); /* every string "" */
void mail_bounce_recipient_free(MailBounceRecipient *recipient);
MailForward *mail_forward_new(void); /* every string "" */
void mail_forward_free(MailForward *forward);
MailCut *mail_cut_new(guint32 line, guint32 lines, bool is_signature, const char *rule);
void mail_cut_free(MailCut *cut);
MailAuthResult *mail_auth_result_new(void); /* every string "" */
void mail_auth_result_free(MailAuthResult *result);

const char *mail_kind_name(MailKind kind); /* "auto-reply", as in explain and the ledger */
bool mail_kind_from_name(const char *name, MailKind *ret);
