/* Commands within a delivery: whose they are, whether they may, and carrying them out.
 *
 * All or nothing: when one line is wrong, none of them changes anything, nothing is published,
 * and the sender gets every line back with what is right or wrong about it, and their words. */
#pragma once

#include "core/desk/command.h"
#include "core/desk/delivery.h"

/* The commands that `author` (NULL: nobody known) may write in `text`. Of anybody but the desk,
 * only a block whose every line is a requester's verb is one; else it is text like any other.
 */
CommandBlock *commanding_read(const Person *author, const char *text);
bool commanding_has(const CommandBlock *block, VerbId verb);

/* What a block needs before it may be carried out. */
typedef enum {
    COMMANDS_NONE,    /* there are none: no more than its words need */
    COMMANDS_INSIDE,  /* the sender's domain: nothing leaves the house */
    COMMANDS_CHANGE,  /* what publishing needs */
    COMMANDS_DESTROY, /* a confirmation */
} CommandsNeed;
CommandsNeed commanding_need(const CommandBlock *block);

typedef struct {
    bool done;    /* else nothing happened, and the sender is told */
    bool is_note; /* the words below are for the team alone */
    bool silent;  /* nothing is left to publish */
    bool moved;   /* the status is what was commanded, whatever the words would make of it */
} Commanded;
/* As `actor`, on `ticket`. Answers are put into delivery->notify. */
bool commanding_run(Delivery *delivery, Ticket *ticket, const Person *actor,
                    const CommandBlock *block, Commanded *ret, GError **error);
