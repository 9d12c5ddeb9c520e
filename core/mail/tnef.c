/* Walking the attributes of a TNEF stream: each a level, a number, a length, the bytes and
 * their sum. Sums are not checked: a byte gone wrong in a picture loses no text.
 *
 * Of the body's forms the plain one is best, then HTML, then RTF. A file's bytes are not
 * copied: where they lie is told. A mail within the mail is a file, and not walked. */
#include "core/mail/tnef.h"

#include "core/base/utf8.h"
#include "core/mail/charset.h"
#include "core/mail/code_page.h"
#include "core/mail/cursor.h"
#include "core/mail/html.h"
#include "core/mail/lzfu.h"
#include "core/mail/mapi.h"
#include "core/mail/rtf.h"

#define SIGNATURE 0x223e9f78
#define INTERFACE_ID_BYTES 16 /* in front of an object */
/* What is read of a value: converting takes several times its memory. */
#define RTF_MAX (8 * 1024 * 1024)
#define TEXT_BYTES ((gsize)4 * 1024 * 1024)
#define NAME_BYTES ((gsize)4 * 1024)

enum { /* attributes, without their type */
       OEM_CODE_PAGE = 0x9007,
       BODY = 0x800c,
       MESSAGE_PROPERTIES = 0x9003,
       FILE_BEGINS = 0x9002,
       FILE_TITLE = 0x8010,
       FILE_DATA = 0x800f,
       FILE_PROPERTIES = 0x9005,
};

enum { /* properties */
       PR_BODY = 0x1000,
       PR_RTF_COMPRESSED = 0x1009,
       PR_BODY_HTML = 0x1013,
       PR_DISPLAY_NAME = 0x3001,
       PR_INTERNET_CPID = 0x3fde,
       PR_ATTACH_DATA = 0x3701,
       PR_ATTACH_FILENAME = 0x3704,
       PR_ATTACH_LONG_FILENAME = 0x3707,
       PR_ATTACH_MIME_TAG = 0x370e,
       PR_ATTACH_CONTENT_ID = 0x3712,
       PR_ATTACH_FLAGS = 0x3714,
       PR_ATTACHMENT_HIDDEN = 0x7ffe,
};

enum { RENDERED_IN_BODY = 4 }; /* of PR_ATTACH_FLAGS */

typedef struct {
    const guint8 *bytes;
    gsize length;
    guint16 type;
} Value;

typedef struct {
    const guint8 *stream;
    Tnef *tnef;
    guint32 oem, internet;             /* code pages, 0 unknown */
    Value plain, html, rtf, attribute; /* the forms of the body; attribute: attBody */
    TnefFile *file;                    /* in progress, NULL: none */
    int name_rank;                     /* of its name: the highest counts */
} Reader;

static void file_free(TnefFile *file)
{
    g_free(file->name);
    g_free(file->type);
    g_free(file->content_id);
    g_free(file);
}

void tnef_free(Tnef *tnef)
{
    if (!tnef)
        return;
    g_free(tnef->body);
    g_ptr_array_unref(tnef->files);
    g_free(tnef);
}

static void replace(char **place, char *value)
{
    g_free(*place);
    *place = value;
}

/* --- files ------------------------------------------------------------------------------- */

static void begin_file(Reader *reader)
{
    reader->file = NULL;
    if (reader->tnef->files->len >= TNEF_FILES_MAX)
        return;
    reader->file = g_new0(TnefFile, 1);
    reader->file->name = g_strdup("");
    reader->file->type = g_strdup("application/octet-stream");
    reader->file->content_id = g_strdup("");
    reader->name_rank = 0;
    g_ptr_array_add(reader->tnef->files, reader->file);
}

/* Behind the last folder, for Outlook sometimes writes the whole path. */
static char *last_component(const char *text)
{
    const char *name = text;
    for (const char *p = text; *p; p++)
        if ((*p == '/' || *p == '\\') && p[1])
            name = p + 1;
    return utf8_clean(name, strlen(name), TEXT_LINE);
}

static char *text_of(const Reader *reader, const Value *value)
{
    guint32 page = reader->oem ? reader->oem : reader->internet;
    g_autofree char *text = mapi_text(value->type, value->bytes, MIN(value->length, NAME_BYTES),
                                      code_page_charset(page));
    if (!text)
        return g_strdup("");
    return utf8_clean(text, strlen(text), TEXT_LINE);
}

static void name_file(Reader *reader, const Value *value, int rank)
{
    g_autofree char *text = text_of(reader, value);
    if (rank <= reader->name_rank || *text == '\0')
        return;
    reader->name_rank = rank;
    replace(&reader->file->name, last_component(text));
}

/* "type/subtype" in letters, digits and a few signs. */
static bool is_type(const char *text)
{
    const char *slash = strchr(text, '/');
    if (!slash || slash == text || !slash[1] || strlen(text) > 100)
        return false;
    for (const char *p = text; *p; p++)
        if (p != slash && !g_ascii_isalnum(*p) && !strchr("+-._", *p))
            return false;
    return true;
}

static void type_file(Reader *reader, const Value *value)
{
    g_autofree char *text = text_of(reader, value);
    if (is_type(text))
        replace(&reader->file->type, g_ascii_strdown(text, -1));
}

static void place_file(Reader *reader, const guint8 *bytes, gsize length)
{
    reader->file->offset = (gsize)(bytes - reader->stream);
    reader->file->length = length;
}

static void take_data(Reader *reader, const Value *value)
{
    gsize skip = value->type == MAPI_OBJECT ? MIN(value->length, INTERFACE_ID_BYTES) : 0;
    if (value->type != MAPI_OBJECT && value->type != MAPI_BINARY)
        return;
    place_file(reader, value->bytes + skip, value->length - skip);
    if (value->type == MAPI_OBJECT)
        replace(&reader->file->type, g_strdup("application/ms-tnef"));
}

static void take_file_property(guint16 id, guint16 type, const guint8 *bytes, gsize length,
                               void *user)
{
    Reader *reader = user;
    const Value value = {bytes, length, type};
    switch (id) {
    case PR_ATTACH_LONG_FILENAME:
        name_file(reader, &value, 4);
        break;
    case PR_ATTACH_FILENAME:
        name_file(reader, &value, 3);
        break;
    case PR_DISPLAY_NAME:
        name_file(reader, &value, 1);
        break;
    case PR_ATTACH_MIME_TAG:
        type_file(reader, &value);
        break;
    case PR_ATTACH_CONTENT_ID:
        replace(&reader->file->content_id, text_of(reader, &value));
        break;
    case PR_ATTACH_FLAGS:
        reader->file->is_inline |= (mapi_number(bytes, length) & RENDERED_IN_BODY) != 0;
        break;
    case PR_ATTACHMENT_HIDDEN:
        reader->file->is_inline |= mapi_number(bytes, length) != 0;
        break;
    case PR_ATTACH_DATA:
        take_data(reader, &value);
        break;
    }
}

/* What says that it is hidden, but not where it is shown, is beside the text. */
static void finish_files(const Reader *reader)
{
    for (guint i = 0; i < reader->tnef->files->len; i++) {
        TnefFile *file = reader->tnef->files->pdata[i];
        file->is_inline &= *file->content_id != '\0';
    }
}

/* --- the body ---------------------------------------------------------------------------- */

static void take_message_property(guint16 id, guint16 type, const guint8 *bytes, gsize length,
                                  void *user)
{
    Reader *reader = user;
    const Value value = {bytes, length, type};
    if (id == PR_BODY)
        reader->plain = value;
    else if (id == PR_BODY_HTML)
        reader->html = value;
    else if (id == PR_RTF_COMPRESSED && type == MAPI_BINARY)
        reader->rtf = value;
    else if (id == PR_INTERNET_CPID)
        reader->internet = mapi_number(bytes, length);
}

static char *decode(const Value *value, guint32 page)
{
    gsize length = MIN(value->length, TEXT_BYTES);
    return value->type == MAPI_BINARY
               ? charset_to_utf8(value->bytes, length, code_page_charset(page))
               : mapi_text(value->type, value->bytes, length, code_page_charset(page));
}

static char *read_html(const Reader *reader)
{
    g_autofree char *html = reader->html.bytes ? decode(&reader->html, reader->internet) : NULL;
    return html ? html_to_text(html, strlen(html)) : NULL;
}

static char *read_rtf(const Reader *reader)
{
    g_autoptr(GByteArray) rtf =
        reader->rtf.bytes ? lzfu_decode(reader->rtf.bytes, reader->rtf.length, RTF_MAX) : NULL;
    return rtf ? rtf_to_text(rtf->data, rtf->len) : NULL;
}

static bool has_words(const char *text)
{
    return text && text[strspn(text, " \t\n")] != '\0';
}

static char *read_plain(const Reader *reader, const Value *value)
{
    return value->bytes ? decode(value, reader->oem) : NULL;
}

static char *read_body(const Reader *reader)
{
    char *body = read_plain(reader, &reader->plain);
    if (!has_words(body))
        replace(&body, read_plain(reader, &reader->attribute));
    if (!has_words(body))
        replace(&body, read_html(reader));
    if (!has_words(body))
        replace(&body, read_rtf(reader));
    if (!has_words(body))
        g_clear_pointer(&body, g_free);
    if (body)
        utf8_cut(body, TNEF_BODY_MAX);
    return body;
}

/* --- attributes -------------------------------------------------------------------------- */

static void take_file_attribute(Reader *reader, guint16 id, const Value *value)
{
    if (id == FILE_BEGINS)
        begin_file(reader);
    if (!reader->file)
        return;
    if (id == FILE_TITLE)
        name_file(reader, value, 2);
    else if (id == FILE_DATA)
        place_file(reader, value->bytes, value->length);
    else if (id == FILE_PROPERTIES)
        mapi_read(value->bytes, value->length, take_file_property, reader);
}

static void take_attribute(Reader *reader, guint16 id, const guint8 *bytes, gsize length)
{
    const Value value = {bytes, length, MAPI_STRING8};
    if (id == OEM_CODE_PAGE)
        reader->oem = mapi_number(bytes, length);
    else if (id == BODY)
        reader->attribute = value;
    else if (id == MESSAGE_PROPERTIES)
        mapi_read(bytes, length, take_message_property, reader);
    else
        take_file_attribute(reader, id, &value);
}

static void read_attributes(Reader *reader, Cursor *stream)
{
    const guint8 *bytes;
    guint16 id, type, sum;
    guint32 length;
    while (cursor_skip(stream, 1, NULL) && cursor_u16(stream, &id) &&
           cursor_u16(stream, &type) && cursor_u32(stream, &length) &&
           cursor_skip(stream, length, &bytes)) {
        take_attribute(reader, id, bytes, length);
        if (!cursor_u16(stream, &sum))
            return;
    }
}

Tnef *tnef_read(const guint8 *bytes, gsize length)
{
    Cursor stream = {bytes, length};
    guint32 signature;
    guint16 key;
    if (!cursor_u32(&stream, &signature) || signature != SIGNATURE ||
        !cursor_u16(&stream, &key))
        return NULL;
    Tnef *tnef = g_new0(Tnef, 1);
    tnef->files = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);
    Reader reader = {.stream = bytes, .tnef = tnef};
    read_attributes(&reader, &stream);
    finish_files(&reader);
    tnef->body = read_body(&reader);
    return tnef;
}
