/* Reading the text of a part. What is not here: which part is read (text.c). Nothing fails. */
#include "core/mail/part_text.h"

#include "core/base/utf8.h"
#include "core/mail/charset.h"
#include "core/mail/enriched.h"
#include "core/mail/flowed.h"
#include "core/mail/html.h"
#include "core/mail/part.h"
#include "core/mail/uuencode.h"

#include <string.h>

enum { FILES_MAX = 100 };

void part_text_clear(PartText *text)
{
    g_clear_pointer(&text->text, g_free);
    g_clear_pointer(&text->files, g_ptr_array_unref);
}

TextForm part_text_form(GMimeObject *part)
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

/* --- files within ------------------------------------------------------------------------- */

static bool feed(const guint8 *bytes, gsize length, void *user)
{
    uu_splitter_feed(user, bytes, length);
    return true;
}

static MailAttachment *describe_file(const UuFile *found, const Extent *part)
{
    MailAttachment *file = mail_attachment_new();
    Extent lines = {found->offset, found->length, TRANSFER_UUENCODE};
    g_autofree char *name =
        charset_to_utf8((const guint8 *)found->name, strlen(found->name), NULL);
    g_free(file->name);
    file->name = utf8_clean(name, strlen(name), TEXT_LINE);
    g_free(file->type);
    file->type = g_strdup("application/octet-stream");
    file->place = place_within(part, &lines);
    file->size = found->size;
    g_free(file->sha256);
    file->sha256 = g_strdup(found->sha256);
    return file;
}

/* Reads the part once more, however long it is, for its files; what else it says is the result.
 */
static GByteArray *take_files(const Extent *extent, const RawMail *raw, PartText *ret)
{
    g_autoptr(UuSplitter) splitter = uu_splitter_new(PART_TEXT_MAX, FILES_MAX);
    g_autoptr(GPtrArray) files = NULL;
    const Place place = {.outer = *extent};
    raw_decode(raw, &place, feed, splitter);
    GByteArray *rest = uu_splitter_finish(splitter, &files, &ret->is_cut);
    ret->files = g_ptr_array_new_with_free_func((GDestroyNotify)mail_attachment_free);
    for (guint i = 0; i < files->len; i++)
        g_ptr_array_add(ret->files, describe_file(files->pdata[i], extent));
    return rest;
}

/* --- the text ----------------------------------------------------------------------------- */

static bool parameter_is(GMimeObject *part, const char *name, const char *wanted)
{
    const char *value = g_mime_object_get_content_type_parameter(part, name);
    return value && g_ascii_strcasecmp(value, wanted) == 0;
}

/* HTML may name its charset itself, where the part does not. */
static char *to_utf8(GMimeObject *part, const GByteArray *bytes)
{
    const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
    g_autofree char *own = NULL;
    if (!charset && part_text_form(part) == FORM_HTML)
        charset = own = html_charset((const char *)bytes->data, bytes->len);
    return charset_to_utf8(bytes->data, bytes->len, charset);
}

static char *render(GMimeObject *part, char *source)
{
    g_autofree char *owned = source;
    switch (part_text_form(part)) {
    case FORM_HTML:
        return html_to_text(source, strlen(source));
    case FORM_ENRICHED:
        return enriched_to_text(source, false);
    case FORM_RICHTEXT:
        return enriched_to_text(source, true);
    default:
        return parameter_is(part, "format", "flowed")
                   ? flowed_unwrap(source, parameter_is(part, "delsp", "yes"))
                   : g_steal_pointer(&owned);
    }
}

/* Before its lines are joined: they are what was signed. */
static char *open_signed(char *source, PgpMarks *ret)
{
    char *opened = pgp_open_text(source, ret);
    if (opened)
        g_free(source);
    return opened ? opened : source;
}

void part_text_read(GMimeObject *part, const Extent *extent, const RawMail *raw, PartText *ret)
{
    *ret = (PartText){0};
    const Place place = {.outer = *extent};
    GByteArray *bytes = raw_decode_all(raw, &place, PART_TEXT_MAX, &ret->is_cut);
    if (part_text_form(part) == FORM_PLAIN && uu_may_begin(bytes->data, bytes->len)) {
        g_byte_array_unref(bytes);
        bytes = take_files(extent, raw, ret);
    }
    ret->text = render(part, open_signed(to_utf8(part, bytes), &ret->pgp));
    ret->is_cut |= utf8_cut(ret->text, PART_TEXT_MAX);
    g_byte_array_unref(bytes);
}

char *part_text_source(GMimeObject *part, const Extent *extent, const RawMail *raw)
{
    const Place place = {.outer = *extent};
    g_autoptr(GByteArray) bytes = raw_decode_all(raw, &place, PART_TEXT_MAX, NULL);
    return to_utf8(part, bytes);
}
