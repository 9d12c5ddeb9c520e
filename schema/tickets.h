/* Tickets, who takes part in them, and every change they went through. */
#pragma once

#include "schema/store.h"

typedef struct {
    gint64 id, queue, number;
    char *prefix;     /* of the queue */
    char *address;    /* of the queue */
    gint64 served;    /* by this queue: its own, unless it was moved */
    char *queue_name; /* of that one */
    char *token;      /* of subjects */
    char *title, *status, *type, *language;
    int priority;   /* MailPriority */
    gint64 due;     /* to be done by; 0: no matter when */
    gint64 until;   /* waiting so long; 0: for an answer */
    gint64 deleted; /* when; 0: not */
    gint64 merged;  /* into this ticket; 0: not */
    int rating;     /* 1 to 5; 0 none */
    char *rating_comment;
    gint64 requester;
    gint64 created, updated;
} Ticket;

typedef enum {
    VISIBILITY_PUBLIC,
    VISIBILITY_INTERNAL,
    VISIBILITY_HELD,
    VISIBILITY_DROPPED,
} Visibility;
typedef enum { PART_REQUESTER, PART_WATCHER, PART_STAFF } PartRole;

typedef struct {
    gint64 id, ticket, person;
    Visibility visibility; /* public or internal */
    PartRole role;
    gint64 since;  /* first message id they may see; 0 = all */
    char *subject; /* frozen */
    char *root;    /* Message-ID of their thread, "" not yet */
    bool muted;    /* they want to hear nothing */
} Participation;

typedef struct {
    gint64 id, ticket, at, actor; /* actor 0: the gateway or the command line */
    char *actor_name;             /* filled on reading; "" when none */
    char *what, *old, *new;
} Event;

void ticket_free(Ticket *ticket);
void participation_free(Participation *part);
void event_free(Event *event);
/* What one holds the other holds then. */
void ticket_swap(Ticket *one, Ticket *other);
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
    bool deleted;       /* those in the trash, else those that are not */
    gint64 limit;       /* 0: all */
} TicketFilter;
/* Calls `each` per ticket, latest update first, without holding them all or a snapshot. */
typedef bool (*TicketEach)(const Ticket *ticket, void *user, GError **error);
bool tickets_each(Store *store, const TicketFilter *filter, TicketEach each, void *user,
                  GError **error);

/* Tickets (gint64) that waited until `now` or earlier, at most `max`. */
bool tickets_waited(Store *store, gint64 now, gint64 max, GArray **ret, GError **error);

typedef enum {
    LISTED_OPEN,    /* all that are open */
    LISTED_MINE,    /* of them, those assigned to `person` */
    LISTED_NEW,     /* those nobody has taken yet */
    LISTED_LATE,    /* those that should be done by now */
    LISTED_DELETED, /* the trash, latest first */
} Listed;
typedef struct {
    Listed what;
    gint64 person; /* only of queues they serve, if they serve any; 0: of all */
    gint64 queue;  /* 0: any */
    gint64 now;
    gint64 limit;
} ListedFilter;
/* Ids (gint64), the most pressing first; *ret_all: how many there are in all. */
bool tickets_listed(Store *store, const ListedFilter *filter, GArray **ret, gint64 *ret_all,
                    GError **error);

/* An update that is also the creation: `updated` becomes `created`. Uses queue, number, token,
 * title, status, type, language, priority, requester, created. */
bool tickets_add(Store *store, const Ticket *ticket, gint64 *ret_id, GError **error);
/* Writes status, priority, title, type, served, due, until, deleted, merged, rating, requester,
 * updated. */
bool tickets_update(Store *store, const Ticket *ticket, GError **error);
/* Both ways round; again is harmless, as with assigning. */
bool tickets_link(Store *store, gint64 ticket, gint64 other, GError **error);
/* The same, saying what `other` is to the ticket and the ticket to it: "depends" (waits for it)
 * and "needed", "duplicate" and "original". */
bool tickets_relate(Store *store, gint64 ticket, gint64 other, const char *kind,
                    const char *back, GError **error);
/* Ids of linked tickets: gint64. */
bool tickets_linked(Store *store, gint64 ticket, GArray **ret, GError **error);

/* Tags in order; again is harmless, as is taking off what is not on. */
bool tickets_tags(Store *store, gint64 ticket, GPtrArray **ret, GError **error);
bool tickets_tag(Store *store, gint64 ticket, const char *tag, GError **error);
bool tickets_untag(Store *store, gint64 ticket, const char *tag, GError **error);

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
bool participations_mute(Store *store, gint64 id, bool muted, GError **error);
bool participations_set_root(Store *store, gint64 id, const char *root, GError **error);

bool events_add(Store *store, const Event *event, gint64 *ret_id, GError **error);
bool events_by_id(Store *store, gint64 id, Event **ret, GError **error);
/* Event *, oldest first. */
bool events_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error);
