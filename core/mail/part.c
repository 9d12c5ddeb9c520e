/* MIME parts as attachments: place, name, type, size and hash.
 *
 * GMime tells where the content of a leaf lies. An attached message it parses further instead,
 * so its end is looked for here: the next line that is a boundary of a multipart around it.
 * Nothing is ever written again by GMime: its encoders do not survive hostile parameters.
 *
 * Nothing fails: what is missing is "" or 0. */
#include "core/mail/part.h"

#include "core/base/utf8.h"
#include "core/mail/digest.h"
#include "core/mail/header.h"
#include "core/mail/raw.h"

#include <string.h>

#define PIECE_BYTES ((gsize)32 * 1024)
#define NAME_MAX_CHARS 255
#define EXTENSION_MAX 16 /* bytes */

/* --- place ------------------------------------------------------------------------------- */

static TransferEncoding transfer_encoding(GMimeContentEncoding encoding)
{
    switch (encoding) {
    case GMIME_CONTENT_ENCODING_BASE64:
        return TRANSFER_BASE64;
    case GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE:
        return TRANSFER_QUOTED_PRINTABLE;
    case GMIME_CONTENT_ENCODING_UUENCODE:
        return TRANSFER_UUENCODE;
    default:
        return TRANSFER_IDENTITY;
    }
}

/* The library takes the line end in front of a boundary for as long as those of the header. In
 * a mail of mixed line ends that is one byte of the content too many. */
static bool ends_too_soon(const RawMail *raw, guint64 end)
{
    char after[4];
    return raw_pread(raw, end, after, sizeof after) == sizeof after && after[0] != '\r' &&
           memcmp(after + 1, "\n--", 3) == 0;
}

static Extent locate_leaf(GMimePart *part, const RawMail *raw)
{
    Extent extent = {.encoding = transfer_encoding(g_mime_part_get_content_encoding(part))};
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GMimeStream *stream = content ? g_mime_data_wrapper_get_stream(content) : NULL;
    if (!stream || stream->bound_start < 0 || (guint64)stream->bound_start >= raw->size)
        return extent;
    guint64 end =
        stream->bound_end < 0 ? raw->size : MIN((guint64)stream->bound_end, raw->size);
    extent.offset = (guint64)stream->bound_start;
    extent.length = end > extent.offset ? end - extent.offset : 0;
    if (extent.length > 0 && ends_too_soon(raw, end))
        extent.length++;
    return extent;
}

static gint64 first_header_offset(GMimeObject *object)
{
    GMimeHeaderList *list = object ? g_mime_object_get_header_list(object) : NULL;
    if (!list || g_mime_header_list_get_count(list) == 0)
        return -1;
    return g_mime_header_get_offset(g_mime_header_list_get_header_at(list, 0));
}

/* Behind the part's own header and the empty line after it. */
static gint64 header_end(GMimeObject *part, const RawMail *raw)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(part);
    int count = g_mime_header_list_get_count(list);
    if (count == 0)
        return -1;
    GMimeHeader *last = g_mime_header_list_get_header_at(list, count - 1);
    gint64 end = g_mime_header_get_offset(last) + (gint64)strlen(last->raw_name) + 1 +
                 (gint64)strlen(g_mime_header_get_raw_value(last));
    char after[2] = {0};
    if (raw_pread(raw, (guint64)end, after, sizeof after) <= 0)
        return -1;
    return end + (after[0] == '\n' ? 1 : after[0] == '\r' && after[1] == '\n' ? 2 : 0);
}

static gint64 message_start(GMimeMessagePart *part, const RawMail *raw)
{
    GMimeMessage *message = g_mime_message_part_get_message(part);
    if (!message) /* empty */
        return -1;
    gint64 own = first_header_offset((GMimeObject *)message);
    gint64 body = first_header_offset(g_mime_message_get_mime_part(message));
    if (own < 0 && body < 0)
        return header_end((GMimeObject *)part, raw);
    return own < 0 || (body >= 0 && body < own) ? body : own;
}

/* "--boundary" or "--boundary--", and nothing but white space after it. */
static bool is_boundary_line(const char *line, gsize length, const GPtrArray *boundaries)
{
    if (length < 2 || line[0] != '-' || line[1] != '-')
        return false;
    for (guint i = 0; i < boundaries->len; i++) {
        const char *boundary = boundaries->pdata[i];
        gsize n = strlen(boundary);
        if (length - 2 < n || memcmp(line + 2, boundary, n) != 0)
            continue;
        const char *rest = line + 2 + n, *end = line + length;
        if (end - rest >= 2 && rest[0] == '-' && rest[1] == '-')
            rest += 2;
        while (rest < end && (*rest == ' ' || *rest == '\t' || *rest == '\r'))
            rest++;
        if (rest == end)
            return true;
    }
    return false;
}

/* Where the first boundary line from `start` on begins; `end` if there is none. */
static guint64 find_boundary(const RawMail *raw, guint64 start, guint64 end,
                             const GPtrArray *boundaries)
{
    g_autofree char *piece = g_malloc(PIECE_BYTES);
    bool at_line_start = true;
    while (start < end) {
        gssize n = raw_pread(raw, start, piece, (gsize)MIN(end - start, PIECE_BYTES));
        if (n <= 0)
            break;
        gsize used = 0;
        while (used < (gsize)n) {
            const char *line = piece + used, *stop = memchr(line, '\n', (gsize)n - used);
            /* A line that goes on is read again from its start, unless it fills the piece. */
            if (!stop && used > 0 && start + (guint64)n < end)
                break;
            gsize length = stop ? (gsize)(stop - line) : (gsize)n - used;
            if (at_line_start && is_boundary_line(line, length, boundaries))
                return start + used;
            at_line_start = stop != NULL;
            used += length + (stop != NULL);
        }
        start += used;
    }
    return end;
}

/* The length of the line end in front of a boundary, which belongs to the boundary. */
static guint64 line_end_before(const RawMail *raw, guint64 start, guint64 end)
{
    char before[2] = {0};
    gsize n = (gsize)MIN(end - start, sizeof before);
    if (n == 0 || raw_pread(raw, end - n, before, n) != (gssize)n || before[n - 1] != '\n')
        return 0;
    return n == 2 && before[0] == '\r' ? 2 : 1;
}

static Extent locate_message(GMimeMessagePart *part, const RawMail *raw,
                             const GPtrArray *boundaries)
{
    Extent extent = {0};
    gint64 start = message_start(part, raw);
    if (start < 0 || (guint64)start >= raw->size)
        return extent;
    extent.offset = (guint64)start;
    guint64 end = find_boundary(raw, extent.offset, raw->size, boundaries);
    if (end < raw->size)
        end -= line_end_before(raw, extent.offset, end);
    extent.length = end - extent.offset;
    return extent;
}

Extent part_locate(GMimeObject *part, const RawMail *raw, const GPtrArray *boundaries)
{
    if (GMIME_IS_MESSAGE_PART(part))
        return locate_message((GMimeMessagePart *)part, raw, boundaries);
    if (GMIME_IS_PART(part))
        return locate_leaf((GMimePart *)part, raw);
    return (Extent){0};
}

/* --- what it says of itself -------------------------------------------------------------- */

const char *part_header(GMimeObject *part, const char *name)
{
    GMimeHeader *header =
        g_mime_header_list_get_header(g_mime_object_get_header_list(part), name);
    return header ? g_mime_header_get_raw_value(header) : NULL;
}

bool part_is(GMimeObject *part, const char *type, const char *subtype)
{
    GMimeContentType *content_type = g_mime_object_get_content_type(part);
    return content_type && g_mime_content_type_is_type(content_type, type, subtype);
}

bool part_has_no_type(GMimeObject *part)
{
    const char *raw = part_header(part, "Content-Type");
    return !raw || raw[strcspn(raw, "/;")] != '/';
}

static bool disposition_is(GMimeObject *part, const char *wanted)
{
    const char *disposition = g_mime_object_get_disposition(part);
    return disposition && g_ascii_strcasecmp(disposition, wanted) == 0;
}

bool part_is_ambiguous(GMimeObject *part)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(part);
    int types = 0, encodings = 0;
    for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
        const char *name = g_mime_header_get_name(g_mime_header_list_get_header_at(list, i));
        types += g_ascii_strcasecmp(name, "Content-Type") == 0;
        encodings += g_ascii_strcasecmp(name, "Content-Transfer-Encoding") == 0;
    }
    return types > 1 || encodings > 1;
}

bool part_is_attachment(GMimeObject *part)
{
    return disposition_is(part, GMIME_DISPOSITION_ATTACHMENT);
}

static char *cap_name(char *name)
{
    if (g_utf8_strlen(name, -1) <= NAME_MAX_CHARS)
        return name;
    const char *dot = strrchr(name, '.');
    g_autofree char *extension = g_strdup(dot && strlen(dot) <= EXTENSION_MAX ? dot : "");
    g_autofree char *whole = name;
    whole[strlen(whole) - strlen(extension)] = '\0';
    g_autofree char *stem =
        utf8_shorten(whole, NAME_MAX_CHARS - (gsize)g_utf8_strlen(extension, -1));
    return g_strconcat(stem, extension, NULL);
}

/* An attached message is called after its subject. */
static char *message_name(GMimeMessagePart *part)
{
    GMimeMessage *message = g_mime_message_part_get_message(part);
    const char *raw = message ? part_header((GMimeObject *)message, "Subject") : NULL;
    g_autofree char *subject = raw ? header_decode_text(raw) : NULL;
    return g_strconcat(subject && *subject ? subject : "message", ".eml", NULL);
}

char *part_name(GMimeObject *part)
{
    static const char *const places[][2] = {
        {"Content-Disposition", "filename"},
        {"Content-Type", "name"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *raw = part_header(part, places[i][0]);
        g_autofree char *name = raw ? header_decode_parameter(raw, places[i][1]) : NULL;
        if (name && *name)
            return cap_name(g_steal_pointer(&name));
    }
    return GMIME_IS_MESSAGE_PART(part) ? cap_name(message_name((GMimeMessagePart *)part))
                                       : g_strdup("");
}

static bool is_token(const char *text)
{
    for (const char *p = text; *p; p++)
        if (!g_ascii_isgraph(*p) || strchr("()<>@,;:\\\"/[]?=", *p))
            return false;
    return *text != '\0';
}

static char *type_name(GMimeObject *part)
{
    GMimeContentType *content_type = g_mime_object_get_content_type(part);
    const char *type = content_type ? g_mime_content_type_get_media_type(content_type) : NULL;
    const char *sub = content_type ? g_mime_content_type_get_media_subtype(content_type) : NULL;
    if (!type || !sub || !is_token(type) || !is_token(sub))
        return g_strdup("application/octet-stream");
    g_autofree char *name = g_strconcat(type, "/", sub, NULL);
    return g_ascii_strdown(name, -1);
}

static char *clean_line(const char *text)
{
    return text ? utf8_clean(text, strlen(text), TEXT_LINE) : g_strdup("");
}

/* --- size and hash ----------------------------------------------------------------------- */

static bool add_piece(const guint8 *bytes, gsize length, void *user)
{
    digest_add(user, bytes, length);
    return true;
}

void part_weigh(MailAttachment *attachment, const RawMail *raw)
{
    Digest digest;
    digest_init(&digest);
    raw_decode(raw, &attachment->place, add_piece, &digest);
    attachment->size = digest.size;
    g_free(attachment->sha256);
    attachment->sha256 = digest_hex(&digest);
}

MailAttachment *part_describe(GMimeObject *part, const Extent *extent, const RawMail *raw,
                              bool related)
{
    MailAttachment *attachment = g_new0(MailAttachment, 1);
    attachment->name = part_name(part);
    attachment->type = type_name(part);
    bool text = g_str_has_prefix(attachment->type, "text/");
    attachment->charset =
        clean_line(text ? g_mime_object_get_content_type_parameter(part, "charset") : NULL);
    attachment->content_id = clean_line(g_mime_object_get_content_id(part));
    attachment->is_inline =
        (related && *attachment->content_id) ||
        (disposition_is(part, GMIME_DISPOSITION_INLINE) && part_is(part, "image", "*"));
    attachment->place.outer = *extent;
    part_weigh(attachment, raw);
    return attachment;
}
