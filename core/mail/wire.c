/* A Mail as one GVariant of fixed type, and back.
 *
 * Packing runs in the parser's child, which hostile bytes may have taken over; so unpacking is
 * the border. It accepts a whole, sound Mail or nothing: a first unsound value marks the
 * reader, the rest is read as usual, and the Mail is thrown away at the end. Byte order is the
 * machine's: both ends are one program on one machine. */
#include "core/mail/wire.h"

#include "core/base/error.h"
#include "core/mail/authres.h"

#include <string.h>

#define PEOPLE "a(ss)"
#define EXTENT "ttu"
#define ATTACHMENT "(ssssbts" EXTENT "b" EXTENT ")"
#define RECIPIENT "(ssss)"
#define CUT "(uubs)"
#define FORWARD "(sssx)"
#define AUTH "(sisss)"
/* In the order of the two functions below. */
#define MAIL_TYPE                                                                              \
    "(s"                  /* message_id */                                                     \
    "as"                  /* in_reply_to */                                                    \
    "as"                  /* references */                                                     \
    "x"                   /* date */                                                           \
    "s"                   /* subject */                                                        \
        PEOPLE PEOPLE     /* from, to */                                                       \
            PEOPLE PEOPLE /* cc, reply_to */                                                   \
    "s"                   /* return_path */                                                    \
    "u"                   /* from_fields */                                                    \
    "u"                   /* kind */                                                           \
    "s"                   /* machine */                                                        \
    "u"                   /* priority */                                                       \
    "as"                  /* loop_marks */                                                     \
    "b"                   /* is_spam */                                                        \
    "ssss"                /* text, reply, signature, quoted */                                 \
    "a" CUT "m" FORWARD   /* cuts, forwarded */                                                \
    "a" ATTACHMENT "as"   /* attachments, remarks */                                           \
    "a" RECIPIENT "ss"    /* disposition, original_message_id */                               \
    "as"                  /* received_from */                                                  \
    "a" AUTH "ms)"        /* unparsed */

enum {
    REFERENCES_MAX = 100,
    RECEIVED_MAX = 20,
    REMARKS_MAX = 20,
    CUTS_MAX = 1000,
    FROM_FIELDS_MAX = 1 << 20
};

/* --- packing ----------------------------------------------------------------------------- */

static GVariant *pack_text(const char *text)
{
    if (g_utf8_validate(text, -1, NULL))
        return g_variant_new_string(text);
    return g_variant_new_take_string(g_utf8_make_valid(text, -1));
}

static GVariant *pack_list(const GPtrArray *list)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("as"));
    for (guint i = 0; i < list->len; i++)
        g_variant_builder_add_value(&builder, pack_text(list->pdata[i]));
    return g_variant_builder_end(&builder);
}

static GVariant *pack_people(const GPtrArray *people)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE(PEOPLE));
    for (guint i = 0; i < people->len; i++) {
        const MailAddress *address = people->pdata[i];
        g_variant_builder_add(&builder, "(@s@s)", pack_text(address->name),
                              pack_text(address->address));
    }
    return g_variant_builder_end(&builder);
}

static GVariant *pack_attachments(const GPtrArray *attachments)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a" ATTACHMENT));
    for (guint i = 0; i < attachments->len; i++) {
        const MailAttachment *a = attachments->pdata[i];
        const Extent *outer = &a->place.outer, *inner = &a->place.inner;
        g_variant_builder_add(&builder, "(@s@s@s@sbt@s" EXTENT "b" EXTENT ")",
                              pack_text(a->name), pack_text(a->type), pack_text(a->charset),
                              pack_text(a->content_id), a->is_inline, a->size,
                              pack_text(a->sha256), outer->offset, outer->length,
                              (guint32)outer->encoding, a->place.is_nested, inner->offset,
                              inner->length, (guint32)inner->encoding);
    }
    return g_variant_builder_end(&builder);
}

static GVariant *pack_recipients(const GPtrArray *recipients)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a" RECIPIENT));
    for (guint i = 0; i < recipients->len; i++) {
        const MailBounceRecipient *r = recipients->pdata[i];
        g_variant_builder_add(&builder, "(@s@s@s@s)", pack_text(r->address),
                              pack_text(r->action), pack_text(r->status),
                              pack_text(r->diagnostic));
    }
    return g_variant_builder_end(&builder);
}

static GVariant *pack_cuts(const GPtrArray *cuts)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a" CUT));
    for (guint i = 0; i < cuts->len; i++) {
        const MailCut *cut = cuts->pdata[i];
        g_variant_builder_add(&builder, "(uub@s)", cut->line, cut->lines, cut->is_signature,
                              pack_text(cut->rule));
    }
    return g_variant_builder_end(&builder);
}

static GVariant *pack_forward(const MailForward *forward)
{
    GVariant *value = NULL;
    if (forward)
        value =
            g_variant_new("(@s@s@sx)", pack_text(forward->name), pack_text(forward->address),
                          pack_text(forward->subject), forward->date);
    return g_variant_new_maybe(G_VARIANT_TYPE(FORWARD), value);
}

static GVariant *pack_auth(const GPtrArray *auth)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE("a" AUTH));
    for (guint i = 0; i < auth->len; i++) {
        const MailAuthResult *r = auth->pdata[i];
        g_variant_builder_add(&builder, "(@si@s@s@s)", pack_text(r->server), (gint32)r->hop,
                              pack_text(r->method), pack_text(r->result),
                              pack_text(r->identity));
    }
    return g_variant_builder_end(&builder);
}

GBytes *wire_pack(const Mail *mail)
{
    GVariantBuilder builder;
    g_variant_builder_init(&builder, G_VARIANT_TYPE(MAIL_TYPE));
    GVariant *values[] = {
        pack_text(mail->message_id),
        pack_list(mail->in_reply_to),
        pack_list(mail->references),
        g_variant_new_int64(mail->date),
        pack_text(mail->subject),
        pack_people(mail->from),
        pack_people(mail->to),
        pack_people(mail->cc),
        pack_people(mail->reply_to),
        pack_text(mail->return_path),
        g_variant_new_uint32((guint32)mail->from_fields),
        g_variant_new_uint32((guint32)mail->kind),
        pack_text(mail->machine),
        g_variant_new_uint32((guint32)mail->priority),
        pack_list(mail->loop_marks),
        g_variant_new_boolean(mail->is_spam),
        pack_text(mail->text),
        pack_text(mail->reply),
        pack_text(mail->signature),
        pack_text(mail->quoted),
        pack_cuts(mail->cuts),
        pack_forward(mail->forwarded),
        pack_attachments(mail->attachments),
        pack_list(mail->remarks),
        pack_recipients(mail->bounce_recipients),
        pack_text(mail->disposition),
        pack_text(mail->original_message_id),
        pack_list(mail->received_from),
        pack_auth(mail->auth),
        g_variant_new_maybe(G_VARIANT_TYPE_STRING,
                            mail->unparsed ? pack_text(mail->unparsed) : NULL),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++)
        g_variant_builder_add_value(&builder, values[i]);
    g_autoptr(GVariant) whole = g_variant_ref_sink(g_variant_builder_end(&builder));
    return g_variant_get_data_as_bytes(whole);
}

/* --- unpacking --------------------------------------------------------------------------- */

typedef struct {
    GVariant *tuple;
    gsize next;          /* the child to be taken */
    const char *unsound; /* NULL, or the first thing that is wrong */
} Reader;

static void blame(Reader *reader, const char *what)
{
    if (!reader->unsound)
        reader->unsound = what;
}

static GVariant *take(Reader *reader)
{
    return g_variant_get_child_value(reader->tuple, reader->next++);
}

/* No control character, C1 included; `allowed` ones excepted. The text is valid UTF-8. */
static bool is_printable(const char *text, const char *allowed)
{
    for (const guchar *p = (const guchar *)text; *p; p++) {
        bool control = *p < ' ' || *p == 0x7f || (*p == 0xc2 && p[1] < 0xa0);
        if (control && (*p >= ' ' || !strchr(allowed, *p)))
            return false;
    }
    return true;
}

static char *line_of(Reader *reader, const char *text)
{
    if (!is_printable(text, ""))
        blame(reader, "a control character in a line");
    return g_strdup(text);
}

static void take_line(Reader *reader, char **field)
{
    g_autoptr(GVariant) value = take(reader);
    g_free(*field);
    *field = line_of(reader, g_variant_get_string(value, NULL));
}

static void take_block(Reader *reader, char **field)
{
    g_autoptr(GVariant) value = take(reader);
    const char *text = g_variant_get_string(value, NULL);
    if (!is_printable(text, "\n\t"))
        blame(reader, "a control character in a text");
    g_free(*field);
    *field = g_strdup(text);
}

static guint32 take_number(Reader *reader, guint32 max, const char *what)
{
    g_autoptr(GVariant) value = take(reader);
    guint32 number = g_variant_get_uint32(value);
    if (number > max)
        blame(reader, what);
    return number > max ? 0 : number;
}

static void take_list(Reader *reader, GPtrArray *list, gsize max)
{
    g_autoptr(GVariant) value = take(reader);
    GVariantIter iter;
    const char *text;
    if (g_variant_iter_init(&iter, value) > max)
        blame(reader, "a list is too long");
    while (!reader->unsound && g_variant_iter_next(&iter, "&s", &text))
        g_ptr_array_add(list, line_of(reader, text));
}

static void take_people(Reader *reader, GPtrArray *people)
{
    g_autoptr(GVariant) value = take(reader);
    GVariantIter iter;
    const char *name, *address;
    g_variant_iter_init(&iter, value);
    while (!reader->unsound && g_variant_iter_next(&iter, "(&s&s)", &name, &address)) {
        if (!is_printable(name, "") || !is_printable(address, ""))
            blame(reader, "a control character in an address");
        g_ptr_array_add(people, mail_address_new(name, address));
    }
}

static bool is_sha256(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static void judge_attachment(Reader *reader, const MailAttachment *a, guint64 raw_size)
{
    if (!place_is_sound(&a->place, raw_size) || a->size > raw_size)
        blame(reader, "an attachment lies outside the mail");
    if (!is_sha256(a->sha256))
        blame(reader, "an attachment's hash");
}

static void take_attachments(Reader *reader, GPtrArray *attachments, guint64 raw_size)
{
    g_autoptr(GVariant) value = take(reader);
    GVariantIter iter;
    const char *name, *type, *charset, *content_id, *sha256;
    gboolean is_inline, is_nested;
    Extent outer, inner;
    guint32 outer_encoding, inner_encoding;
    guint64 size;
    if (g_variant_iter_init(&iter, value) > MAIL_FILES_MAX)
        blame(reader, "too many attachments");
    while (!reader->unsound &&
           g_variant_iter_next(&iter, "(&s&s&s&sbt&s" EXTENT "b" EXTENT ")", &name, &type,
                               &charset, &content_id, &is_inline, &size, &sha256, &outer.offset,
                               &outer.length, &outer_encoding, &is_nested, &inner.offset,
                               &inner.length, &inner_encoding)) {
        MailAttachment *a = g_new0(MailAttachment, 1);
        g_ptr_array_add(attachments, a);
        a->name = line_of(reader, name);
        a->type = line_of(reader, type);
        a->charset = line_of(reader, charset);
        a->content_id = line_of(reader, content_id);
        a->is_inline = is_inline;
        a->size = size;
        a->sha256 = line_of(reader, sha256);
        outer.encoding = (TransferEncoding)outer_encoding;
        inner.encoding = (TransferEncoding)inner_encoding;
        a->place = (Place){.outer = outer, .inner = inner, .is_nested = is_nested};
        judge_attachment(reader, a, raw_size);
    }
}

static void take_recipients(Reader *reader, GPtrArray *recipients)
{
    g_autoptr(GVariant) value = take(reader);
    GVariantIter iter;
    const char *address, *action, *status, *diagnostic;
    g_variant_iter_init(&iter, value);
    while (!reader->unsound &&
           g_variant_iter_next(&iter, "(&s&s&s&s)", &address, &action, &status, &diagnostic)) {
        MailBounceRecipient *r = g_new0(MailBounceRecipient, 1);
        g_ptr_array_add(recipients, r);
        r->address = line_of(reader, address);
        r->action = line_of(reader, action);
        r->status = line_of(reader, status);
        r->diagnostic = line_of(reader, diagnostic);
    }
}

static void take_cuts(Reader *reader, GPtrArray *cuts)
{
    g_autoptr(GVariant) value = take(reader);
    GVariantIter iter;
    guint32 line, lines;
    gboolean is_signature;
    const char *rule;
    if (g_variant_iter_init(&iter, value) > CUTS_MAX)
        blame(reader, "too many cuts");
    while (!reader->unsound &&
           g_variant_iter_next(&iter, "(uub&s)", &line, &lines, &is_signature, &rule)) {
        if (!is_printable(rule, ""))
            blame(reader, "a control character in a rule");
        g_ptr_array_add(cuts, mail_cut_new(line, lines, is_signature, rule));
    }
}

static void take_forward(Reader *reader, Mail *mail)
{
    g_autoptr(GVariant) value = take(reader);
    g_autoptr(GVariant) tuple = g_variant_get_maybe(value);
    const char *name, *address, *subject;
    if (!tuple)
        return;
    MailForward *forward = mail->forwarded = g_new0(MailForward, 1);
    g_variant_get(tuple, "(&s&s&sx)", &name, &address, &subject, &forward->date);
    forward->name = line_of(reader, name);
    forward->address = line_of(reader, address);
    forward->subject = line_of(reader, subject);
}

static void take_auth(Reader *reader, GPtrArray *auth)
{
    g_autoptr(GVariant) value = take(reader);
    GVariantIter iter;
    const char *server, *method, *result, *identity;
    gint32 hop;
    if (g_variant_iter_init(&iter, value) > AUTHRES_MAX)
        blame(reader, "too many authentication results");
    while (!reader->unsound && g_variant_iter_next(&iter, "(&si&s&s&s)", &server, &hop, &method,
                                                   &result, &identity)) {
        MailAuthResult *r = g_new0(MailAuthResult, 1);
        g_ptr_array_add(auth, r);
        r->server = line_of(reader, server);
        r->hop = hop;
        r->method = line_of(reader, method);
        r->result = line_of(reader, result);
        r->identity = line_of(reader, identity);
        if (hop < 0)
            blame(reader, "an authentication result above the mail");
    }
}

static void take_unparsed(Reader *reader, Mail *mail)
{
    g_autoptr(GVariant) value = take(reader);
    g_autoptr(GVariant) text = g_variant_get_maybe(value);
    if (text)
        mail->unparsed = line_of(reader, g_variant_get_string(text, NULL));
}

static void take_mail(Reader *reader, guint64 raw_size, Mail *mail)
{
    take_line(reader, &mail->message_id);
    take_list(reader, mail->in_reply_to, G_MAXSIZE);
    take_list(reader, mail->references, REFERENCES_MAX);
    g_autoptr(GVariant) date = take(reader);
    mail->date = g_variant_get_int64(date);
    take_line(reader, &mail->subject);
    GPtrArray *people[] = {mail->from, mail->to, mail->cc, mail->reply_to};
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        take_people(reader, people[i]);
    take_line(reader, &mail->return_path);
    mail->from_fields = (int)take_number(reader, FROM_FIELDS_MAX, "the number of From fields");
    mail->kind = (MailKind)take_number(reader, MAIL_FEEDBACK, "an unknown kind");
    take_line(reader, &mail->machine);
    mail->priority = (MailPriority)take_number(reader, PRIORITY_URGENT, "an unknown priority");
    take_list(reader, mail->loop_marks, G_MAXSIZE);
    g_autoptr(GVariant) is_spam = take(reader);
    mail->is_spam = g_variant_get_boolean(is_spam);
    char **blocks[] = {&mail->text, &mail->reply, &mail->signature, &mail->quoted};
    for (gsize i = 0; i < G_N_ELEMENTS(blocks); i++)
        take_block(reader, blocks[i]);
    take_cuts(reader, mail->cuts);
    take_forward(reader, mail);
    take_attachments(reader, mail->attachments, raw_size);
    take_list(reader, mail->remarks, REMARKS_MAX);
    take_recipients(reader, mail->bounce_recipients);
    take_line(reader, &mail->disposition);
    take_line(reader, &mail->original_message_id);
    take_list(reader, mail->received_from, RECEIVED_MAX);
    take_auth(reader, mail->auth);
    take_unparsed(reader, mail);
}

bool wire_unpack(GBytes *bytes, guint64 raw_size, Mail **ret, GError **error)
{
    if (g_bytes_get_size(bytes) > WIRE_MAX_BYTES) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT, "it is larger than %d MB",
                    WIRE_MAX_BYTES / (1024 * 1024));
        return false;
    }
    g_autoptr(GVariant) tuple =
        g_variant_ref_sink(g_variant_new_from_bytes(G_VARIANT_TYPE(MAIL_TYPE), bytes, FALSE));
    if (!g_variant_is_normal_form(tuple)) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT, "it is no whole mail");
        return false;
    }
    Reader reader = {.tuple = tuple};
    g_autoptr(Mail) mail = mail_new();
    take_mail(&reader, raw_size, mail);
    if (reader.unsound) {
        g_set_error(error, WICKET_ERROR, ERROR_CORRUPT, "it is unsound: %s", reader.unsound);
        return false;
    }
    *ret = g_steal_pointer(&mail);
    return true;
}
