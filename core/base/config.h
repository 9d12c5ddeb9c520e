/* The one configuration file (GKeyFile syntax), checked whole at load.
 *
 * Unknown groups and keys, values out of range and missing required keys are ERROR_CONFIG whose
 * message names file, line and key, in one line. Everything below the programs gets a const
 * Config and never reads a file or the environment itself. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define CONFIG_DEFAULT_FILE "/etc/mailwicket/mailwicket.conf"

typedef enum {
    TRANSPORT_SMTP,     /* smtp://HOST:PORT  (STARTTLS as `tls` says) */
    TRANSPORT_SMTPS,    /* smtps://HOST:PORT (TLS from the first byte) */
    TRANSPORT_SENDMAIL, /* sendmail:/path */
    TRANSPORT_MAILDIR,  /* maildir:/path */
} TransportKind;

typedef enum {
    TLS_REQUIRE, /* no mail leaves without a verified certificate */
    TLS_TRY,     /* STARTTLS when offered, certificate not judged */
    TLS_NONE,
} TlsPolicy;

typedef struct {
    char *file; /* where it was read from */

    struct {
        char *name;     /* shown to people: "Support Exemple" */
        char *domain;   /* right of @ in Message-IDs */
        char *base_url; /* of the page, http or https, without a trailing slash */
        char *language; /* "fr" or "en": default of new queues */
        char *timezone; /* IANA name, checked; NULL: the machine's. See config_zone */
        gsize zone;     /* private to config_zone */
        char *data_dir; /* absolute */
        char *key_file; /* absolute, outside data_dir */
    } site;

    struct {
        TransportKind transport;
        char *host;          /* smtp, smtps; IPv6 in [] as in a URL; else NULL */
        int port;            /* smtp, smtps; without one 25 and 465 */
        char *path;          /* sendmail, maildir; absolute; else NULL */
        char *user;          /* NULL: no AUTH */
        char *password_file; /* NULL: no AUTH */
        char *ca_file;       /* NULL: the system's certificates */
        TlsPolicy tls;
        char *authserv_id;     /* NULL: no Authentication-Results is trusted */
        char **trusted_relays; /* addresses or networks (CIDR), NULL-terminated, never NULL */
        char *template_dir;    /* NULL: only the built-in templates */
        bool ask_receipts;     /* of technicians, for mails about new and assigned tickets */
        char *spam_header;     /* "NAME: PATTERN", see core/mail/spam.h; NULL: none */
    } mail;

    struct {
        gint64 message_bytes; /* a larger mail is refused (exit 65) */
        gint64 header_bytes;  /* caps of the scan before parsing; over: unparsed */
        gint64 header_fields;
        gint64 address_bytes; /* of one address field */
        gint64 parts;
        gint64 depth;
        gint64 parser_memory_bytes;       /* RLIMIT_AS of the parser */
        gint64 parser_seconds;            /* RLIMIT_CPU of the parser, and its wall clock x2 */
        gint64 acknowledgements_per_day;  /* to one unproven address */
        gint64 acknowledgements_per_hour; /* to one proven address */
        gint64 tickets_per_hour;          /* of one sender; what is past it is held */
        gint64 unproven_mails_per_ten_minutes; /* global brake on mails caused by unproven
                                                  senders */
        gint64 outgoing_attachment_bytes;      /* of one outgoing mail; the rest is linked */
        gint64 lmtp_connections;               /* at once; one more is told 421 */
        gint64 deliveries_per_commit;          /* that may share a sync, in the server */
        gint64 link_days;                      /* 0: links live as long as their ticket */
    } limits;
} Config;

/* `path` NULL: $MAILWICKET_CONFIG, then CONFIG_DEFAULT_FILE. */
bool config_load(const char *path, Config **ret, GError **error);
/* The same from text, for tests and fuzzing; `path` is only named in errors. */
bool config_parse(const char *path, const char *text, gsize length, Config **ret,
                  GError **error);
/* The zone for times shown to people, made when first asked for: working out its rules costs
 * more than most of a delivery, which shows no time. Thread-safe; borrowed. */
GTimeZone *config_zone(const Config *config);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)
