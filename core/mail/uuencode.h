/* Files that stand uuencoded in the middle of a text (POSIX uuencode): "begin 644 name", lines
 * of data, "end". */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    gsize offset, length; /* of its lines, "begin" to "end", in the bytes fed */
    char *name;           /* as it stands there, any charset; never NULL */
    guint64 size;         /* of the file, and its SHA-256 in hex */
    char *sha256;
} UuFile;

void uu_file_free(UuFile *file);

typedef struct UuSplitter UuSplitter;

/* Collects at most `text_max` bytes of what is no file; beyond `files_max` files all is text.
 */
UuSplitter *uu_splitter_new(gsize text_max, guint files_max);
void uu_splitter_free(UuSplitter *splitter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(UuSplitter, uu_splitter_free)
void uu_splitter_feed(UuSplitter *splitter, const guint8 *bytes, gsize length);
/* At the end. *ret_files: UuFile *, in order; *ret_cut: there was more text. The text is the
 * result. */
GByteArray *uu_splitter_finish(UuSplitter *splitter, GPtrArray **ret_files, bool *ret_cut);

/* Could a file begin here? Asked of every text. */
bool uu_may_begin(const guint8 *bytes, gsize length);
