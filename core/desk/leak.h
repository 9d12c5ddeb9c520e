/* Catching a note on its way to a customer: an answer that repeats the desk's internal words.
 *
 * Texts are compared as words: letters and digits in lower case, whatever stands between them
 * (quote marks, punctuation, line ends) only separates, so that re-wrapping by a mail client
 * hides nothing. What counts is a run of six consecutive words; a text of three to five words
 * and at least 16 characters is looked for as a whole, a shorter one not at all. Of each text
 * the first LEAK_READ_BYTES bytes are read. */
#pragma once

#include "core/desk/desk.h"
#include "schema/tickets.h"

#define LEAK_READ_BYTES (256 * 1024)

/* Do `reply` and `signature`, meant for the public, repeat words of one of the ticket's notes
 * or of a held or dropped mail? Words that are public on the ticket already do not count, and
 * neither does what an agent meant for the public that is still held: such an answer sent again
 * does not leak itself. */
bool leak_quotes_note(Desk *desk, const Ticket *ticket, const char *reply,
                      const char *signature, bool *ret, GError **error);

/* The comparison alone, without a store. All text is valid UTF-8. */
typedef struct LeakCheck LeakCheck;

LeakCheck *leak_check_new(const char *reply, const char *signature);
void leak_check_free(LeakCheck *check);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LeakCheck, leak_check_free)

void leak_check_add_internal(LeakCheck *check, const char *text);
void leak_check_add_public(LeakCheck *check, const char *text);
/* Of all that was added, in any order. */
bool leak_check_found(const LeakCheck *check);
