/* Attachments by link: their addresses, their names, and how a browser is told to treat them.
 *
 * An address is /ticket/HASH/file/M.N/NAME: message M, its attachment N. NAME is for people and
 * for the browser's "save as"; it decides nothing. */
#pragma once

#include "core/desk/view.h"

/* One of the few types that browsers draw without running anything, and not too large to be
 * drawn in a page. */
bool file_is_picture(const Attachment *file);

/* The name without anything that means something to a file system, at most 150 bytes with its
 * ending kept; "" when it has none. */
char *file_display_name(const Attachment *file);

/* `prefix`: path of base_url. The result needs no more than html_attr. */
void file_append_path(GString *out, const char *prefix, const char *hash, gint64 message,
                      const Attachment *file);

/* "attachment; filename=…; filename*=…" (RFC 6266), "inline" for pictures. */
char *file_disposition(const Attachment *file);
/* The type to serve it as: its own for pictures, else application/octet-stream. */
const char *file_served_type(const Attachment *file);

/* The attachment that "M.N" names in what a reader may see; false if there is none. */
bool file_find(const TicketView *view, const char *number, const Message **ret_message,
               const Attachment **ret_file);
