/* Messages, their attachments, and the raw mails they were read from. */
#pragma once

#include "core/base/transfer.h"
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

typedef struct {
    int n;                                  /* 1, 2, … within the message */
    char *name, *type, *charset, *content_id; /* "" when none */
    bool is_inline;
    guint64 size; /* decoded bytes */
    char *sha256; /* hex, of the decoded bytes */
    guint64 offset, length; /* of the encoded bytes in the raw mail */
    TransferEncoding encoding;
    bool staff_only; /* holds a secret of ours */
} Attachment;

void message_free(Message *message);
void attachment_free(Attachment *attachment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Message, message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attachment, attachment_free)

/* Finders set *ret to NULL when there is none; messages come with their attachments. */
bool messages_by_id(Store *store, gint64 id, Message **ret, GError **error);
bool messages_of(Store *store, gint64 ticket, GPtrArray **ret, GError **error); /* oldest first */
bool messages_held(Store *store, GPtrArray **ret, GError **error);
/* The same mail in that ticket (0: held outside any ticket of `queue`), or anywhere in `queue`
 * when ticket is -1. */
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
/* How many messages this author address brought into tickets of its own since `since`. */
bool messages_opened_since(Store *store, gint64 person, gint64 since, gint64 *ret, GError **error);

/* `references`: char * ids it answers; `addressees`: char * keys. Adds the attachments too. */
bool messages_add(Store *store, const Message *message, const GPtrArray *references,
                  const GPtrArray *addressees, gint64 *ret_id, GError **error);
/* Writes ticket, visibility, author, held_reason. */
bool messages_update(Store *store, const Message *message, GError **error);

/* Stores `size` bytes of `fd` in pieces, or finds the same bytes stored before. */
bool raw_add(Store *store, int fd, guint64 size, const guint8 *hash, gint64 *ret_id,
             GError **error);
/* Reads up to `length` bytes at `offset`; *ret_length 0 at the end. Touches one piece at a
 * time, so that no reader holds back a checkpoint for long. */
bool raw_read(Store *store, gint64 raw, guint64 offset, guint8 *out, gsize length,
              gsize *ret_length, GError **error);
bool raw_size(Store *store, gint64 raw, guint64 *ret, GError **error);

/* Streams the decoded bytes of one attachment. */
typedef struct AttachmentReader AttachmentReader;
AttachmentReader *attachment_reader_new(Store *store, gint64 raw, const Attachment *attachment);
/* Appends the next piece to `out`; nothing appended means the end. */
bool attachment_reader_next(AttachmentReader *reader, GByteArray *out, GError **error);
void attachment_reader_free(AttachmentReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AttachmentReader, attachment_reader_free)
