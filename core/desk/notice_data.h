/* The template data of one outgoing mail. Private to core/desk; used by notice.c only. */
#pragma once

#include "core/base/template.h"
#include "core/desk/notice_facts.h"
#include "schema/queues.h"

TemplateData *notice_data_new(const Desk *desk, const NoticeFacts *facts);
/* For a mail about no ticket, to somebody of the desk. */
TemplateData *notice_data_plain(const Desk *desk, const Person *reader, const Queue *queue);
void notice_data_add_image(TemplateData *data, const char *content_id,
                           const Attachment *attachment);
void notice_data_add_file(TemplateData *data, const Attachment *attachment,
                          const char *language);
void notice_data_add_link(TemplateData *data, const NoticeFacts *facts,
                          const Attachment *attachment, const char *language);
