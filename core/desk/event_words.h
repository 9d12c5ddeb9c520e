/* What happened to a ticket, in words: the same on the page and in a transcript. */
#pragma once

#include "schema/tickets.h"

/* "confié à ", "Marie Laurent", "": what stands before, what matters, what stands behind; to be
 * put together as they are. */
typedef struct {
    char *before, *what, *after;
} EventWords;

void event_words_clear(EventWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EventWords, event_words_clear)

/* `language` "fr" or anything else for English. False, and nothing in *ret: the thread itself
 * tells it. An event of a later version is told by its own name. */
bool event_words(const Event *event, const char *language, EventWords *ret);
