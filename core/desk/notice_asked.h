/* What was asked about tickets, told in the answer: the ticket as it stands, its history, and
 * what was found. */
#pragma once

#include "core/base/template.h"
#include "core/desk/desk.h"
#include "schema/people.h"

typedef struct {
    Desk *desk;
    const Person *reader;
    const char *language; /* "fr" or "en" */
    TemplateData *data;
} Asked;

/* "shown": id, title, url, facts and the last messages. */
bool asked_show(const Asked *asked, gint64 ticket, GError **error);
/* "history": when, actor and words of every event. */
bool asked_history(const Asked *asked, gint64 ticket, GError **error);
/* "found", and "find_words": id, title, status, when, snippet, url. */
bool asked_find(const Asked *asked, const char *words, GError **error);
