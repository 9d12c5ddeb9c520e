/* Every word the page says, in French and English. Nothing else in this folder spells them;
 * statuses and priorities are core/desk/status.h's, events core/desk/event_words.h's. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    WORD_OTHER_LANGUAGE, /* the name of the other language, in that language */
    WORD_NO_SUBJECT,
    WORD_PROGRESS,
    WORD_STEP_DONE,
    WORD_STEP_NOW,
    WORD_STEP_AHEAD,
    WORD_ASSIGNED_TO,
    WORD_NOBODY_YET,
    WORD_PRIORITY,
    WORD_TYPE,
    WORD_REQUESTER,
    WORD_WATCHERS,
    WORD_LATEST_MESSAGE,
    WORD_THREAD,
    WORD_YOU,
    WORD_FROM_REQUESTER,
    WORD_FROM_WATCHER,
    WORD_FROM_OTHER,
    WORD_NOTE,
    WORD_NOTE_MEANS,
    WORD_HELD,
    WORD_HELD_MEANS,
    WORD_UNPARSED,
    WORD_NO_TEXT,
    WORD_ENCRYPTED,
    WORD_NO_MESSAGES,
    WORD_QUOTED,
    WORD_SIGNATURE,
    WORD_FILES,
    WORD_MORE_FILES, /* after their number */
    WORD_UNNAMED_FILE,
    WORD_REPLY,
    WORD_REPLY_HINT,
    WORD_REPLY_HINT_STAFF,
    WORD_REPLY_HINT_ENDED,
    WORD_PERSONAL_LINK,
    WORD_PERSONAL_LINK_STAFF,
    WORD_AS_JSON,
    WORD_FILE,
    WORD_FILE_IMAGE,
    WORD_FILE_TEXT,
    WORD_FILE_SOUND,
    WORD_FILE_VIDEO,
    WORD_FILE_MAIL,
    WORD_FILE_ARCHIVE,
    WORD_COUNT,
} Word;

/* "fr", or anything else for English. */
const char *word(const char *language, Word which);
/* "fr" or "en" if `text` says one of them exactly, else NULL. Static. */
const char *language_from_text(const char *text);

/* "image", "PDF", "text": what a file of that media type is to people. */
const char *words_file_type(const char *language, const char *type);
