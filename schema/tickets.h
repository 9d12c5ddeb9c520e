/* Tickets, who takes part in them, and every change they went through. */
#pragma once

#include "schema/store.h"

typedef struct {
    gint64 id, queue, number;
    char *prefix;  /* of the queue */
    char *address; /* of the queue */
    char *queue_name;
    char *token; /* of subjects */
    char *title, *status, *type, *language;
    int priority; /* MailPriority */
    gint64 requester;
    gint64 created, updated;
} Ticket;

typedef enum {
    VISIBILITY_PUBLIC,
    VISIBILITY_INTERNAL,
    VISIBILITY_HELD,
    VISIBILITY_DROPPED,
} Visibility;
typedef enum {
    PART_REQUESTER,
    PART_WATCHER,
    PART_STAFF,
    PART_ARCHIVE, /* is sent transcripts, takes no part and gets no secret */
} PartRole;

typedef struct {
    gint64 id, ticket, person;
    Visibility visibility; /* public or internal */
    PartRole role;
    gint64 since;  /* first message id they may see; 0 = all */
    char *subject; /* frozen */
    char *root;    /* Message-ID of their thread, "" not yet */
} Participation;

typedef struct {
    gint64 id, ticket, at, actor; /* actor 0: the gateway or the command line */
    char *actor_name;             /* filled on reading; "" when none */
    char *what, *old, *new;
} Event;

void ticket_free(Ticket *ticket);
void participation_free(Participation *part);
void event_free(Event *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ticket, ticket_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Participation, participation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Event, event_free)

/* Finders set *ret to NULL when there is none. */
bool tickets_by_id(Store *store, gint64 id, Ticket **ret, GError **error);
bool tickets_by_number(Store *store, const char *prefix, gint64 number, Ticket **ret,
                       GError **error);

typedef struct {
    const char *status; /* NULL: any */
    const char *queue;  /* name; NULL: any */
    gint64 assignee;    /* 0: any */
    gint64 requester;   /* 0: any */
    bool open_only;     /* not resolved, closed or cancelled */
    gint64 limit;       /* 0: all */
} TicketFilter;
/* Calls `each` per ticket, latest update first, without holding them all or a snapshot. */
typedef bool (*TicketEach)(const Ticket *ticket, void *user, GError **error);
bool tickets_each(Store *store, const TicketFilter *filter, TicketEach each, void *user,
                  GError **error);

/* An update that is also the creation: `updated` becomes `created`. Uses queue, number, token,
 * title, status, type, language, priority, requester, created. */
bool tickets_add(Store *store, const Ticket *ticket, gint64 *ret_id, GError **error);
/* Writes status, priority, title, type, updated. */
bool tickets_update(Store *store, const Ticket *ticket, GError **error);
/* Both ways round; again is harmless, as with assigning. */
bool tickets_link(Store *store, gint64 ticket, gint64 other, GError **error);
/* Ids of linked tickets: gint64. */
bool tickets_linked(Store *store, gint64 ticket, GArray **ret, GError **error);

/* Person ids (gint64) in order of id. */
bool tickets_assignees(Store *store, gint64 ticket, GArray **ret, GError **error);
bool tickets_assign(Store *store, gint64 ticket, gint64 person, GError **error);
bool tickets_unassign(Store *store, gint64 ticket, gint64 person, GError **error);

bool participations_by_id(Store *store, gint64 id, Participation **ret, GError **error);
bool participations_find(Store *store, gint64 ticket, gint64 person, Visibility visibility,
                         Participation **ret, GError **error);
bool participations_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error);
bool participations_add(Store *store, const Participation *part, gint64 *ret_id,
                        GError **error);
/* A former agent who is brought in as a customer, and the like. */
bool participations_set_role(Store *store, gint64 id, PartRole role, gint64 since,
                             GError **error);
bool participations_set_root(Store *store, gint64 id, const char *root, GError **error);

bool events_add(Store *store, const Event *event, gint64 *ret_id, GError **error);
bool events_by_id(Store *store, gint64 id, Event **ret, GError **error);
/* Event *, oldest first. */
bool events_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error);
