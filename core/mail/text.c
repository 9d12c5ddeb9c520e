/* The body of a mail, and all its other parts.
 *
 * One walk over the MIME tree, each part in one of three roles: to be read, to be listed, or an
 * alternative that was not chosen (its text is the same text again, its files are not). Every
 * leaf ends up in the text or among the attachments, unchosen alternatives excepted. A message
 * within the mail is one attachment and is not walked.
 *
 * Not here: encrypted and signed parts are neither decrypted nor verified. What the text of one
 * part is: part_text.c. Nothing fails. */
#include "core/mail/text.h"

#include "core/base/utf8.h"
#include "core/mail/calendar.h"
#include "core/mail/charset.h"
#include "core/mail/header.h"
#include "core/mail/part.h"
#include "core/mail/part_text.h"
#include "core/mail/smime.h"
#include "core/mail/vcard.h"
#include "core/mail/winmail.h"

#include <stdbool.h>
#include <string.h>

enum { SOME_LETTERS = 3, WRAPS_MAX = 2 };

typedef enum {
    ROLE_READ,     /* text goes to the body */
    ROLE_LIST,     /* an attachment whatever it is */
    ROLE_UNCHOSEN, /* within an alternative that is not shown */
} PartRole;

typedef struct {
    const RawMail *raw;
    Mail *mail;
    GString *text;
    GPtrArray *boundaries;           /* of the multiparts being walked, borrowed */
    char *calendar, *card, *winmail; /* the first there is, NULL: none */
    guint parts;
    int wraps; /* mails that are wrapped in each other around this one */

    /* The text of one part, read while choosing and shown later. */
    GMimeObject *kept;
    PartText kept_text;
} Reader;

static void read_body(GMimeObject *root, const RawMail *raw, int wraps, Mail *mail);

/* --- text of one part -------------------------------------------------------------------- */

static Extent locate(Reader *reader, GMimeObject *part)
{
    return part_locate(part, reader->raw, reader->boundaries);
}

/* Reads ahead: `reader` keeps the text until another part's is asked for. */
static const char *peek_text(Reader *reader, GMimeObject *part)
{
    if (reader->kept != part) {
        Extent extent = locate(reader, part);
        part_text_clear(&reader->kept_text);
        part_text_read(part, &extent, reader->raw, &reader->kept_text);
        reader->kept = part;
    }
    return reader->kept_text.text;
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
    if (body->len + length + 2 > PART_TEXT_MAX && body->len > 0)
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
        return part_text_form(object) != FORM_NONE && !part_is_attachment(object) ? object
                                                                                  : NULL;
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
        TextForm form = text ? part_text_form(text) : FORM_NONE;
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
    if (part_text_form(part) != FORM_PLAIN || part_is_attachment(part))
        return false;
    const char *text = peek_text(reader, part);
    return has_words(text) && !is_same_text(text, reader->text->str);
}

/* --- the walk ---------------------------------------------------------------------------- */

static MailAttachment *list_part(Reader *reader, GMimeObject *part, bool related)
{
    Extent extent = locate(reader, part);
    MailAttachment *attachment = part_describe(part, &extent, reader->raw, related);
    g_ptr_array_add(reader->mail->attachments, attachment);
    return attachment;
}

/* A named text after the body is a file that its sender's program happens to show. */
static bool is_body(Reader *reader, GMimeObject *part)
{
    if (part_text_form(part) == FORM_NONE || part_is_attachment(part))
        return false;
    g_autofree char *name = part_name(part);
    return *name == '\0' || !has_words(reader->text->str);
}

/* An alternative that says what is shown in a form that every mail has. */
static bool is_same_again(GMimeObject *part)
{
    TextForm form = part_text_form(part);
    return (form == FORM_PLAIN || form == FORM_HTML) && !part_is_attachment(part);
}

static bool is_card(GMimeObject *part)
{
    return part_is(part, "text", "vcard") || part_is(part, "text", "x-vcard") ||
           part_is(part, "text", "directory");
}

/* Kept for when all else is read. */
static void keep_aside(Reader *reader, GMimeObject *part)
{
    char **place = part_is(part, "text", "calendar") ? &reader->calendar
                   : is_card(part)                   ? &reader->card
                                                     : NULL;
    if (!place || *place)
        return;
    Extent extent = locate(reader, part);
    *place = part_text_source(part, &extent, reader->raw);
}

/* Text that its sender's program took from a file and shows: read, and kept as that file. */
static bool is_named_file(GMimeObject *part)
{
    const char *raw = part_header(part, "Content-Disposition");
    g_autofree char *name = raw ? header_decode_parameter(raw, "filename") : NULL;
    return name && *name;
}

/* Files that stand in a text. False: there are too many. */
static bool take_files(Reader *reader, GPtrArray *files)
{
    if (!files)
        return true;
    if (reader->mail->attachments->len + files->len > MAIL_FILES_MAX - TEXT_MAX_PARTS) {
        g_ptr_array_unref(files);
        return false;
    }
    g_ptr_array_extend_and_steal(reader->mail->attachments, files);
    return true;
}

static void show_text(Reader *reader, GMimeObject *part, bool related)
{
    const char *text = peek_text(reader, part);
    bool is_whole = append_text(reader->text, text) && !reader->kept_text.is_cut;
    GPtrArray *files = g_steal_pointer(&reader->kept_text.files);
    is_whole &= take_files(reader, files);
    if (reader->kept_text.pgp.is_signed)
        mail_remark(reader->mail, "signed");
    if (reader->kept_text.pgp.is_encrypted)
        mail_remark(reader->mail, "encrypted");
    if (!is_whole)
        list_part(reader, part, related);
    else if (is_named_file(part))
        list_part(reader, part, related)->is_inline = true;
}

static bool open_winmail(Reader *reader, GMimeObject *part)
{
    Extent extent = locate(reader, part);
    g_autofree char *text = NULL;
    bool opened = winmail_read(&extent, reader->raw, reader->mail, &text);
    if (!reader->winmail)
        reader->winmail = g_steal_pointer(&text);
    return opened;
}

/* Its text goes on ours, its files beside ours as far as they can be cut from the raw mail; the
 * file that wraps them stays, for it holds the signature. */
static void take_wrapped(Reader *reader, const Smime *smime, const Extent *extent,
                         Mail *wrapped)
{
    append_text(reader->text, wrapped->text);
    for (guint i = 0; i < wrapped->attachments->len; i++) {
        MailAttachment *file = wrapped->attachments->pdata[i];
        if (!smime_place(smime, extent, &file->place, &file->place))
            continue;
        if (reader->mail->attachments->len >= MAIL_FILES_MAX - TEXT_MAX_PARTS)
            break;
        wrapped->attachments->pdata[i] = mail_attachment_new();
        g_ptr_array_add(reader->mail->attachments, file);
    }
    for (guint i = 0; i < wrapped->remarks->len; i++)
        mail_remark(reader->mail, wrapped->remarks->pdata[i]);
}

static void open_smime(Reader *reader, GMimeObject *part)
{
    Extent extent = locate(reader, part);
    g_auto(Smime) smime;
    smime_open(&extent, reader->raw, &smime);
    if (smime.cms.kind == CMS_ENCRYPTED)
        mail_remark(reader->mail, "encrypted");
    if (smime.cms.kind != CMS_SIGNED)
        return;
    mail_remark(reader->mail, "signed");
    if (!smime.root || reader->wraps >= WRAPS_MAX)
        return;
    g_autoptr(Mail) wrapped = mail_new();
    read_body(smime.root, &smime.raw, reader->wraps + 1, wrapped);
    take_wrapped(reader, &smime, &extent, wrapped);
}

static void visit_leaf(Reader *reader, GMimeObject *part, PartRole role, bool related)
{
    keep_aside(reader, part);
    if (winmail_is(part) && open_winmail(reader, part))
        return;
    if (role == ROLE_READ && smime_is(part))
        open_smime(reader, part);
    if (role == ROLE_READ && is_body(reader, part)) {
        show_text(reader, part, related);
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

/* What a reader should know of how it was made. */
static void remark(Reader *reader, GMimeObject *object)
{
    if (part_is(object, "multipart", "signed"))
        mail_remark(reader->mail, "signed");
    if (part_is(object, "multipart", "encrypted"))
        mail_remark(reader->mail, "encrypted");
    if (part_is_ambiguous(object))
        mail_remark(reader->mail, "ambiguous MIME: mail programs may read it otherwise");
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
        utf8_cut(text, PART_TEXT_MAX);
        append_text(reader->text, text);
    }
}

static void visit(Reader *reader, GMimeObject *object, PartRole role, bool related, int depth)
{
    if (too_much(reader, depth))
        return;
    remark(reader, object);
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

/* Outlook's text is in its winmail.dat alone where it takes all readers for Outlook. */
static void append_winmail(GString *text, const char *winmail)
{
    if (!has_words(text->str))
        g_string_assign(text, winmail);
}

/* Who sends nothing but a card means it to be read. */
static void append_card(GString *text, const char *card)
{
    g_autofree char *lines = has_words(text->str) ? NULL : vcard_to_text(card, strlen(card));
    if (lines)
        g_string_assign(text, lines);
}

static void read_body(GMimeObject *root, const RawMail *raw, int wraps, Mail *mail)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) boundaries = g_ptr_array_new();
    Reader reader = {
        .raw = raw,
        .mail = mail,
        .text = text,
        .boundaries = boundaries,
        .wraps = wraps,
    };
    visit(&reader, root, ROLE_READ, false, 0);
    part_text_clear(&reader.kept_text);
    g_autofree char *calendar = reader.calendar, *card = reader.card;
    g_autofree char *winmail = reader.winmail;
    if (mail->unparsed) {
        g_ptr_array_set_size(mail->attachments, 0);
        return;
    }
    if (winmail)
        append_winmail(text, winmail);
    if (calendar)
        prepend_invitation(text, calendar);
    if (card)
        append_card(text, card);
    g_free(mail->text);
    mail->text = g_string_free(g_steal_pointer(&text), FALSE);
}

void text_read_body(GMimeObject *root, const RawMail *raw, Mail *mail)
{
    read_body(root, raw, 0, mail);
}

void text_read_plain(const RawMail *raw, Mail *mail)
{
    Place place = {.outer = {0, raw->size, TRANSFER_IDENTITY}};
    g_autoptr(GByteArray) bytes = raw_decode_all(raw, &place, PART_TEXT_MAX, NULL);
    g_free(mail->text);
    mail->text = charset_to_utf8(bytes->data, bytes->len, NULL);
    utf8_cut(mail->text, PART_TEXT_MAX);
}
