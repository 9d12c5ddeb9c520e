/* Runs: what mails asked to be done, line by line, and what came of it. */
#pragma once

#include "schema/store.h"

typedef struct {
    char *line, *verb; /* verb: "close", "" unknown */
    gint64 ticket;     /* 0: none */
    bool good;
    char *answer, *undo; /* "" none */
} RunLine;

typedef struct {
    gint64 id, at, person, queue, ticket; /* ticket 0: none */
    char *language, *subject, *message_id;
    guint8 content_hash[32];
    bool done;
    char *text;
    gint64 undone;
    GPtrArray *lines; /* RunLine *, in order */
} Run;

RunLine *run_line_new(const char *line, const char *verb);
void run_line_free(RunLine *line);
void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

/* With its lines. */
bool runs_add(Store *store, const Run *run, gint64 *ret_id, GError **error);
/* *ret NULL when there is none. */
bool runs_by_id(Store *store, gint64 id, Run **ret, GError **error);
/* Has this mail asked already in this ticket (0: in none)? */
bool runs_has_content(Store *store, const guint8 *content_hash, gint64 ticket, bool *ret,
                      GError **error);
/* The latest that this person had done in the ticket since `since` and that is not undone;
 * *ret NULL when there is none. */
bool runs_last(Store *store, gint64 person, gint64 ticket, gint64 since, Run **ret,
               GError **error);
bool runs_undone(Store *store, gint64 id, gint64 at, GError **error);
/* How many runs this person has started since `since`. */
bool runs_count(Store *store, gint64 person, gint64 since, gint64 *ret, GError **error);
