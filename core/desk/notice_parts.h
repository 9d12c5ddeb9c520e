/* Putting a notice together: what mails about a ticket and mails about none share. Private to
 * core/desk. */
#pragma once

#include "core/desk/notice.h"

Notice *notice_new(const char *template, const char *language);
/* Takes `text`, to live as long as the notice. Returns it. */
const char *notice_own(Notice *notice, char *text);
void notice_add_header(Notice *notice, const char *name, const char *value);
/* Every mark by which machines leave us alone; bounces are still wanted, so not "All". RN would
 * suppress the very receipt that is asked for. */
void notice_mark(Notice *notice, const Config *config, bool is_answer, bool asks_receipt);

/* A mail about no ticket. */
bool notice_plain(Desk *desk, const OutboxRow *row, Notice **ret, GError **error);
