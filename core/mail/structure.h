/* The skeleton of a mail, line by line: header fields, MIME parts, and the caps on them.
 *
 * Bytes in, no library, no recursion, constant time per byte (times the depth, for lines that
 * begin with "--"). Memory: one field value capped at STRUCTURE_VALUE_MAX and one boundary per
 * open level.
 *
 * What is counted: a part per delimiter line of a boundary that is open at that place, and per
 * embedded message; a level of depth per multipart and per embedded message. Lines that merely
 * begin with "--" are text. Where a parser would read a broken mail otherwise (a boundary split
 * in ways RFC 2231 forbids, an embedded message in base64, a header that goes on after a line
 * that is no field), the count can differ from it: the caps keep ordinary bombs from the
 * parser, the sandbox survives the others. */
#pragma once

#include "core/mail/scan.h"

#include <glib.h>
#include <stdbool.h>

#define STRUCTURE_VALUE_MAX (16 * 1024)
#define STRUCTURE_COLONS_MAX 50 /* of one address field: some parsers recurse on them */
#define STRUCTURE_DEPTH_MAX 1024
#define STRUCTURE_FIELDS_FACTOR 100 /* so many times header_fields in all headers of a mail */
/* Of the header of a mail that is over a cap, for routing; what comes after counts as body. */
#define STRUCTURE_ROUTING_MAX (2 * 1024 * 1024)

typedef enum {
    LINE_FIELD,   /* in the mail's own header: begins a field */
    LINE_FOLDED,  /* in the mail's own header: continues it */
    LINE_SKIPPED, /* before the header: an mbox "From " line */
    LINE_BLANK,   /* ends the mail's own header, belongs to nothing */
    LINE_BODY,    /* everything else, headers of parts included */
} LineRole;

/* Called as each field of the mail's own header ends. `name` is lower case; `value` is raw
 * (folded, without NUL), capped, and only lent. */
typedef void (*StructureField)(const char *name, const char *value, void *user);

typedef struct Structure Structure;

Structure *structure_new(const ScanCaps *caps, StructureField field, void *user);
void structure_free(Structure *structure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Structure, structure_free)

/* A piece of a line, without its LF; `first` and `last` say whether it begins and ends the
 * line. Lines come in one piece unless they are very long. */
LineRole structure_line(Structure *structure, const char *piece, gsize length, bool first,
                        bool last);
/* The name, lower case, of the field that the last LINE_FIELD or LINE_FOLDED belongs to, and
 * how many bytes at the start of that piece are the name and its colon. */
const char *structure_field_name(const Structure *structure, gsize *ret_skip);
/* After the last line. *ret_over: NULL, or which cap is exceeded, in words (borrowed). */
void structure_finish(Structure *structure, const char **ret_over);

/* The value of one parameter of a Content-Type, unquoted; NULL if there is none. The pieces of
 * RFC 2231 (name*0=, name*1=) are joined in order of appearance, percents left alone. */
char *structure_parameter(const char *content_type, const char *name);
