/* People or machines, told by headers: RFC 3834, RFC 2369, RFC 2919, Precedence,
 * X-Auto-Response-Suppress, mailer-daemons, multipart/report. */
#pragma once

#include "core/mail/mail.h"

#include <glib.h>
#include <stdbool.h>

/* Looks up one raw header value by name (any case); NULL when absent. */
typedef const char *(*KindLookup)(const char *name, void *user);

/* `report_type`: the report-type parameter of a multipart/report, or "". Sets mail->kind and
 * mail->machine; mail->from and subject must be filled. mail->machine is one of a fixed set of
 * phrases: nothing the sender wrote is copied into it. */
void kind_judge(KindLookup lookup, void *user, const char *report_type, Mail *mail);

/* Is this header (any case) one that kind_judge may look up? */
bool kind_reads(const char *name);
