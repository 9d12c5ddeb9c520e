/* The file is decoded into memory once. What it wraps was not there for the scan to weigh, so
 * its structure is weighed here, by the caps that are the scan's defaults, before the library
 * sees it. */
#include "core/mail/smime.h"

#include "core/mail/structure.h"

#define FILE_MAX (CMS_CONTENT_MAX + 1024 * 1024)

static const ScanCaps caps = {
    .header_bytes = 256 * 1024,
    .header_fields = 1000,
    .address_bytes = 16 * 1024,
    .parts = 500,
    .depth = 20,
};

bool smime_is(GMimeObject *part)
{
    static const char *const types[] = {"pkcs7-mime", "x-pkcs7-mime"};
    if (!GMIME_IS_PART(part) || !part_is(part, "application", "*"))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (part_is(part, "application", types[i]))
            return true;
    g_autofree char *name = part_name(part);
    return g_ascii_strcasecmp(name, "smime.p7m") == 0;
}

static void ignore_field(const char *name, const char *value, void *user) {}

static bool is_within_caps(const char *text, gsize length)
{
    g_autoptr(Structure) structure = structure_new(&caps, ignore_field, NULL);
    const char *over = NULL;
    for (const char *end = text + length; text < end;) {
        const char *lf = memchr(text, '\n', (gsize)(end - text));
        const char *stop = lf ? lf : end;
        structure_line(structure, text, (gsize)(stop - text), true, true);
        text = lf ? lf + 1 : end;
    }
    structure_finish(structure, &over);
    return !over;
}

void smime_open(const Extent *extent, const RawMail *raw, Smime *ret)
{
    const Place place = {.outer = *extent};
    g_autoptr(GByteArray) file = raw_decode_all(raw, &place, FILE_MAX, NULL);
    *ret = (Smime){.raw = {.fd = -1}};
    cms_read(file->data, file->len, &ret->cms);
    const GByteArray *content = ret->cms.content;
    if (!content || !is_within_caps((const char *)content->data, content->len))
        return;
    ret->raw.bytes = content->data;
    ret->raw.size = content->len;
    ret->root = raw_parse(&ret->raw, 0, -1);
}

void smime_clear(Smime *smime)
{
    g_clear_object(&smime->root);
    cms_clear(&smime->cms);
}

bool smime_place(const Smime *smime, const Extent *extent, const Place *place, Place *ret)
{
    Extent within = place->outer;
    if (!smime->cms.is_whole || place->is_nested)
        return false;
    within.offset += smime->cms.offset;
    *ret = place_within(extent, &within);
    return true;
}
