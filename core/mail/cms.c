/* Walking the few fields in front of the content, iteratively: lengths may be definite or not
 * (X.690 section 8.1.3), and the content's OCTET STRING may be one or many within each other
 * (section 8.7). Nothing behind the content is looked at. */
#include "core/mail/cms.h"

#include "core/mail/cursor.h"

enum { OID = 0x06, OCTETS = 0x04, OCTETS_PARTS = 0x24, SEQUENCE = 0x30, EXPLICIT_0 = 0xa0 };

#define CONSTRUCTED 0x20
#define INDEFINITE G_MAXSIZE
#define OID_MAX 11

static const struct {
    guint8 bytes[OID_MAX];
    gsize length;
    CmsKind kind;
} kinds[] = {
    {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2}, 9, CMS_SIGNED},
    {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3}, 9, CMS_ENCRYPTED},
    {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 4}, 9, CMS_ENCRYPTED}, /* PKCS #7, signed too */
    {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6}, 9, CMS_ENCRYPTED},
    {{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 23}, 11, CMS_ENCRYPTED},
};

void cms_clear(Cms *cms)
{
    g_clear_pointer(&cms->content, g_byte_array_unref);
}

/* --- elements ---------------------------------------------------------------------------- */

/* Past a tag of one byte and a length: *ret_length INDEFINITE where it has none of its own. */
static bool take_header(Cursor *in, guint8 *ret_tag, gsize *ret_length)
{
    const guint8 *tag, *first, *more;
    if (!cursor_skip(in, 1, &tag) || (*tag & 0x1f) == 0x1f || !cursor_skip(in, 1, &first))
        return false;
    *ret_tag = *tag;
    if (*first < 0x80) {
        *ret_length = *first;
        return true;
    }
    if (*first == 0x80) {
        *ret_length = INDEFINITE;
        return (*tag & CONSTRUCTED) != 0;
    }
    gsize n = *first & 0x7f, length = 0;
    if (n > 4 || !cursor_skip(in, n, &more))
        return false;
    for (gsize i = 0; i < n; i++)
        length = length << 8 | more[i];
    *ret_length = length;
    return true;
}

/* Into an element that must be `tag`: what follows in `in` is its content. */
static bool enter(Cursor *in, guint8 tag)
{
    guint8 found;
    gsize length;
    if (!take_header(in, &found, &length) || found != tag)
        return false;
    in->left = MIN(in->left, length);
    return true;
}

/* Past one element, whatever is in it. */
static bool skip_element(Cursor *in)
{
    guint open = 0; /* elements of no length of their own that wait for their end */
    do {
        guint8 tag;
        gsize length;
        if (!take_header(in, &tag, &length))
            return false;
        if (length == INDEFINITE)
            open++;
        else if (tag == 0 && length == 0 && open > 0)
            open--;
        else if (!cursor_skip(in, length, NULL))
            return false;
    } while (open > 0);
    return true;
}

/* --- the content ------------------------------------------------------------------------- */

static void append_octets(Cms *cms, const guint8 *file, const guint8 *bytes, gsize length)
{
    cms->is_whole = cms->content->len == 0;
    cms->offset = (gsize)(bytes - file);
    length = MIN(length, CMS_CONTENT_MAX - cms->content->len);
    g_byte_array_append(cms->content, bytes, (guint)length);
}

/* The pieces of a constructed octet string, until it ends: by the cursor if it has a length,
 * else by its mark (`endless`). Those within each other are entered, not counted by length:
 * their pieces come in order all the same. */
static void read_pieces(Cursor *in, bool endless, const guint8 *file, Cms *cms)
{
    guint open = endless ? 1 : 0;
    guint8 tag;
    gsize length;
    const guint8 *bytes;
    while (take_header(in, &tag, &length)) {
        if (tag == OCTETS) {
            length = MIN(length, in->left); /* it may break off */
            cursor_skip(in, length, &bytes);
            append_octets(cms, file, bytes, length);
        } else if (tag == OCTETS_PARTS) {
            open += length == INDEFINITE;
        } else if (tag != 0 || length != 0 || open == 0 || (--open == 0 && endless)) {
            return;
        }
    }
}

static void read_octets(Cursor *in, const guint8 *file, Cms *cms)
{
    guint8 tag;
    gsize length;
    if (!take_header(in, &tag, &length) || (tag != OCTETS && tag != OCTETS_PARTS))
        return;
    cms->content = g_byte_array_new();
    in->left = MIN(in->left, length);
    if (tag == OCTETS)
        append_octets(cms, file, in->at, in->left);
    else
        read_pieces(in, length == INDEFINITE, file, cms);
}

/* Past an object identifier; *ret_oid holds its bytes. */
static bool take_oid(Cursor *in, Cursor *ret_oid)
{
    *ret_oid = *in;
    return enter(ret_oid, OID) && skip_element(in);
}

static CmsKind read_kind(Cursor *in)
{
    Cursor oid;
    if (!take_oid(in, &oid))
        return CMS_NONE;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (oid.left == kinds[i].length && memcmp(oid.at, kinds[i].bytes, oid.left) == 0)
            return kinds[i].kind;
    return CMS_OTHER;
}

/* id-data: a MIME entity (RFC 8551 section 2.4.1). A receipt (RFC 2634) is wrapped in the same
 * way, but is nothing to be read. */
static bool is_mail(const Cursor *oid)
{
    static const guint8 data[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1};
    return oid->left == sizeof data && memcmp(oid->at, data, sizeof data) == 0;
}

void cms_read(const guint8 *file, gsize length, Cms *ret)
{
    Cursor in = {file, length};
    *ret = (Cms){0};
    if (!enter(&in, SEQUENCE))
        return;
    ret->kind = read_kind(&in);
    if (ret->kind != CMS_SIGNED)
        return;
    /* SignedData: version, digestAlgorithms, encapContentInfo. */
    Cursor type;
    if (!enter(&in, EXPLICIT_0) || !enter(&in, SEQUENCE) || !skip_element(&in) ||
        !skip_element(&in) || !enter(&in, SEQUENCE) || !take_oid(&in, &type) ||
        !enter(&in, EXPLICIT_0))
        return;
    if (is_mail(&type))
        read_octets(&in, file, ret);
    else
        ret->kind = CMS_OTHER;
    if (ret->content && ret->content->len == 0)
        cms_clear(ret);
}
