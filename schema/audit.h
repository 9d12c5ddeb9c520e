/* Looking for what must not be in the store. Reads only; each question is a snapshot of its
 * own, so that deliveries that commit meanwhile are seen whole or not at all. */
#pragma once

#include "schema/raw.h"
#include "schema/store.h"

/* `kind` and `id` name the thing ("raw mail", 17; id 0: the database as a whole), `what` says
 * what is wrong with it. All borrowed. */
typedef void (*AuditFinding)(const char *kind, gint64 id, const char *what, void *user);

/* SQLite's own account of the file: pages, indexes, references. Reads all of it. */
bool audit_file(Store *store, AuditFinding finding, void *user, GError **error);
/* How rows belong together: ledger, messages, raw mails, attachments, outbox, ticket numbers.
 */
bool audit_rows(Store *store, AuditFinding finding, void *user, GError **error);

/* The first raw mail behind `after`; *ret_id 0 if there is none. */
bool audit_next_raw(Store *store, gint64 after, gint64 *ret_id, guint64 *ret_size,
                    guint8 ret_hash[32], GError **error);
/* How many there are. */
bool audit_count_raws(Store *store, gint64 *ret, GError **error);
