/* Lists of tickets as somebody of the desk asks for them. */
#pragma once

#include "core/base/template.h"
#include "core/desk/desk.h"
#include "schema/people.h"
#include "schema/tickets.h"

#define LISTING_ROWS 200

/* What a word after `list` means, in either language: "mine", "retard", "" (all that are open),
 * a queue's name. False: nothing of the sort. */
bool listing_read_wish(Desk *desk, const char *word, ListedFilter *ret, bool *ret_known,
                       GError **error);

/* Puts the list into `data`: "list_title", "list_count" and "rows" {id, title, status,
 * priority, requester, assignees, when, due, late, url, take}. `mail_to`: where the rows'
 * buttons go. */
bool listing_fill(Desk *desk, const ListedFilter *filter, const Person *reader,
                  const char *language, const char *mail_to, TemplateData *data,
                  GError **error);
