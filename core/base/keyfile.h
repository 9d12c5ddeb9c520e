/* Lines of a key file: [group], key = value, # comments. The syntax of GKeyFile without its
 * surprises: a key given twice is an error, values are taken as they stand (no escapes, blanks
 * around them trimmed), and every entry knows its line. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *group;
    char *key, *value; /* both "" for the line [group] itself */
    int line;          /* from 1 */
} KeyfileEntry;

/* GPtrArray of KeyfileEntry *, in order, each (group, key) once. `path` is only named in
 * errors, which are ERROR_CONFIG. `text` must be UTF-8 without NUL; it is checked. */
bool keyfile_parse(const char *path, const char *text, gsize length, GPtrArray **ret,
                   GError **error);
/* One-line quotation of what the file says, for messages. */
char *keyfile_quote(const char *value);
