/* The body of a mail, and all its other parts.
 *
 * One walk over the MIME tree, each part in one of three roles: to be read, to be listed, or an
 * alternative that was not chosen (its text is the same text again, its files are not). Every
 * leaf ends up in the text or among the attachments, unchosen alternatives excepted. A message
 * within the mail is one attachment and is not walked.
 *
 * Not here: encrypted and signed parts are neither decrypted nor verified; TNEF and calendars
 * are attachments. Nothing fails. */
#include "core/mail/text.h"

#include "core/base/utf8.h"
#include "core/mail/calendar.h"
#include "core/mail/charset.h"
#include "core/mail/enriched.h"
#include "core/mail/flowed.h"
#include "core/mail/html.h"
#include "core/mail/part.h"
#include "core/mail/raw.h"

#include <stdbool.h>
#include <string.h>

enum { SOME_LETTERS = 3 };

typedef enum {
    ROLE_READ,     /* text goes to the body */
    ROLE_LIST,     /* an attachment whatever it is */
    ROLE_UNCHOSEN, /* within an alternative that is not shown */
} PartRole;

typedef enum { FORM_NONE, FORM_PLAIN, FORM_ENRICHED, FORM_RICHTEXT, FORM_HTML } TextForm;

typedef struct {
    const RawMail *raw;
    Mail *mail;
    GString *text;
    GPtrArray *boundaries; /* of the multiparts being walked, borrowed */
    char *calendar;        /* the first there is, NULL: none */
    guint parts;

    /* The text of one part, read while choosing and shown later. */
    GMimeObject *kept;
    char *kept_text;
    bool kept_cut;
} Reader;

/* --- text of one part -------------------------------------------------------------------- */

static TextForm text_form(GMimeObject *part)
{
    static const struct {
        const char *type, *subtype;
        TextForm form;
    } forms[] = {
        {"text", "plain", FORM_PLAIN},           {"text", "html", FORM_HTML},
        {"text", "markdown", FORM_PLAIN},        {"text", "x-markdown", FORM_PLAIN},
        {"text", "enriched", FORM_ENRICHED},     {"text", "richtext", FORM_RICHTEXT},
        {"application", "xhtml+xml", FORM_HTML},
    };
    if (!GMIME_IS_PART(part))
        return FORM_NONE;
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
        if (part_is(part, forms[i].type, forms[i].subtype))
            return forms[i].form;
    if (!part_has_no_type(part))
        return FORM_NONE;
    g_autofree char *name = part_name(part);
    return *name == '\0' ? FORM_PLAIN : FORM_NONE;
}

static bool parameter_is(GMimeObject *part, const char *name, const char *wanted)
{
    const char *value = g_mime_object_get_content_type_parameter(part, name);
    return value && g_ascii_strcasecmp(value, wanted) == 0;
}

/* Cuts `text` to `max` bytes, at a character. */
static bool cut_text(char *text, gsize max)
{
    if (strlen(text) <= max)
        return false;
    *g_utf8_find_prev_char(text, text + max + 1) = '\0';
    return true;
}

/* HTML may name its charset itself, where the part does not. */
static char *decode_text(GMimeObject *part, const GByteArray *raw)
{
    const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
    g_autofree char *own = NULL;
    if (!charset && text_form(part) == FORM_HTML)
        charset = own = html_charset((const char *)raw->data, raw->len);
    return charset_to_utf8(raw->data, raw->len, charset);
}

static char *render_text(GMimeObject *part, const char *source)
{
    switch (text_form(part)) {
    case FORM_HTML:
        return html_to_text(source, strlen(source));
    case FORM_ENRICHED:
        return enriched_to_text(source, false);
    case FORM_RICHTEXT:
        return enriched_to_text(source, true);
    default:
        return parameter_is(part, "format", "flowed")
                   ? flowed_unwrap(source, parameter_is(part, "delsp", "yes"))
                   : g_strdup(source);
    }
}

static Place locate(Reader *reader, GMimeObject *part)
{
    return (Place){.outer = part_locate(part, reader->raw, reader->boundaries)};
}

static char *read_text(Reader *reader, GMimeObject *part, bool *ret_cut)
{
    Place place = locate(reader, part);
    g_autoptr(GByteArray) raw = raw_decode_all(reader->raw, &place, TEXT_MAX_BYTES, ret_cut);
    g_autofree char *source = decode_text(part, raw);
    char *text = render_text(part, source);
    *ret_cut |= cut_text(text, TEXT_MAX_BYTES);
    return text;
}

/* Reads ahead: `reader` keeps the text for take_text. */
static const char *peek_text(Reader *reader, GMimeObject *part)
{
    if (reader->kept != part) {
        g_free(reader->kept_text);
        reader->kept = part;
        reader->kept_text = read_text(reader, part, &reader->kept_cut);
    }
    return reader->kept_text;
}

/* At least `least` characters of words? */
static bool has_letters(const char *text, guint least)
{
    for (; *text && least > 0; text = g_utf8_next_char(text))
        least -= (guchar)*text >= 0x80 || g_ascii_isalnum(*text);
    return least == 0;
}

static bool has_words(const char *text)
{
    return has_letters(text, 1);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

/* Blanks and line ends aside. */
static bool is_same_text(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " \t\n");
        b += strspn(b, " \t\n");
        if (*a == '\0' || *a != *b)
            return *a == *b;
        a++;
        b++;
    }
}

/* Appends to the body, a blank line apart from what is there. False if it does not fit. */
static bool append_text(GString *body, const char *text)
{
    gsize length = strlen(text);
    if (body->len + length + 2 > TEXT_MAX_BYTES && body->len > 0)
        return false;
    if (body->len > 0 && length > 0)
        g_string_append(body, body->str[body->len - 1] == '\n' ? "\n" : "\n\n");
    g_string_append_len(body, text, (gssize)length);
    return true;
}

/* --- choosing among alternatives --------------------------------------------------------- */

/* The first part below `object` that could be read as the body, or NULL. */
static GMimeObject *first_text(GMimeObject *object, int depth)
{
    if (!GMIME_IS_MULTIPART(object))
        return text_form(object) != FORM_NONE && !part_is_attachment(object) ? object : NULL;
    if (depth >= TEXT_MAX_DEPTH)
        return NULL;
    GMimeMultipart *multipart = (GMimeMultipart *)object;
    for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
        GMimeObject *found = first_text(g_mime_multipart_get_part(multipart, i), depth + 1);
        if (found)
            return found;
    }
    return NULL;
}

/* Plain text if it has words; else the last, richest rendering that has some; else plain text
 * of signs alone. */
static int choose_alternative(Reader *reader, GMimeMultipart *multipart, int depth)
{
    int rich = -1, signs = -1, empty = -1;
    for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
        GMimeObject *text = first_text(g_mime_multipart_get_part(multipart, i), depth);
        TextForm form = text ? text_form(text) : FORM_NONE;
        if (form == FORM_PLAIN && has_words(peek_text(reader, text)))
            return i;
        if (form == FORM_PLAIN && signs < 0 && !is_blank(peek_text(reader, text)))
            signs = i;
        else if (form == FORM_PLAIN && empty < 0)
            empty = i;
        else if (form > FORM_PLAIN)
            rich = i;
    }
    /* What is in front of no words may be a picture's frame. */
    if (rich >= 0 && signs >= 0) {
        GMimeObject *text = first_text(g_mime_multipart_get_part(multipart, rich), depth);
        if (!has_letters(peek_text(reader, text), SOME_LETTERS))
            rich = -1;
    }
    return rich >= 0 ? rich : signs >= 0 ? signs : empty;
}

/* Alternatives should say the same in other forms. Where two are plain text they are two texts,
 * and leaving one out would lose it. */
static bool is_second_text(Reader *reader, GMimeObject *part)
{
    if (text_form(part) != FORM_PLAIN || part_is_attachment(part))
        return false;
    const char *text = peek_text(reader, part);
    return has_words(text) && !is_same_text(text, reader->text->str);
}

/* --- the walk ---------------------------------------------------------------------------- */

static void list_part(Reader *reader, GMimeObject *part, bool related)
{
    Place place = locate(reader, part);
    g_ptr_array_add(reader->mail->attachments,
                    part_describe(part, &place.outer, reader->raw, related));
}

/* A named text after the body is a file that its sender's program happens to show. */
static bool is_body(Reader *reader, GMimeObject *part)
{
    if (text_form(part) == FORM_NONE || part_is_attachment(part))
        return false;
    g_autofree char *name = part_name(part);
    return *name == '\0' || !has_words(reader->text->str);
}

/* An alternative that says what is shown in a form that every mail has. */
static bool is_same_again(GMimeObject *part)
{
    TextForm form = text_form(part);
    return (form == FORM_PLAIN || form == FORM_HTML) && !part_is_attachment(part);
}

static void keep_calendar(Reader *reader, GMimeObject *part)
{
    if (reader->calendar || !part_is(part, "text", "calendar"))
        return;
    Place place = locate(reader, part);
    g_autoptr(GByteArray) raw = raw_decode_all(reader->raw, &place, TEXT_MAX_BYTES, NULL);
    reader->calendar = decode_text(part, raw);
}

static void visit_leaf(Reader *reader, GMimeObject *part, PartRole role, bool related)
{
    keep_calendar(reader, part);
    if (role == ROLE_READ && is_body(reader, part)) {
        const char *text = peek_text(reader, part);
        if (!append_text(reader->text, text) || reader->kept_cut)
            list_part(reader, part, related);
    } else if (role != ROLE_UNCHOSEN || !is_same_again(part)) {
        list_part(reader, part, related);
    }
}

/* The root of a multipart/related: what `start` names, else the first part. */
static int related_root(GMimeMultipart *multipart)
{
    const char *start =
        g_mime_object_get_content_type_parameter((GMimeObject *)multipart, "start");
    for (int i = 0; start && i < g_mime_multipart_get_count(multipart); i++) {
        const char *id = g_mime_object_get_content_id(g_mime_multipart_get_part(multipart, i));
        gsize length = id ? strlen(id) : 0;
        if (length > 0 && *start == '<' && strncmp(start + 1, id, length) == 0 &&
            start[1 + length] == '>')
            return i;
    }
    return 0;
}

/* Which child is read; -1: each as it comes, G_MAXINT: none. */
static int chosen_child(Reader *reader, GMimeMultipart *multipart, int depth)
{
    GMimeObject *object = (GMimeObject *)multipart;
    if (part_is(object, "multipart", "alternative"))
        return choose_alternative(reader, multipart, depth);
    if (part_is(object, "multipart", "related"))
        return related_root(multipart);
    return part_is(object, "multipart", "encrypted") ? G_MAXINT : -1;
}

static bool too_much(Reader *reader, int depth)
{
    if (reader->mail->unparsed)
        return true;
    if (depth > TEXT_MAX_DEPTH)
        reader->mail->unparsed = g_strdup_printf("parts nested deeper than %d", TEXT_MAX_DEPTH);
    else if (++reader->parts > TEXT_MAX_PARTS)
        reader->mail->unparsed = g_strdup_printf("more than %d parts", TEXT_MAX_PARTS);
    return reader->mail->unparsed != NULL;
}

static void visit(Reader *reader, GMimeObject *object, PartRole role, bool related, int depth);

static void visit_children(Reader *reader, GMimeMultipart *multipart, PartRole role, int depth)
{
    GMimeObject *object = (GMimeObject *)multipart;
    bool alternative = part_is(object, "multipart", "alternative");
    bool related = part_is(object, "multipart", "related");
    int chosen = role == ROLE_READ ? chosen_child(reader, multipart, depth) : -1;
    bool picks = role == ROLE_READ && (alternative || chosen != -1);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        PartRole child = role;
        if (picks && i != chosen && !(alternative && is_second_text(reader, part)))
            child = alternative ? ROLE_UNCHOSEN : ROLE_LIST;
        visit(reader, part, child, related, depth);
    }
}

static void visit_multipart(Reader *reader, GMimeMultipart *multipart, PartRole role, int depth)
{
    const char *boundary =
        g_mime_object_get_content_type_parameter((GMimeObject *)multipart, "boundary");
    if (boundary && *boundary)
        g_ptr_array_add(reader->boundaries, (gpointer)boundary);
    visit_children(reader, multipart, role, depth + 1);
    if (boundary && *boundary)
        g_ptr_array_set_size(reader->boundaries, (int)reader->boundaries->len - 1);

    /* Broken: no boundary was found, so that all text is in front of the first. */
    const char *stray = g_mime_multipart_get_prologue(multipart);
    if (g_mime_multipart_get_count(multipart) == 0 && role == ROLE_READ && stray) {
        g_autofree char *text = charset_to_utf8((const guint8 *)stray, strlen(stray), NULL);
        cut_text(text, TEXT_MAX_BYTES);
        append_text(reader->text, text);
    }
}

static void visit(Reader *reader, GMimeObject *object, PartRole role, bool related, int depth)
{
    if (too_much(reader, depth))
        return;
    if (GMIME_IS_MULTIPART(object))
        visit_multipart(reader, (GMimeMultipart *)object, role, depth);
    else
        visit_leaf(reader, object, role, related);
}

/* What an invitation is about stands in its calendar; its text may hold no more than a link.
 * In front, where no quoted history is. */
static void prepend_invitation(GString *text, const char *calendar)
{
    g_autofree char *lines = calendar_to_text(calendar, strlen(calendar), text->str);
    if (lines && text->len > 0)
        g_string_prepend_c(text, '\n');
    if (lines)
        g_string_prepend(text, lines);
}

void text_read_body(GMimeObject *root, const RawMail *raw, Mail *mail)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) boundaries = g_ptr_array_new();
    Reader reader = {
        .raw = raw,
        .mail = mail,
        .text = text,
        .boundaries = boundaries,
    };
    visit(&reader, root, ROLE_READ, false, 0);
    g_free(reader.kept_text);
    g_autofree char *calendar = reader.calendar;
    if (mail->unparsed) {
        g_ptr_array_set_size(mail->attachments, 0);
        return;
    }
    if (calendar)
        prepend_invitation(text, calendar);
    g_free(mail->text);
    mail->text = g_string_free(g_steal_pointer(&text), FALSE);
}

void text_read_plain(const RawMail *raw, Mail *mail)
{
    Place place = {.outer = {0, raw->size, TRANSFER_IDENTITY}};
    g_autoptr(GByteArray) bytes = raw_decode_all(raw, &place, TEXT_MAX_BYTES, NULL);
    g_free(mail->text);
    mail->text = charset_to_utf8(bytes->data, bytes->len, NULL);
    cut_text(mail->text, TEXT_MAX_BYTES);
}
