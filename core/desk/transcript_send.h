/* Who is sent the transcript of a ticket, and when. Within a write transaction; the mail itself
 * is made when it is sent. */
#pragma once

#include "core/desk/desk.h"
#include "core/desk/notify.h"
#include "schema/people.h"
#include "schema/tickets.h"

/* To somebody who asked for it. ERROR_REJECTED: they take no part in the ticket. */
bool transcript_send(Desk *desk, const Ticket *ticket, const Person *person, Notify *notify,
                     GError **error);
/* A ticket is closed: to the archive of the queue that serves it, and to its requester, as that
 * queue says. */
bool transcript_send_closed(Desk *desk, const Ticket *ticket, Notify *notify, GError **error);
