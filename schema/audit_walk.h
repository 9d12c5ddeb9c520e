/* What the parts of an audit share. Nothing outside schema/ includes it. */
#pragma once

#include "schema/audit.h"

#define AUDIT_RESTORE "restore the database from a backup made before"

void audit_tell(Audit *audit, const char *kind, gint64 id, const char *what, const char *cure);
/* What is damaged is told as a finding, and is no reason not to look at the rest: returns true.
 * Any other failure is passed on. Takes `why`. */
bool audit_bear(Audit *audit, const char *kind, gint64 id, GError *why, GError **error);

/* Takes the bounds, all in one snapshot, so that no delivery is half within them. */
bool audit_bounds(Audit *audit, GError **error);

/* Looks at the rows with `after` < id <= `last`. */
typedef bool (*AuditStep)(Audit *audit, gint64 after, gint64 last, void *user, GError **error);
/* Takes the rows of a table in steps, up to its bound. */
bool audit_walk(Audit *audit, AuditTable table, AuditStep step, void *user, GError **error);
/* Progress within a step. */
void audit_show(const Audit *audit, AuditTable table, gint64 id);

/* --- who uses what ----------------------------------------------------------------------- */

typedef struct AuditUses AuditUses;

AuditUses *audit_uses_new(void);
void audit_uses_free(AuditUses *uses);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditUses, audit_uses_free)

/* Of the rows of a range: notes what ledger rows and messages use; finds the messages and the
 * raw mails that nothing uses. In the order of AuditTable. */
bool audit_uses_ledger(Audit *audit, AuditUses *uses, gint64 after, gint64 last,
                       GError **error);
bool audit_uses_messages(Audit *audit, AuditUses *uses, gint64 after, gint64 last,
                         GError **error);
bool audit_uses_raws(Audit *audit, const AuditUses *uses, gint64 after, gint64 last,
                     GError **error);
/* Part of what uses could not be read: nothing is known to be unused any more. */
void audit_uses_forget(AuditUses *uses);

/* --- the search index -------------------------------------------------------------------- */

/* Looks up the messages of a range. */
bool audit_search(Audit *audit, gint64 after, gint64 last, GError **error);

/* --- raw mails --------------------------------------------------------------------------- */

/* Reads those of a range. */
bool audit_bytes(Audit *audit, gint64 after, gint64 last, GError **error);
