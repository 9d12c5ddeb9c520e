/* Looking for what must not be in the store. Reads only.
 *
 * Rows are asked for some thousand at a time and a raw mail's pieces one at a time; what is
 * found is told when the query has ended. So neither a large table nor a slow reader of the
 * findings keeps a snapshot, which would hold the log back. audit_file is the exception:
 * SQLite's own check is one long read, and wants a store that is closed afterwards.
 *
 * Rows behind the bounds that audit_rows takes at its start are not looked at. A delivery
 * commits whole and nothing of it is ever taken away, so one that commits meanwhile is no
 * finding.
 *
 * What is damaged is a finding and not an error; errors are those of store.h without it. */
#pragma once

#include "schema/store.h"

typedef struct {
    const char *kind; /* "raw mail": with `id` it names the thing */
    gint64 id;        /* 0: a whole table, or the database */
    const char *what; /* is wrong with it */
    const char *cure; /* NULL: none is known */
} AuditFinding;

/* In the order in which they are looked at. */
typedef enum {
    AUDIT_LEDGER,
    AUDIT_MESSAGES,
    AUDIT_TICKETS,
    AUDIT_OUTBOX,
    AUDIT_PIECES, /* their raw mails' ids */
    AUDIT_RAWS,
    AUDIT_TABLES,
} AuditTable;

typedef struct {
    Store *store; /* borrowed; may be read-only */
    /* Both borrow what they are given. `part`: what is looked at, as far as id `at` of `last`;
     * 0 and 0 where that is not known. */
    void (*found)(const AuditFinding *finding, void *user);
    void (*progress)(const char *part, gint64 at, gint64 last, void *user);
    void *user;

    gint64 last[AUDIT_TABLES];      /* ids; audit_rows sets them */
    gint64 looked_at[AUDIT_TABLES]; /* rows so far */
} Audit;

/* "ledger rows" */
const char *audit_table_name(AuditTable table);

/* SQLite's own account of the file: pages, indexes, references. Reads all of it. */
bool audit_file(Audit *audit, GError **error);
/* How rows belong together, and every byte of every raw mail against its SHA-256. */
bool audit_rows(Audit *audit, GError **error);
