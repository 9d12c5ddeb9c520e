/* The little header that Outlook and its kin put above the mail they answer or pass on:
 * "From: … / Sent: … / To: … / Subject: …", in many languages. */
#pragma once

#include "core/mail/header_labels.h"
#include "core/mail/quote_lines.h"

/* The field that a line like "*De :* Ann" gives, or 0; its value in *ret_value, without
 * decoration, until the end of the line. */
int header_field(const char *line, gsize length, const char **ret_value);
/* The next field within a line, as programs that lose line ends run them together: "Ann
 * <a@b>To: Paul"; `at` is inside the value before it. *ret_start: where its label begins. */
int header_field_within(const char *at, const char *end, const char **ret_start,
                        const char **ret_value);
/* Does a block begin in line `i`? It says who, and two more; or two things that only mails
 * have, such as an address and a time. *ret_end: the line below its last field. */
bool header_block_at(const GArray *lines, guint i, guint *ret_end);
