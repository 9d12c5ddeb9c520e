/* One event of the thread. */
#pragma once

#include "schema/tickets.h"
#include "webview/page.h"

/* Appends a list item, or nothing for events that the messages tell. */
void page_event(GString *out, const Page *page, const Event *event);
