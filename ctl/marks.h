/* Lines that say how things are, a mark in front: "ok", "note" (worth knowing), or "WRONG",
 * which says what to do about it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    bool quiet;       /* prints nothing */
    GPtrArray *wrong; /* char *: what was marked so, without the mark */
} Marks;

Marks marks_start(bool quiet);
void marks_end(Marks *marks);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Marks, marks_end)

void marks_ok(Marks *marks, const char *format, ...) G_GNUC_PRINTF(2, 3);
void marks_note(Marks *marks, const char *format, ...) G_GNUC_PRINTF(2, 3);
void marks_wrong(Marks *marks, const char *format, ...) G_GNUC_PRINTF(2, 3);
