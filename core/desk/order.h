/* Orders: commands being carried out, one at a time, within a part of the write transaction
 * that is undone as a whole when one of them is wrong. Private to core/desk.
 *
 * Each act changes what its command says, leaves an event for every change, says in the words
 * of the actor's language what it did, and names the line that would undo it. What cannot be is
 * ERROR_REJECTED and its message, in the same language, names the valid values. */
#pragma once

#include "core/desk/command.h"
#include "core/desk/desk.h"
#include "core/desk/notify.h"
#include "schema/people.h"
#include "schema/tickets.h"

typedef struct {
    Desk *desk;
    const Person *actor;
    Ticket *ticket; /* NULL: none */
    Notify *notify;
    gint64 now;
    bool french;
    bool quiet;       /* nobody is told of a status */
    const char *text; /* the words for people that stand below; "" none */
    gint64 answered;  /* the message that the mail answers; 0 unknown */
    gint64 queue;     /* whose address was written to */

    bool is_note;   /* they are for the team alone */
    bool uses_text; /* they are used up: not to be published */
    char *answer, *undo;
} Order;

void order_clear(Order *order); /* answer and undo */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Order, order_clear)

bool order_act(Order *order, const Command *command, GError **error);

/* --- for the acts ------------------------------------------------------------------------ */

/* `en` and `fr` take the same arguments. Returns false. */
bool order_refuse(const Order *order, GError **error, const char *en, const char *fr, ...)
    G_GNUC_PRINTF(3, 5);
/* Returns true. */
bool order_say(Order *order, const char *en, const char *fr, ...) G_GNUC_PRINTF(2, 4);
void order_set_undo(Order *order, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* What was there was so before: nothing to undo. Returns true. */
bool order_nothing_new(Order *order);
/* That the command has so many words; else refuses and shows how it is written. */
bool order_wants_words(const Order *order, const Command *command, guint least, guint most,
                       GError **error);

typedef bool (*OrderAct)(Order *order, const Command *command, GError **error);
bool order_status(Order *order, const Command *command, GError **error);
bool order_state(Order *order, const Command *command, GError **error);
bool order_take(Order *order, const Command *command, GError **error);
bool order_assign(Order *order, const Command *command, GError **error);
bool order_queue(Order *order, const Command *command, GError **error);
bool order_cc(Order *order, const Command *command, GError **error);
bool order_title(Order *order, const Command *command, GError **error);
bool order_priority(Order *order, const Command *command, GError **error);
bool order_type(Order *order, const Command *command, GError **error);
bool order_due(Order *order, const Command *command, GError **error);
bool order_tag(Order *order, const Command *command, GError **error);
bool order_note(Order *order, const Command *command, GError **error);
bool order_quiet(Order *order, const Command *command, GError **error);
bool order_undo(Order *order, const Command *command, GError **error);
bool order_link(Order *order, const Command *command, GError **error);
bool order_held(Order *order, const Command *command, GError **error);
bool order_merge(Order *order, const Command *command, GError **error);
bool order_split(Order *order, const Command *command, GError **error);
bool order_relate(Order *order, const Command *command, GError **error);
bool order_requester(Order *order, const Command *command, GError **error);
bool order_spam(Order *order, const Command *command, GError **error);
bool order_delete(Order *order, const Command *command, GError **error);
bool order_amend(Order *order, const Command *command, GError **error);
bool order_redact(Order *order, const Command *command, GError **error);
bool order_rate(Order *order, const Command *command, GError **error);
bool order_mute(Order *order, const Command *command, GError **error);
/* A ticket by its id. */
bool order_find_ticket(const Order *order, const char *id, Ticket **ret, GError **error);
/* What is answered later, from how things are then. */
bool order_find(Order *order, const Command *command, GError **error);
bool order_list(Order *order, const Command *command, GError **error);
bool order_ask(Order *order, const Command *command, GError **error);
