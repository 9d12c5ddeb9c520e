/* One message of the thread. */
#pragma once

#include "core/desk/view.h"
#include "webview/page.h"

/* Appends a list item with the id "m" and the message's number. */
void page_message(GString *out, const Page *page, const TicketView *view,
                  const MessageView *message);

/* A moment as people read it, with the exact one for machines. */
void page_time_long(GString *out, const Page *page, gint64 at);
void page_time_short(GString *out, const Page *page, gint64 at);
