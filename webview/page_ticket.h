/* The page of one ticket for one reader. */
#pragma once

#include "core/desk/view.h"
#include "webview/page.h"

/* Appends the whole HTML document. Cannot fail: what is missing is said in words. */
void page_ticket(GString *out, const Page *page, const TicketView *view);
