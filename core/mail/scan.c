/* The pass over a raw mail before parsing: reads it once, in blocks of 64 KB, cut into lines.
 *
 * Every line goes to the structure (structure.c: caps and header fields, which go on to the
 * outline, outline.c) and, by the role it has there, to the content hash and the size. A line
 * longer than a block comes in pieces. Time is linear in the mail, memory constant.
 *
 * Nothing here can make a mail fail but a read error: broken mails have hashes too. */
#include "core/mail/scan.h"

#include "core/base/error.h"
#include "core/mail/outline.h"
#include "core/mail/structure.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024, STAGE = 4 * 1024 };

/* --- the content hash -------------------------------------------------------------------- */

/* Canonical form: each listed field as "name:value\n", white space within the value one space;
 * a line feed; the body with CR removed before LF and without blank lines at its end. */
typedef struct {
    struct sha256_ctx sum;
    char stage[STAGE];
    gsize staged;
    bool in_field; /* a listed field awaits its end */
    bool in_value; /* something of its value is out */
    bool gap;      /* white space is due before more of it */
    bool in_body;
    guint64 crs, lfs; /* of the body, held back until something follows */
} Content;

static void content_flush(Content *content)
{
    sha256_update(&content->sum, content->staged, (const guint8 *)content->stage);
    content->staged = 0;
}

static void content_add(Content *content, const char *bytes, gsize length)
{
    if (length > STAGE - content->staged)
        content_flush(content);
    if (length > STAGE) {
        sha256_update(&content->sum, length, (const guint8 *)bytes);
        return;
    }
    memcpy(content->stage + content->staged, bytes, length);
    content->staged += length;
}

static bool is_listed(const char *name)
{
    static const char *const names[] = {"from",        "to",         "cc",
                                        "date",        "message-id", "subject",
                                        "in-reply-to", "references", "mime-version"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (*name == *names[i] && strcmp(name, names[i]) == 0)
            return true;
    return g_str_has_prefix(name, "content-") && strcmp(name, "content-length") != 0;
}

static void content_end_field(Content *content)
{
    if (content->in_field)
        content_add(content, "\n", 1);
    content->in_field = content->in_value = content->gap = false;
}

static void content_begin_field(Content *content, const char *name)
{
    content_end_field(content);
    content->in_field = is_listed(name);
    if (!content->in_field)
        return;
    content_add(content, name, strlen(name));
    content_add(content, ":", 1);
}

static void content_add_value(Content *content, const char *piece, gsize length)
{
    if (!content->in_field)
        return;
    for (gsize i = 0; i < length; i++) {
        char c = piece[i];
        if (c == ' ' || c == '\t' || c == '\r') {
            content->gap = true;
            continue;
        }
        if (content->gap && content->in_value)
            content_add(content, " ", 1);
        content->gap = false;
        content->in_value = true;
        content_add(content, &c, 1);
    }
}

static void content_end_header(Content *content)
{
    if (content->in_body)
        return;
    content_end_field(content);
    content_add(content, "\n", 1);
    content->in_body = true;
}

static void content_add_body(Content *content, const char *piece, gsize length, bool last)
{
    gsize text = length;
    while (text > 0 && piece[text - 1] == '\r')
        text--;
    if (text > 0) {
        for (; content->lfs > 0; content->lfs--)
            content_add(content, "\n", 1);
        for (; content->crs > 0; content->crs--)
            content_add(content, "\r", 1);
        content_add(content, piece, text);
    }
    content->crs += length - text;
    if (last) {
        content->crs = 0;
        content->lfs++;
    }
}

/* --- the size ---------------------------------------------------------------------------- */

/* Postfix's size is that of its queue file: a record is a type, a length of one byte for each 7
 * bits, and at most 2,048 bytes of a line (line_length_limit). */
typedef struct {
    guint64 line;       /* bytes of the line so far */
    bool cr;            /* the last of them is CR */
    bool leading;       /* still among the fields that pipe(8) puts in front */
    bool exempt;        /* this line is of one of them */
    guint seen;         /* which of them were */
    guint64 bare, crlf; /* lines by their end */
    guint64 size_as_lf, size_as_crlf;
} Size;

static guint64 records(guint64 line, bool is_header)
{
    const guint64 max = 2048;
    guint64 full = line / max, rest = line % max;
    if (is_header && full > 0 && rest == 0) {
        full--;
        rest = max;
    }
    return full * (3 + max) + (rest < 128 ? 2 : 3) + rest;
}

/* pipe(8) puts each in front at most once; one further down is part of the mail. */
static bool is_put_in_front(Size *size, const char *name)
{
    static const char *const names[] = {"return-path", "x-original-to", "delivered-to"};
    for (guint i = 0; size->leading && i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i]) == 0 && !(size->seen & 1u << i)) {
            size->seen |= 1u << i;
            return true;
        }
    return size->leading = false;
}

static void size_add(Size *size, const char *piece, gsize length, bool is_header, bool ends)
{
    size->line += length;
    if (length > 0)
        size->cr = piece[length - 1] == '\r';
    if (!ends)
        return;
    if (!size->exempt) {
        size->size_as_lf += records(size->line, is_header);
        size->size_as_crlf += records(size->line - size->cr, is_header);
    }
    size->bare += !size->cr;
    size->crlf += size->cr;
    size->line = 0;
    size->cr = false;
}

/* In a mail with CRLF throughout the CR belongs to the line end, else to the line. */
static guint64 size_total(const Size *size)
{
    return size->bare == 0 ? size->size_as_crlf : size->size_as_lf;
}

/* --- the pass ---------------------------------------------------------------------------- */

typedef struct {
    Structure *structure;
    struct sha256_ctx raw;
    Content content;
    Size size;
    LineRole role; /* of the line in progress */
    bool ended;    /* the last line seen has its LF */
} Pass;

static void begin_line(Pass *pass)
{
    gsize skip;
    const char *name = structure_field_name(pass->structure, &skip);
    if (pass->role == LINE_FIELD) {
        content_begin_field(&pass->content, name);
        pass->size.exempt = is_put_in_front(&pass->size, name);
    } else if (pass->role != LINE_FOLDED) {
        pass->size.exempt = pass->role == LINE_SKIPPED;
    }
    if (pass->role == LINE_BLANK || pass->role == LINE_BODY)
        content_end_header(&pass->content);
}

/* `ended`: by a LF. The last line of a mail may lack it. */
static void take_piece(Pass *pass, const char *piece, gsize length, bool first, bool last,
                       bool ended)
{
    gsize skip = 0;
    pass->role = structure_line(pass->structure, piece, length, first, last);
    if (first)
        begin_line(pass);
    bool in_header = pass->role == LINE_FIELD || pass->role == LINE_FOLDED;
    size_add(&pass->size, piece, length, in_header, last);
    pass->ended = ended;
    if (in_header) {
        structure_field_name(pass->structure, &skip);
        content_add_value(&pass->content, piece + skip, length - skip);
        pass->content.gap |= last;
    } else if (pass->role == LINE_BODY) {
        content_add_body(&pass->content, piece, length, ended);
    }
}

static bool read_block(int fd, char *out, gsize length, guint64 offset, gsize *ret,
                       GError **error)
{
    ssize_t n;
    do
        n = pread(fd, out, length, (off_t)offset);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_errno(error, errno, "reading the mail");
    if (n == 0) {
        g_set_error(error, WICKET_ERROR, ERROR_TRANSIENT, "the mail ends too soon");
        return false;
    }
    *ret = (gsize)n;
    return true;
}

static bool read_lines(Pass *pass, int fd, guint64 size, GError **error)
{
    g_autofree char *block = g_malloc(BLOCK);
    gsize kept = 0, n = 0; /* kept: bytes of an unfinished line at the start of the block */
    bool first = true;     /* what is kept begins a line */

    for (guint64 offset = 0; offset < size; offset += n) {
        gsize want = (gsize)MIN((guint64)(BLOCK - kept), size - offset);
        if (!read_block(fd, block + kept, want, offset, &n, error))
            return false;
        sha256_update(&pass->raw, n, (const guint8 *)block + kept);

        const char *line = block, *end = block + kept + n;
        const char *lf = memchr(block + kept, '\n', n);
        for (; lf; lf = memchr(line, '\n', (gsize)(end - line))) {
            take_piece(pass, line, (gsize)(lf - line), first, true, true);
            first = true;
            line = lf + 1;
        }
        kept = (gsize)(end - line);
        if (kept == BLOCK) {
            take_piece(pass, line, kept, first, false, false);
            first = false;
            kept = 0;
        }
        memmove(block, line, kept);
    }
    if (kept > 0 || !first)
        take_piece(pass, block, kept, first, true, false);
    return true;
}

ScanCaps scan_caps(const Config *config)
{
    return (ScanCaps){
        .header_bytes = config->limits.header_bytes,
        .header_fields = config->limits.header_fields,
        .address_bytes = config->limits.address_bytes,
        .parts = config->limits.parts,
        .depth = config->limits.depth,
    };
}

bool scan_mail(int fd, guint64 size, const ScanCaps *caps, Scan **ret, GError **error)
{
    g_autoptr(Outline) outline = outline_new();
    g_autoptr(Structure) structure = structure_new(caps, outline_field, outline);
    Pass pass = {.structure = structure};
    const char *over = NULL;

    sha256_init(&pass.raw);
    sha256_init(&pass.content.sum);
    pass.size.leading = true;
    if (!read_lines(&pass, fd, size, error))
        return false;
    structure_finish(structure, &over);
    content_end_header(&pass.content);
    content_flush(&pass.content);

    g_autoptr(Scan) scan = g_new0(Scan, 1);
    scan->size = size;
    scan->smtp_size = size_total(&pass.size);
    scan->ends_in_newline = pass.ended;
    sha256_digest(&pass.raw, sizeof scan->raw_hash, scan->raw_hash);
    sha256_digest(&pass.content.sum, sizeof scan->content_hash, scan->content_hash);
    scan->over = g_strdup(over);
    scan->outline = outline_finish(g_steal_pointer(&outline));
    *ret = g_steal_pointer(&scan);
    return true;
}

bool scan_is_cut(const Scan *scan, gint64 declared_size)
{
    return declared_size >= 0 && scan->smtp_size < (guint64)declared_size &&
           !scan->ends_in_newline;
}

void scan_free(Scan *scan)
{
    if (!scan)
        return;
    g_free(scan->over);
    mail_free(scan->outline);
    g_free(scan);
}
