/* Which charsets a raw mail names, before anything of it is understood.
 *
 * Converters are files of libc, to be opened before the parser is locked in. So its bytes are
 * searched for what looks like a charset's name: charset=NAME in headers and in HTML, quoted-
 * printable or not, =?NAME? of encoded words, and *=NAME'LANGUAGE'TEXT of parameters. Finding
 * too much costs a little time. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define LABELS_MAX 16 /* of one mail; those after it count as unknown */

typedef struct {
    GPtrArray *names; /* char *, lower case, each once, in order of appearance */
    bool foreign;     /* there are bytes beyond ASCII, as they are or in quoted-printable, or
                         escape sequences: a text without a name may have to be guessed at */
    bool sealed;      /* it holds a file that may hold text (TNEF, S/MIME): which charsets that
                         has shows only when it is opened */
} Labels;

void labels_clear(Labels *labels);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Labels, labels_clear)

/* One linear pass. */
void labels_find(int fd, guint64 size, Labels *ret);
