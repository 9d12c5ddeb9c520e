/* What one reader may see of a ticket: the page, its JSON and `ticket show` all read this.
 *
 * Needs no key and writes nothing. Customers see public messages from the one that let them in,
 * without what technicians quoted and without staff-only attachments; staff see notes and held
 * messages too. Dropped messages are shown to nobody. */
#pragma once

#include "core/base/json.h"
#include "schema/messages.h"
#include "schema/people.h"
#include "schema/store.h"
#include "schema/tickets.h"

typedef struct {
    Message *message; /* fields a reader may not see are emptied */
    bool from_desk;   /* its author is a technician or admin */
    bool from_reader;
    char *author; /* name to show: recorded name, else From name, else address */
} MessageView;

typedef struct {
    Ticket *ticket;
    Person *reader; /* NULL: the admin's command line, who sees all */
    bool staff;     /* the reader is on the desk */
    bool whole;     /* they see the public thread from its beginning */
    Person *requester;
    GPtrArray *assignees; /* Person * */
    GPtrArray *watchers;  /* Person * */
    GPtrArray *messages;  /* MessageView *, oldest first */
    GPtrArray *events; /* Event *, oldest first; customers: status, priority, assignment only */
    GArray *linked;    /* gint64 ticket ids; staff only */
} TicketView;

/* `person` 0: the admin. Unknown ticket or person is ERROR_REJECTED. */
bool view_load(Store *store, gint64 ticket, gint64 person, TicketView **ret, GError **error);
/* The view behind a page link; *ret NULL when it opens nothing. */
bool view_open_page(Store *store, const char *page, TicketView **ret, GError **error);
void view_free(TicketView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TicketView, view_free)

/* The object that `ticket show --json` and /ticket/HASH.json print. */
void view_json(const TicketView *view, JsonWriter *json);
