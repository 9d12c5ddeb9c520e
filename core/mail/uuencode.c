/* Telling uuencoded files from the text around them, a line at a time.
 *
 * A file begins with its "begin" line only if a line of data follows: no text has one by
 * chance, since data holds no lower case and its length is told by its first character. It ends
 * with "end", or in front of the first line that is no data, for files get cut on their way.
 * Nothing fails. */
#include "core/mail/uuencode.h"

#include "core/base/transfer.h"
#include "core/mail/digest.h"

#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

typedef enum { OUTSIDE, AFTER_BEGIN, INSIDE } UuState;

struct UuSplitter {
    UuState state;
    GByteArray *text;
    gsize text_max;
    bool cut;
    GPtrArray *files; /* the last is not yet complete unless OUTSIDE */
    guint files_max;
    GByteArray *line;  /* in progress, at most LINE_MAX_BYTES */
    gsize line_at, at; /* where it began, and where the next byte is */
    GByteArray *begin; /* the "begin" line, while it may be text */
    gsize begin_at;

    /* The file in progress, decoded on the way: its data may be in the middle of a large part.
     */
    TransferDecoder decoder;
    Digest digest;
    GByteArray *data;
};

void uu_file_free(UuFile *file)
{
    if (!file)
        return;
    g_free(file->name);
    g_free(file->sha256);
    g_free(file);
}

UuSplitter *uu_splitter_new(gsize text_max, guint files_max)
{
    UuSplitter *splitter = g_new0(UuSplitter, 1);
    splitter->text = g_byte_array_new();
    splitter->text_max = text_max;
    splitter->files = g_ptr_array_new_with_free_func((GDestroyNotify)uu_file_free);
    splitter->files_max = files_max;
    splitter->line = g_byte_array_new();
    splitter->begin = g_byte_array_new();
    splitter->data = g_byte_array_new();
    return splitter;
}

void uu_splitter_free(UuSplitter *splitter)
{
    if (!splitter)
        return;
    g_clear_pointer(&splitter->text, g_byte_array_unref);
    g_clear_pointer(&splitter->files, g_ptr_array_unref);
    g_byte_array_unref(splitter->line);
    g_byte_array_unref(splitter->begin);
    g_byte_array_unref(splitter->data);
    g_free(splitter);
}

/* --- lines ------------------------------------------------------------------------------- */

/* Where the name begins in "begin MODE NAME", MODE three or four octal digits; 0: another line.
 */
static gsize begin_name(const char *line, gsize length)
{
    gsize mode = strlen("begin "), at = mode;
    if (length < mode || memcmp(line, "begin ", mode) != 0)
        return 0;
    while (at < length && line[at] >= '0' && line[at] <= '7')
        at++;
    bool is_mode = at - mode == 3 || at - mode == 4;
    return is_mode && at + 1 < length && line[at] == ' ' ? at + 1 : 0;
}

static bool is_end(const char *line, gsize length)
{
    return length >= 3 && memcmp(line, "end", 3) == 0 &&
           strspn(line + 3, " \t") >= length - 3; /* the line is followed by a NUL */
}

/* The first character says how many bytes there are; four characters hold three, and some
 * programs add one that sums them up. `whole`: none of them is missing, as blanks at the end of
 * a line may be: of a full line (M) all, of a last one not many. */
static bool is_data(const char *line, gsize length, bool whole)
{
    if (length == 0)
        return !whole;
    for (gsize i = 0; i < length; i++)
        if (line[i] < ' ' || line[i] > '`')
            return false;
    gsize n_bytes = (gsize)(line[0] - ' ') & 63, needed = (n_bytes + 2) / 3 * 4;
    gsize found = length - 1;
    if (found > needed + 1)
        return false;
    return found >= needed || (!whole && (line[0] == 'M' || found * 2 >= needed));
}

static void append_text(UuSplitter *splitter, const GByteArray *bytes)
{
    gsize room = splitter->text_max - splitter->text->len;
    splitter->cut |= bytes->len > room;
    g_byte_array_append(splitter->text, bytes->data, (guint)MIN(bytes->len, room));
}

static void take_data(UuSplitter *splitter, const GByteArray *line)
{
    transfer_decode(&splitter->decoder, line->data, line->len, splitter->data);
    digest_add(&splitter->digest, splitter->data->data, splitter->data->len);
    g_byte_array_set_size(splitter->data, 0);
}

static void begin_file(UuSplitter *splitter)
{
    const char *line = (const char *)splitter->begin->data;
    gsize length = splitter->begin->len;
    while (length > 0 && strchr("\r\n", line[length - 1]))
        length--;
    gsize name = begin_name(line, length);
    UuFile *file = g_new0(UuFile, 1);
    file->offset = splitter->begin_at;
    file->name = g_strndup(line + name, length - name);
    g_ptr_array_add(splitter->files, file);
    splitter->state = INSIDE;
    transfer_init(&splitter->decoder, TRANSFER_UUENCODE);
    digest_init(&splitter->digest);
    take_data(splitter, splitter->begin);
    take_data(splitter, splitter->line);
}

static void end_file(UuSplitter *splitter, gsize end)
{
    UuFile *file = splitter->files->pdata[splitter->files->len - 1];
    file->length = end - file->offset;
    transfer_finish(&splitter->decoder, splitter->data);
    digest_add(&splitter->digest, splitter->data->data, splitter->data->len);
    g_byte_array_set_size(splitter->data, 0);
    file->size = splitter->digest.size;
    file->sha256 = digest_hex(&splitter->digest);
    splitter->state = OUTSIDE;
}

static void take_outside(UuSplitter *splitter, gsize length)
{
    const char *line = (const char *)splitter->line->data;
    if (begin_name(line, length) == 0 || splitter->files->len >= splitter->files_max) {
        append_text(splitter, splitter->line);
        return;
    }
    splitter->begin_at = splitter->line_at;
    g_byte_array_set_size(splitter->begin, 0);
    g_byte_array_append(splitter->begin, splitter->line->data, splitter->line->len);
    splitter->state = AFTER_BEGIN;
}

static void take_line(UuSplitter *splitter)
{
    gsize length = splitter->line->len;
    g_byte_array_append(splitter->line, (const guint8 *)"", 1);
    g_byte_array_set_size(splitter->line, (guint)length);
    const char *line = (const char *)splitter->line->data;
    while (length > 0 && strchr("\r\n", line[length - 1]))
        length--;

    if (splitter->state == INSIDE && is_end(line, length)) {
        take_data(splitter, splitter->line);
        end_file(splitter, splitter->at);
    } else if (splitter->state == INSIDE && !is_data(line, length, false)) {
        end_file(splitter, splitter->line_at);
        take_outside(splitter, length);
    } else if (splitter->state == AFTER_BEGIN && is_data(line, length, true)) {
        begin_file(splitter);
    } else if (splitter->state == INSIDE) {
        take_data(splitter, splitter->line);
    } else {
        if (splitter->state == AFTER_BEGIN)
            append_text(splitter, splitter->begin);
        splitter->state = OUTSIDE;
        take_outside(splitter, length);
    }
    g_byte_array_set_size(splitter->line, 0);
    splitter->line_at = splitter->at;
}

void uu_splitter_feed(UuSplitter *splitter, const guint8 *bytes, gsize length)
{
    for (const guint8 *end = bytes + length; bytes < end;) {
        const guint8 *stop = memchr(bytes, '\n', (gsize)(end - bytes));
        gsize n = stop ? (gsize)(stop + 1 - bytes) : (gsize)(end - bytes);
        n = MIN(n, LINE_MAX_BYTES - splitter->line->len);
        g_byte_array_append(splitter->line, bytes, (guint)n);
        splitter->at += n;
        bytes += n;
        if (bytes[-1] == '\n' || splitter->line->len == LINE_MAX_BYTES)
            take_line(splitter);
    }
}

GByteArray *uu_splitter_finish(UuSplitter *splitter, GPtrArray **ret_files, bool *ret_cut)
{
    if (splitter->line->len > 0)
        take_line(splitter);
    if (splitter->state == AFTER_BEGIN)
        append_text(splitter, splitter->begin);
    else if (splitter->state == INSIDE)
        end_file(splitter, splitter->at);
    *ret_files = g_steal_pointer(&splitter->files);
    *ret_cut = splitter->cut;
    return g_steal_pointer(&splitter->text);
}

bool uu_may_begin(const guint8 *bytes, gsize length)
{
    if (length == 0) /* `bytes` may be NULL */
        return false;
    const char *end = (const char *)bytes + length;
    for (const char *p = (const char *)bytes; p < end;) {
        if (begin_name(p, MIN((gsize)(end - p), (gsize)LINE_MAX_BYTES)) > 0)
            return true;
        p = memchr(p, '\n', (gsize)(end - p));
        if (!p)
            return false;
        p++;
    }
    return false;
}
