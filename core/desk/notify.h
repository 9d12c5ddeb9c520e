/* Who hears what: one delivery or command causes at most one mail to each person.
 *
 * A Notify collects what happened; notify_flush turns it into outbox rows within the same
 * transaction. When several things would tell one person, the one that says most wins. Nobody
 * is told of what they did themselves, no paused or own address is written to. */
#pragma once

#include "core/desk/desk.h"
#include "schema/messages.h"
#include "schema/people.h"
#include "schema/tickets.h"

/* Kinds of mail, in order of what says most; each names a template. */
typedef enum {
    NOTICE_STATUS,          /* requester, watchers: the status changed */
    NOTICE_RESOLVED,        /* requester, watchers */
    NOTICE_ASSIGNED,        /* the new assignee */
    NOTICE_NOTE,            /* staff: an internal note */
    NOTICE_HELD,            /* staff: a mail waits for a decision */
    NOTICE_UNDELIVERED,     /* staff: an address on the ticket takes our mail no more */
    NOTICE_MESSAGE,         /* everybody on the ticket: a public message */
    NOTICE_TICKET,          /* the queue's technicians: a new ticket */
    NOTICE_ACKNOWLEDGEMENT, /* the requester */
    NOTICE_CONFIRM,         /* a technician: did you write this? */
    NOTICE_ANSWER,          /* who commanded: what came of it */
} NoticeKind;
#define NOTICE_KINDS (NOTICE_ANSWER + 1)
const char *notice_kind_name(NoticeKind kind);

typedef struct Notify Notify;
Notify *notify_new(Desk *desk);
/* `actor`: who caused it, told only what they are asked or promised. `unproven`: they proved
 * nothing, so the brakes count what they cause. */
void notify_set_actor(Notify *notify, gint64 actor, bool unproven);
void notify_free(Notify *notify);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Notify, notify_free)

/* To one person. `message`, `event`, `confirmation`: what it is about, 0 for none. */
bool notify_person(Notify *notify, const Ticket *ticket, const Person *person, PartRole role,
                   NoticeKind kind, gint64 message, gint64 event, gint64 confirmation,
                   GError **error);
/* To requester and watchers. */
bool notify_customers(Notify *notify, const Ticket *ticket, NoticeKind kind, gint64 message,
                      gint64 event, GError **error);
/* To the assignees, or the queue's technicians while there is none. */
bool notify_staff(Notify *notify, const Ticket *ticket, NoticeKind kind, gint64 message,
                  gint64 event, GError **error);
/* To whoever commanded run `run`, `ticket` NULL: about none; `inside`: an answer to it stays a
 * note. */
bool notify_answer(Notify *notify, const Ticket *ticket, const Person *person, bool inside,
                   gint64 run, GError **error);
/* Takes a ticket that is told about, to live as long as it may be. Returns it. */
Ticket *notify_keep(Notify *notify, Ticket *ticket);
/* Nothing of what was collected is told. */
void notify_forget(Notify *notify);
/* Writes the outbox rows. */
bool notify_flush(Notify *notify, GError **error);
