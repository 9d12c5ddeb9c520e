/* The facts of one outgoing mail: everything the notifier needs to render an outbox row.
 *
 * Already scrubbed for its reader: no reply address or link in it was minted for anybody else,
 * and customers see no note, no held text and nothing a technician quoted. */
#pragma once

#include "core/base/template.h"
#include "core/desk/desk.h"
#include "core/desk/transcript.h"
#include "core/mail/compose.h"
#include "schema/outbox.h"

/* Every name a mail template may use; see mailwicket-templates(5). */
extern const char *const notice_template_names[];

typedef struct {
    char *template; /* "message" */
    char *language; /* "fr" or "en" */
    TemplateData *data;
    ComposeMail mail;       /* all but text and html; strings owned by this notice */
    GPtrArray *owned;       /* char *: what `mail` borrows */
    GPtrArray *readers;     /* AttachmentReader *: what the parts of `mail` read from */
    Transcript *transcript; /* to be rendered and attached first; NULL: none */
} Notice;

/* What several rows have in common: a ticket and what of it is told. */
typedef struct NoticeTopic NoticeTopic;
void notice_topic_free(NoticeTopic *topic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NoticeTopic, notice_topic_free)

/* *topic: that of the row before, or NULL. It is kept if this row has the same, else replaced.
 * It knows nothing of changes, so it is good for as long as there are none: within one
 * snapshot. */
bool notice_prepare(Desk *desk, const OutboxRow *row, NoticeTopic **topic, Notice **ret,
                    GError **error);
/* `html`: its transcript, rendered. Past outgoing_attachment_bytes it does not travel, and the
 * mail says so. */
void notice_attach_transcript(const Desk *desk, Notice *notice, const char *html);
void notice_free(Notice *notice);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notice, notice_free)

/* The X-Loop value of every mail we send: "mailwicket@DOMAIN". */
char *notice_loop_mark(const Config *config);

/* Envelope sender of a row: "" for acknowledgements, else its bounce address. ERROR_CORRUPT: it
 * belongs to no queue. */
bool notice_envelope_sender(Desk *desk, const OutboxRow *row, char **ret, GError **error);

/* In the transaction that stores the rendered mail: the link in it leads to the page from then
 * on. */
bool notice_mint_link(Desk *desk, const OutboxRow *row, GError **error);

/* After sending, as part of the transaction that store_begin opened: the row is done; a death
 * is told on the ticket. */
bool notice_sent(Desk *desk, const OutboxRow *row, GError **error);
bool notice_retry(Desk *desk, const OutboxRow *row, gint64 next, const char *why,
                  GError **error);
bool notice_dead(Desk *desk, const OutboxRow *row, const char *why, GError **error);
