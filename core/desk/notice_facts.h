/* The facts of one outgoing mail. Private to core/desk; used by notice.c and notice_data.c
 * only. */
#pragma once

#include "core/desk/notice.h"
#include "schema/attachments.h"
#include "schema/messages.h"
#include "schema/people.h"
#include "schema/tickets.h"

typedef struct {
    const OutboxRow *row; /* borrowed */
    NoticeTopic *topic;   /* borrowed, as all of it that follows */
    const Ticket *ticket;
    const Person *requester;
    const Person *failed;       /* whose address fails; NULL: none, or unknown */
    const Message *message;     /* NULL: about no message */
    const Message *newer;       /* came before it, and its author had not seen it; NULL */
    const Event *event;         /* NULL: about no event */
    const GPtrArray *customers; /* char *: names of those who read a public answer */

    Participation *part;
    Person *reader;
    char *author_name;    /* of the message, "" none */
    char *link;           /* page address, "" for lists */
    const char *language; /* "fr" or "en" */
    bool staff;           /* the reader is on the desk */
    bool from_desk;       /* the author is */
    bool shows_text;      /* the reader may see the message's words */
} NoticeFacts;

/* `topic` as for notice_prepare, never NULL. */
bool notice_facts_load(Desk *desk, const OutboxRow *row, NoticeTopic **topic, NoticeFacts **ret,
                       GError **error);
/* A file of the topic's message in base64 lines, made once for all who get it. *ret is owned;
 * NULL: too large to be kept, so whoever wants it reads it. */
bool notice_topic_file(NoticeTopic *topic, Store *store, const Attachment *attachment,
                       GBytes **ret, GError **error);

void notice_facts_free(NoticeFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NoticeFacts, notice_facts_free)
