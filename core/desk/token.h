/* Everything made with the site's secret that leaves the house, and its verification.
 *
 *   subject     [SUP-42-7kq2m9xw]                      40 bits, says which ticket, never who
 *   reply       support+r<participation>.<mac>@…        80 bits, one person in one ticket
 *   bounce      support+v<outbox>.<mac>@…               80 bits, envelope sender
 *   confirm     support+c<confirmation>.<mac>@…         80 bits, one question to one person
 *   desk        support+d<person>.<mac>@…               80 bits, one person of the desk
 *   Message-ID  <RANDOM.MAC@domain>                     80 + 80 bits, recognisable as ours
 *   page        /ticket/HASH                            128 bits, one person in one ticket
 *
 * Each has its own HMAC purpose. A person's epoch is in reply, confirm, desk and page, so that
 * raising it kills them all. */
#pragma once

#include "core/base/secret.h"
#include "schema/people.h"
#include "schema/queues.h"
#include "schema/tickets.h"

#define TOKEN_PAGE_BYTES 16

char *token_subject_code(const Keyring *ring, const char *prefix,
                         gint64 number); /* "7kq2m9xw" */
/* "[SUP-42-7kq2m9xw]" */
char *token_subject(const Ticket *ticket);
/* The first token of ours in a subject that verifies; false if there is none. */
bool token_find_in_subject(const Keyring *ring, const char *subject, char **ret_prefix,
                           gint64 *ret_number);
/* The subject without any token of that shape and without Re:, Fwd:, RE :, Tr: … */
char *token_strip_subject(const char *subject);

char *token_reply_address(const Keyring *ring, const char *queue_address, gint64 participation,
                          gint64 epoch);
char *token_bounce_address(const Keyring *ring, const char *queue_address, gint64 outbox);
char *token_confirm_address(const Keyring *ring, const char *queue_address, gint64 confirmation,
                            gint64 epoch);

/* Where one person of the desk asks and commands without a ticket. */
char *token_desk_address(const Keyring *ring, const char *queue_address, gint64 person,
                         gint64 epoch);

typedef enum {
    EXTENSION_NONE, /* no extension, or one that is not of ours: "bug" */
    EXTENSION_REPLY,
    EXTENSION_BOUNCE,
    EXTENSION_CONFIRM,
    EXTENSION_DESK,
} ExtensionKind;
/* The shape of what stands after the +: kind and id, not yet verified. */
ExtensionKind token_read_extension(const char *extension, gint64 *ret_id);
/* Verify the MAC of an extension of that shape. `epoch` is the person's (0 for bounce). */
bool token_verify_extension(const Keyring *ring, const char *extension, gint64 epoch);

char *token_message_id(const Keyring *ring, const char *domain); /* without <> */
bool token_message_id_is_ours(const Keyring *ring, const char *message_id);

/* HASH as it stands in the address bar, and the SHA-256 the table keeps of it. */
char *token_page(const Keyring *ring, gint64 ticket, gint64 person, gint64 epoch);
bool token_page_hash(const char *page, guint8 out[32]);
