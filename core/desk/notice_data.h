/* The template data of one outgoing mail. Private to core/desk; used by notice.c only. */
#pragma once

#include "core/base/template.h"
#include "core/desk/desk.h"
#include "schema/messages.h"
#include "schema/outbox.h"
#include "schema/people.h"
#include "schema/tickets.h"

typedef struct {
    const OutboxRow *row; /* borrowed */
    Ticket *ticket;
    Participation *part;
    Person *reader, *requester;
    Person *failed;       /* whose address fails; NULL: none, or unknown */
    Message *message;     /* NULL: about no message */
    Event *event;         /* NULL: about no event */
    GPtrArray *customers; /* char *: names of those who read a public answer */
    char *author_name;    /* of the message, "" none */
    char *link;           /* page address, "" for lists */
    const char *language; /* "fr" or "en" */
    bool staff;           /* the reader is on the desk */
    bool from_desk;       /* the author is */
    bool shows_text;      /* the reader may see the message's words */
} NoticeFacts;

bool notice_facts_load(Desk *desk, const OutboxRow *row, NoticeFacts **ret, GError **error);
void notice_facts_free(NoticeFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NoticeFacts, notice_facts_free)

TemplateData *notice_data_new(const Desk *desk, const NoticeFacts *facts);
void notice_data_add_image(TemplateData *data, const char *content_id,
                           const Attachment *attachment);
void notice_data_add_file(TemplateData *data, const Attachment *attachment,
                          const char *language);
void notice_data_add_link(TemplateData *data, const NoticeFacts *facts,
                          const Attachment *attachment, const char *language);
