/* What can happen to a ticket; each change leaves an event. Within a write transaction.
 *
 * `actor` is a person id, 0 for the gateway itself or the command line. Who has to hear of a
 * change is put into `notify`; nothing is written to anybody until notify_flush. */
#pragma once

#include "core/desk/author.h"
#include "core/desk/desk.h"
#include "core/desk/notify.h"
#include "core/mail/mail.h"
#include "schema/messages.h"
#include "schema/people.h"
#include "schema/queues.h"
#include "schema/tickets.h"

char *ticket_name(const Ticket *ticket); /* "SUP-42" */
/* "SUP-42" in any case → the ticket; unknown is ERROR_REJECTED. */
bool ticket_find(Desk *desk, const char *name, Ticket **ret, GError **error);

/* Writes an event that changes no field of the ticket: a message, a link, a bounce.
 * `ret_id` may be NULL. */
bool ticket_note_event(Desk *desk, const Ticket *ticket, gint64 actor, const char *what,
                       const char *old, const char *new, gint64 *ret_id, GError **error);

/* A status, priority or assignee that is already so changes nothing and leaves no event.
 * Whatever the status becomes, the ticket no longer waits for a moment. */
bool ticket_set_status(Desk *desk, Ticket *ticket, const char *status, gint64 actor,
                       Notify *notify, GError **error);
bool ticket_set_priority(Desk *desk, Ticket *ticket, MailPriority priority, gint64 actor,
                         GError **error);
/* Makes `person` the only assignee; NULL: nobody. ERROR_REJECTED unless they are on the desk.
 */
bool ticket_assign(Desk *desk, Ticket *ticket, const Person *person, gint64 actor,
                   Notify *notify, GError **error);
/* The same for several (Person *, each once): they and nobody else. */
bool ticket_assign_all(Desk *desk, Ticket *ticket, const GPtrArray *people, gint64 actor,
                       Notify *notify, bool *ret_changed, GError **error);
/* When it must be done; 0: no matter when. */
bool ticket_set_due(Desk *desk, Ticket *ticket, gint64 due, gint64 actor, GError **error);
bool ticket_set_title(Desk *desk, Ticket *ticket, const char *title, gint64 actor,
                      GError **error);
bool ticket_set_type(Desk *desk, Ticket *ticket, const char *type, gint64 actor,
                     GError **error);
/* One that is on, or off, already leaves an event all the same: ask tickets_tags before. */
bool ticket_set_tag(Desk *desk, Ticket *ticket, const char *tag, bool on, gint64 actor,
                    GError **error);
/* Another queue's people serve it from now on; its number and its address stay. */
bool ticket_move(Desk *desk, Ticket *ticket, const Queue *queue, gint64 actor, GError **error);
/* Into the trash, or out of it. */
bool ticket_delete(Desk *desk, Ticket *ticket, bool deleted, gint64 actor, GError **error);
bool ticket_rate(Desk *desk, Ticket *ticket, int rating, const char *comment, gint64 actor,
                 GError **error);
/* They see the whole public thread from now on; who was the requester watches it. */
bool ticket_set_requester(Desk *desk, Ticket *ticket, const Person *person, gint64 actor,
                          GError **error);
/* `what`: "depends" (it waits for `other`) or "duplicate" (it is the same); with an event on
 * both. */
bool ticket_relate(Desk *desk, const Ticket *ticket, const Ticket *other, const char *what,
                   gint64 actor, GError **error);
/* All of `other` stands in the ticket from now on: its messages, and its people as watchers.
 * `other` is closed, and mail to it goes to the ticket. */
bool ticket_merge(Desk *desk, Ticket *ticket, Ticket *other, gint64 actor, GError **error);
/* Both ways round, with an event on both. */
bool ticket_link(Desk *desk, const Ticket *ticket, const Ticket *other, gint64 actor,
                 GError **error);

/* "[SUP-42-7kq2m9xw] Imprimante en panne"; brief: with "Votre demande" in place of the title,
 * for people who proved nothing. */
char *ticket_subject(const Ticket *ticket, bool brief);
/* Finds or makes the participation of a person, with its frozen subject. */
bool ticket_participation(Desk *desk, const Ticket *ticket, gint64 person,
                          Visibility visibility, PartRole role, gint64 since,
                          const char *subject, Participation **ret, GError **error);

/* May this person take part: on the desk, or a requester or watcher of the ticket? Having been
 * told of it as somebody of the desk counts only while they are. */
bool ticket_takes_part(Desk *desk, const Ticket *ticket, const Person *person, bool *ret,
                       GError **error);

/* Makes the page of a ticket answer to a person's link, which is derived and the same each
 * time. *ret_page (may be NULL): what stands behind /ticket/ in it. */
bool ticket_mint_link(Desk *desk, gint64 ticket, const Person *person, char **ret_page,
                      GError **error);
