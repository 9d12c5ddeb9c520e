/* Fuzz target: any values in the fields of an outgoing mail. Whatever they are, the mail is
 * refused, or it parses, has exactly the header fields it was given and goes to one person. */
#include "core/mail/compose.h"

#include <gmime/gmime.h>

#include "core/base/autofree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const char *bytes;
    bool given;
} Source;

static bool read_source(void *user, GByteArray *piece, GError **error)
{
    Source *source = user;
    if (!source->given)
        g_byte_array_append(piece, (const guint8 *)source->bytes, (guint)strlen(source->bytes));
    source->given = true;
    return true;
}

static bool append_to(const guint8 *bytes, gsize length, void *user, GError **error)
{
    g_string_append_len(user, (const char *)bytes, (gssize)length);
    return true;
}

static void insist(bool holds)
{
    if (!holds)
        abort();
}

/* Only CR LF pairs, lines within RFC 5322, and the fields of the header in their order. */
static void check_wire(const GString *out, const char *const *fields)
{
    bool in_header = true;
    for (const char *line = out->str; line < out->str + out->len;) {
        const char *end = memchr(line, '\n', (gsize)(out->str + out->len - line));
        insist(end && end > out->str && end[-1] == '\r');
        gsize length = (gsize)(end - 1 - line);
        insist(length <= 998 && !memchr(line, '\r', length) && !memchr(line, '\0', length));
        in_header = in_header && length > 0;
        if (in_header && *line != ' ') {
            insist(*fields && strncmp(line, *fields, strlen(*fields)) == 0 &&
                   line[strlen(*fields)] == ':');
            fields++;
        }
        line = end + 1;
    }
    insist(*fields == NULL);
}

static void count_leaf(GMimeObject *parent, GMimeObject *part, gpointer user)
{
    *(guint *)user += GMIME_IS_PART(part) ? 1 : 0;
}

static void check_parsed(const GString *out, const char *to, guint n_leaves)
{
    g_autoptr(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(out->str, out->len);
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    g_autoptr(GMimeMessage) message = g_mime_parser_construct_message(parser, NULL);
    insist(message != NULL);
    g_autoptr(InternetAddressList) all = g_mime_message_get_all_recipients(message);
    insist(internet_address_list_length(all) == 1);
    InternetAddress *one = internet_address_list_get_address(all, 0);
    insist(INTERNET_ADDRESS_IS_MAILBOX(one));
    if (g_str_is_ascii(to) && *to != '"')
        insist(strcmp(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)), to) ==
               0);
    guint leaves = 0;
    g_mime_message_foreach(message, count_leaf, &leaves);
    insist(leaves == n_leaves);
}

/* The input is split at 0xfe, a byte that no UTF-8 has; the first byte switches parts of the
 * mail on and off. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool begun;
    if (!begun)
        g_mime_init();
    begun = true;
    if (size < 1 || size > 20000)
        return 0;
    unsigned flags = data[0];
    g_autofree char *input = g_strndup((const char *)data + 1, size - 1);
    g_auto(GStrv) values = g_strsplit(input, "\xfe", FIELDS);
    const char *v[FIELDS];
    for (guint i = 0, n = g_strv_length(values); i < FIELDS; i++)
        v[i] = i < n ? values[i] : "";

    Source sources[] = {{v[0], false}, {v[1], false}};
    ComposePart inlined = {(char *)v[2], (char *)v[3], (char *)v[4], true,
                           read_source,  &sources[0],  NULL,         NULL};
    ComposePart attached = {(char *)v[5], (char *)v[6], "",   false,
                            read_source,  &sources[1],  NULL, flags & 32 ? v[3] : NULL};
    ComposeHeader header = {"X-Loop", (char *)v[7]};
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    g_autoptr(GPtrArray) headers = g_ptr_array_new();
    if (flags & 1)
        g_ptr_array_add(parts, &inlined);
    if (flags & 2)
        g_ptr_array_add(parts, &attached);
    g_ptr_array_add(headers, &header);
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    ComposeMail mail = {.from_name = v[8],
                        .from_address = "support@example.org",
                        .to_name = v[9],
                        .to_address = flags & 4 ? v[10] : "jean@example.net",
                        .reply_to = "support+r1.x@example.org",
                        .subject = v[11],
                        .message_id = flags & 8 ? v[12] : "a.b@example.org",
                        .in_reply_to = "parent@example.net",
                        .date = 1795162320,
                        .zone = zone,
                        .text = v[13],
                        .html = flags & 16 ? v[14] : NULL,
                        .headers = headers,
                        .parts = parts};
    g_autoptr(GString) out = g_string_new(NULL);
    if (!compose_mail(&mail, append_to, out, NULL))
        return 0;
    bool single = !mail.html && parts->len == 0;
    const char *const fields[] = {"Date",
                                  "From",
                                  "To",
                                  "Reply-To",
                                  "Subject",
                                  "Message-ID",
                                  "In-Reply-To",
                                  "X-Loop",
                                  "MIME-Version",
                                  "Content-Type",
                                  single ? "Content-Transfer-Encoding" : NULL,
                                  NULL};
    check_wire(out, fields);
    check_parsed(out, mail.to_address, 1 + (mail.html != NULL) + parts->len);
    return 0;
}
