/* Runs being made: what commands in a ticket and commands in bulk share. Private to core/desk;
 * the contract is commanding.h's. */
#pragma once

#include "core/desk/commanding.h"
#include "core/desk/order.h"
#include "schema/runs.h"

/* `ticket` NULL: none. */
Run *commanding_run_new(const Delivery *delivery, const Ticket *ticket, const Person *actor);

/* Tries one command on order->ticket and adds its line. What is wrong with it is told there and
 * ends run->done; false is a fault of ours. */
bool commanding_try(Order *order, const Command *command, Run *run, GError **error);

typedef bool (*CommandingTry)(Order *order, const CommandBlock *block, Run *run,
                              GError **error);
/* Lets `try` try the block; when run->done is false afterwards, nothing of it has happened. */
bool commanding_try_part(Order *order, const CommandBlock *block, CommandingTry try, Run *run,
                         GError **error);

/* Names the commands in the delivery's outcome. */
void commanding_note(Delivery *delivery, const CommandBlock *block);
