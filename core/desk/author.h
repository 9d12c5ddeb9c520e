/* How the author of a message is shown, the same on the page, in JSON and in mails. */
#pragma once

#include "schema/messages.h"
#include "schema/people.h"
#include "schema/tickets.h"

/* On the desk? Technicians and admins are. */
bool person_is_agent(const Person *person); /* NULL: no */
/* The name of a person, else their address. Borrowed. */
const char *person_label(const Person *person);

/* Does the desk speak in it? Not when somebody of the desk is the ticket's requester. `author`
 * NULL: a stranger. */
bool author_is_desk(const Person *author, const Ticket *ticket);
/* The recorded name, else that of the From line, else the address; of that only what stands
 * left of the @ unless `with_address`: people learn each other's names, not their addresses. */
char *author_label(const Message *message, const Person *author, bool with_address);
