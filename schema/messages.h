/* Messages: who wrote what into which ticket, and who may see it. */
#pragma once

#include "schema/attachments.h"
#include "schema/raw.h"
#include "schema/store.h"
#include "schema/tickets.h"

typedef struct {
    gint64 id, ticket, queue, raw, author; /* ticket 0: held outside any; author 0: stranger */
    char *author_name, *author_address;
    Visibility visibility, intent;
    char *kind; /* as mail_kind_name says it */
    char *subject, *message_id;
    guint8 content_hash[32];
    gint64 created;
    char *reply, *signature, *quoted;
    bool quotes_us;
    char *held_reason, *unparsed; /* "" when not */
    GPtrArray *attachments;       /* Attachment *, by n */
} Message;

void message_free(Message *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)

/* Finders set *ret to NULL when there is none; messages come with their attachments. */
bool messages_by_id(Store *store, gint64 id, Message **ret, GError **error);
/* Oldest first. */
bool messages_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error);
bool messages_held(Store *store, GPtrArray **ret, GError **error);
/* The earliest message made from the same mail in that ticket (0: held outside any ticket of
 * `queue`), or anywhere in `queue` when ticket is -1. */
bool messages_by_content(Store *store, const guint8 *content_hash, gint64 queue, gint64 ticket,
                         Message **ret, GError **error);
/* Tickets (gint64) of other queues that the same mail entered. */
bool messages_tickets_elsewhere(Store *store, const guint8 *content_hash, gint64 queue,
                                GArray **ret, GError **error);
/* The latest message in a ticket of `queue` whose Message-ID is one of `ids` (char *). */
bool messages_by_message_ids(Store *store, gint64 queue, const GPtrArray *ids, Message **ret,
                             GError **error);
/* The earliest message in a ticket of `queue` that answers `message_id`. */
bool messages_answering(Store *store, gint64 queue, const char *message_id, Message **ret,
                        GError **error);
bool messages_is_addressee(Store *store, gint64 message, const char *key, bool *ret,
                           GError **error);
/* Was the ticket opened by a machine's mail, and has this person not written into it since? */
bool messages_of_machine_alone(Store *store, gint64 ticket, gint64 person, bool *ret,
                               GError **error);
/* How many messages of this author came into the ticket since `since`. */
bool messages_count_by(Store *store, gint64 ticket, gint64 author, gint64 since, gint64 *ret,
                       GError **error);
/* Has anybody but `person` written into the ticket since: after message `after`, or, when that
 * is 0, after `since`? Held and dropped messages do not count. */
bool messages_newer(Store *store, gint64 ticket, gint64 after, gint64 since, gint64 person,
                    bool *ret, GError **error);
/* The last message in the ticket of `message` that came before it and is not of its author. */
bool messages_before(Store *store, const Message *message, Message **ret, GError **error);
/* How many tickets this person has opened by writing since `since`. */
bool messages_opened_since(Store *store, gint64 person, gint64 since, gint64 *ret,
                           GError **error);

/* `references`: char * ids it answers; `addressees`: char * keys; either may be NULL, and what
 * is in them twice counts once. Adds the attachments too. */
bool messages_add(Store *store, const Message *message, const GPtrArray *references,
                  const GPtrArray *addressees, gint64 *ret_id, GError **error);
/* All messages of ticket `from` (0: only message `message`) stand in ticket `to` from now on.
 */
bool messages_move(Store *store, gint64 from, gint64 message, gint64 to, GError **error);
/* The last message of `author` in the ticket that is public or a note; *ret NULL: none. */
bool messages_last_by(Store *store, gint64 ticket, gint64 author, Message **ret,
                      GError **error);
/* The id that the next message added will have. */
bool messages_next_id(Store *store, gint64 *ret, GError **error);
/* Writes ticket, visibility, author, held_reason, reply. */
bool messages_update(Store *store, const Message *message, GError **error);
