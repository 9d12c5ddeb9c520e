/* The thread of a transcript, entry by entry. Private to transcript.c. */
#pragma once

#include "core/base/template.h"
#include "core/desk/desk.h"
#include "core/desk/view.h"

typedef struct {
    Desk *desk;
    const TicketView *view;
    TemplateData *data;
    const char *language;
    guint64 picture_room; /* bytes of pictures that may still go in */
    guint64 bytes;        /* of all that was set so far */
} TranscriptWriter;

/* Sets `name` to `text` without any secret of ours. */
bool transcript_set(TranscriptWriter *writer, TemplateData *data, const char *name,
                    const char *text, GError **error);
void transcript_set_time(TranscriptWriter *writer, TemplateData *data, const char *name,
                         const char *exact_name, gint64 at);

/* Both append to the list "entries"; an event that the thread tells by itself does not. */
bool transcript_add_message(TranscriptWriter *writer, const MessageView *one, GError **error);
bool transcript_add_event(TranscriptWriter *writer, const Event *event, GError **error);
