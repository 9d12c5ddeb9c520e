/* Outgoing mail: the order of header fields and the tree of parts.
 *
 *   mixed                  if there are attachments
 *     alternative          if there is html
 *       text/plain
 *       related            if there are inline parts
 *         text/html
 *         inline parts
 *     attachments
 *
 * How a value becomes bytes is encode.c's. Memory holds one buffer and what a part's reader
 * hands over at a time. On failure (a bad address, a reader or a sink that gives up) what the
 * sink has got by then is half a mail: the caller throws it away. */
#include "core/mail/compose.h"

#include "core/base/address.h"
#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "core/mail/encode.h"

#include <string.h>

#define FLUSH_BYTES (32 * 1024)
#define TYPE_MAX 127
#define ID_MAX 500
#define HEADER_NAME_MAX 60

typedef struct {
    const ComposeMail *mail;
    GString *buffer;
    ComposeSink sink;
    void *user;
} Writer;

static bool flush(Writer *writer, gsize keep_below, GError **error)
{
    if (writer->buffer->len <= keep_below)
        return true;
    bool done = writer->sink((const guint8 *)writer->buffer->str, writer->buffer->len,
                             writer->user, error);
    g_string_truncate(writer->buffer, 0);
    return done;
}

/* --- what may stand in a structured field ------------------------------------------------ */

static bool is_token(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)text[i];
        if (!(g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-.^_`{|}~", c))))
            return false;
    }
    return length > 0;
}

/* "type/subtype" (RFC 2045 section 5.1) that may be sent in base64; other mails and multiparts
 * may not (RFC 2046 sections 5.1 and 5.2.1). */
static const char *sendable_type(const char *type)
{
    const char *slash = type ? strchr(type, '/') : NULL;
    if (slash && strlen(type) <= TYPE_MAX && is_token(type, (gsize)(slash - type)) &&
        is_token(slash + 1, strlen(slash + 1)) &&
        g_ascii_strncasecmp(type, "message/", 8) != 0 &&
        g_ascii_strncasecmp(type, "multipart/", 10) != 0)
        return type;
    return "application/octet-stream";
}

static bool id_is_plain(const char *id)
{
    gsize length = id ? strlen(id) : 0;
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar)id[i];
        if (c <= 0x20 || c >= 0x7f || c == '<' || c == '>')
            return false;
    }
    return length > 0 && length <= ID_MAX;
}

static bool header_name_is_free(const char *name)
{
    static const char *const ours[] = {
        "Bcc",        "Cc",           "Date",       "From",   "In-Reply-To",
        "Message-ID", "MIME-Version", "References", "Sender", "Reply-To",
        "Received",   "Return-Path",  "Subject",    "To",
    };
    gsize length = strlen(name);
    if (!is_token(name, length) || length > HEADER_NAME_MAX ||
        g_ascii_strncasecmp(name, "Content-", 8) == 0 ||
        g_ascii_strncasecmp(name, "Resent-", 7) == 0)
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++) {
        if (g_ascii_strcasecmp(name, ours[i]) == 0)
            return false;
    }
    return true;
}

/* --- the header -------------------------------------------------------------------------- */

static bool add_mailbox(GString *out, const char *field, const char *name, const char *address,
                        GError **error)
{
    if (!address || !address_is_safe(address)) {
        g_set_error(error, WICKET_ERROR, ERROR_REJECTED,
                    "the address for the %s header cannot be written in a mail", field);
        return false;
    }
    encode_mailbox(out, field, name, address);
    return true;
}

/* Threading is a courtesy: an id that cannot be written is left out. */
static void add_id(GString *out, const char *field, const char *id)
{
    if (id_is_plain(id))
        g_string_append_printf(out, "%s: <%s>\r\n", field, id);
}

static bool add_header(GString *out, const ComposeMail *mail, GError **error)
{
    g_autofree char *date = timestamp_rfc5322(mail->date, mail->zone);
    g_string_append_printf(out, "Date: %s\r\n", date);
    if (!add_mailbox(out, "From", mail->from_name, mail->from_address, error) ||
        !add_mailbox(out, "To", mail->to_name, mail->to_address, error))
        return false;
    /* The reply address wears the sender's name: that is what people see when they answer. */
    if (mail->reply_to && !add_mailbox(out, "Reply-To", mail->from_name, mail->reply_to, error))
        return false;
    encode_text(out, "Subject", mail->subject);
    if (!id_is_plain(mail->message_id)) {
        g_set_error_literal(error, WICKET_ERROR, ERROR_REJECTED, "a mail needs a Message-ID");
        return false;
    }
    add_id(out, "Message-ID", mail->message_id);
    add_id(out, "In-Reply-To", mail->in_reply_to);
    add_id(out, "References", mail->references);
    for (guint i = 0; mail->headers && i < mail->headers->len; i++) {
        const ComposeHeader *header = mail->headers->pdata[i];
        if (!header_name_is_free(header->name)) {
            g_set_error_literal(error, WICKET_ERROR, ERROR_REJECTED,
                                "an additional header has a name it may not have");
            return false;
        }
        encode_text(out, header->name, header->value);
    }
    g_string_append(out, "MIME-Version: 1.0\r\n");
    return true;
}

/* --- the tree ---------------------------------------------------------------------------- */

/* No quoted-printable or base64 line can hold "=_" (RFC 2045 section 6.7). */
static char *boundary_of(const ComposeMail *mail, const char *subtype)
{
    g_autofree char *seed = g_strdup_printf("%s %s", subtype, mail->message_id);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, seed, -1);
    return g_strdup_printf("=_%.32s", hash);
}

static char *multipart_begin(Writer *writer, const char *subtype, const char *parameters)
{
    char *boundary = boundary_of(writer->mail, subtype);
    g_string_append_printf(writer->buffer,
                           "Content-Type: multipart/%s;%s\r\n boundary=\"%s\"\r\n\r\n--%s\r\n",
                           subtype, parameters, boundary, boundary);
    return boundary;
}

/* The line end before a delimiter belongs to it: the part's own last one stays whole. */
static void multipart_next(Writer *writer, const char *boundary)
{
    g_string_append_printf(writer->buffer, "\r\n--%s\r\n", boundary);
}

static void multipart_end(Writer *writer, const char *boundary)
{
    g_string_append_printf(writer->buffer, "\r\n--%s--\r\n", boundary);
}

static void add_text(Writer *writer, const char *type, const char *text)
{
    g_string_append_printf(writer->buffer,
                           "Content-Type: %s; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                           type);
    encode_quoted_printable(writer->buffer, text);
}

/* Inline only where the html can show it. */
static bool is_inline(const ComposeMail *mail, const ComposePart *part)
{
    return mail->html && part->is_inline && id_is_plain(part->content_id);
}

static bool has_parts(const ComposeMail *mail, bool wanted_inline)
{
    for (guint i = 0; mail->parts && i < mail->parts->len; i++) {
        if (is_inline(mail, mail->parts->pdata[i]) == wanted_inline)
            return true;
    }
    return false;
}

static void add_part_header(Writer *writer, const ComposePart *part, bool shown_inline)
{
    g_autofree char *name =
        encode_file_name(part->name ? part->name : "", shown_inline ? "image" : "attachment");
    g_autofree char *ascii = encode_file_name_ascii(name);
    GString *out = writer->buffer;
    g_string_append_printf(out, "Content-Type: %s", sendable_type(part->type));
    if (part->charset)
        encode_parameter(out, "charset", part->charset);
    encode_parameter(out, "name", ascii);
    g_string_append_printf(out, "\r\nContent-Disposition: %s",
                           shown_inline ? "inline" : "attachment");
    encode_parameter(out, "filename", name);
    g_string_append(out, "\r\n");
    if (shown_inline)
        add_id(out, "Content-ID", part->content_id);
    g_string_append(out, "Content-Transfer-Encoding: base64\r\n\r\n");
}

static bool add_encoded(Writer *writer, GBytes *base64, GError **error)
{
    gsize length;
    const guint8 *bytes = g_bytes_get_data(base64, &length);
    return flush(writer, 0, error) && writer->sink(bytes, length, writer->user, error);
}

static bool read_and_encode(Writer *writer, const ComposePart *part, GError **error)
{
    g_autoptr(GByteArray) piece = g_byte_array_new();
    for (bool ended = false; !ended;) {
        guint held = piece->len;
        if (!part->read(part->user, piece, error))
            return false;
        ended = piece->len == held;
        guint whole = ended ? piece->len : piece->len - piece->len % ENCODE_BASE64_LINE;
        encode_base64(writer->buffer, piece->data, whole);
        g_byte_array_remove_range(piece, 0, whole);
        if (!flush(writer, FLUSH_BYTES, error))
            return false;
    }
    return true;
}

static bool add_part(Writer *writer, const ComposePart *part, GError **error)
{
    add_part_header(writer, part, is_inline(writer->mail, part));
    return part->base64 ? add_encoded(writer, part->base64, error)
                        : read_and_encode(writer, part, error);
}

static bool add_parts(Writer *writer, bool wanted_inline, const char *boundary, GError **error)
{
    const GPtrArray *parts = writer->mail->parts;
    for (guint i = 0; i < parts->len; i++) {
        const ComposePart *part = parts->pdata[i];
        if (is_inline(writer->mail, part) != wanted_inline)
            continue;
        multipart_next(writer, boundary);
        if (!add_part(writer, part, error))
            return false;
    }
    multipart_end(writer, boundary);
    return true;
}

static bool add_html(Writer *writer, GError **error)
{
    if (!has_parts(writer->mail, true)) {
        add_text(writer, "text/html", writer->mail->html);
        return true;
    }
    g_autofree char *boundary = multipart_begin(writer, "related", " type=\"text/html\";");
    add_text(writer, "text/html", writer->mail->html);
    return add_parts(writer, true, boundary, error);
}

static bool add_words(Writer *writer, GError **error)
{
    if (!writer->mail->html) {
        add_text(writer, "text/plain", writer->mail->text);
        return true;
    }
    g_autofree char *boundary = multipart_begin(writer, "alternative", "");
    add_text(writer, "text/plain", writer->mail->text);
    multipart_next(writer, boundary);
    if (!add_html(writer, error))
        return false;
    multipart_end(writer, boundary);
    return true;
}

static bool add_body(Writer *writer, GError **error)
{
    if (!has_parts(writer->mail, false))
        return add_words(writer, error);
    g_autofree char *boundary = multipart_begin(writer, "mixed", "");
    return add_words(writer, error) && add_parts(writer, false, boundary, error);
}

bool compose_mail(const ComposeMail *mail, ComposeSink sink, void *user, GError **error)
{
    g_autoptr(GString) buffer = g_string_sized_new(FLUSH_BYTES);
    Writer writer = {mail, buffer, sink, user};
    return add_header(buffer, mail, error) && add_body(&writer, error) &&
           flush(&writer, 0, error);
}
