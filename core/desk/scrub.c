/* Searching bytes for secrets of ours. Linear but for one look-up per candidate, and a
 * candidate must have the whole shape of a secret, so hostile text buys few look-ups: at most
 * MAX_CANDIDATES per text; past them every candidate is taken for a secret. */
#include "core/desk/scrub.h"

#include "core/base/error.h"
#include "core/desk/token.h"
#include "schema/ledger.h"
#include "schema/links.h"
#include "schema/people.h"
#include "schema/tickets.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAX_CANDIDATES 200
#define STARTS "+%/" /* what a secret's shape may begin with */
#define PAGE_PATH "ticket"
#define PAGE_CHARS 26
#define ID_DIGITS 15
#define MAC_CHARS 16
#define MAX_ENCODING 4
#define ENCODED_MAX (1 + 2 * (MAX_ENCODING - 1) + 2)  /* "%2525252F" */
#define EXTENSION_MAX (1 + ID_DIGITS + 1 + MAC_CHARS) /* letter, digits, dot, mac */
#define ADDRESS_MAX (ENCODED_MAX + EXTENSION_MAX)
#define PAGE_MAX (2 * ENCODED_MAX + (sizeof PAGE_PATH - 1) + PAGE_CHARS)
#define SECRET_MAX MAX(ADDRESS_MAX, PAGE_MAX)
#define BLOCK (64 * 1024)

typedef struct {
    Desk *desk;
    int candidates;
} Search;

static bool person_epoch(Desk *desk, gint64 id, gint64 *ret, GError **error)
{
    g_autoptr(Person) person = NULL;
    if (!people_by_id(desk->store, id, &person, error))
        return false;
    *ret = person ? person->epoch : 0;
    return true;
}

/* Whose epoch an extension must verify with; *ret -1 when it names nothing that exists. */
static bool extension_epoch(Desk *desk, const char *extension, gint64 *ret, GError **error)
{
    gint64 id = 0;
    *ret = -1;
    ExtensionKind kind = token_read_extension(extension, &id);
    if (kind == EXTENSION_BOUNCE)
        *ret = 0;
    if (kind == EXTENSION_REPLY) {
        g_autoptr(Participation) part = NULL;
        if (!participations_by_id(desk->store, id, &part, error))
            return false;
        return !part || person_epoch(desk, part->person, ret, error);
    }
    if (kind == EXTENSION_CONFIRM) {
        g_autofree Confirmation *asked = NULL;
        if (!confirmations_by_id(desk->store, id, &asked, error))
            return false;
        return !asked || person_epoch(desk, asked->person, ret, error);
    }
    return true;
}

/* --- shapes ------------------------------------------------------------------------------ */

/* Length of `plain` at `p`, as itself or percent-encoded up to MAX_ENCODING times ("%2F",
 * "%252F", as link rewriters nest them); 0 when it does not stand there. */
static gsize encoded_length(const char *p, const char *end, char plain, const char *hex)
{
    if (p == end)
        return 0;
    if (*p == plain)
        return 1;
    if (*p != '%')
        return 0;
    const char *q = p + 1;
    for (int n = 1; n < MAX_ENCODING && end - q >= 2 && memcmp(q, "25", 2) == 0; n++)
        q += 2;
    if (end - q < 2 || g_ascii_strncasecmp(q, hex, 2) != 0)
        return 0;
    return (gsize)(q + 2 - p);
}

static bool all_alnum(const char *p, const char *end, gsize length)
{
    if ((gsize)(end - p) < length)
        return false;
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isalnum(p[i]))
            return false;
    return true;
}

static bool address_shape(const char *p, const char *end, ScrubShape *ret)
{
    gsize lead = encoded_length(p, end, '+', "2B");
    if (lead == 0)
        return false;
    p += lead;
    gsize n = 1;
    while (n < (gsize)(end - p) && n <= ID_DIGITS && g_ascii_isdigit(p[n]))
        n++;
    if (n < 2 || n >= (gsize)(end - p) || p[n] != '.' || !g_ascii_isalpha(*p) ||
        !all_alnum(p + n + 1, end, MAC_CHARS))
        return false;
    *ret = (ScrubShape){SCRUB_ADDRESS, lead, n + 1 + MAC_CHARS};
    return true;
}

static bool page_shape(const char *p, const char *end, ScrubShape *ret)
{
    const char *q = p;
    gsize slash = encoded_length(q, end, '/', "2F");
    if (slash == 0)
        return false;
    q += slash;
    if ((gsize)(end - q) < strlen(PAGE_PATH) || memcmp(q, PAGE_PATH, strlen(PAGE_PATH)) != 0)
        return false;
    q += strlen(PAGE_PATH);
    slash = encoded_length(q, end, '/', "2F");
    if (slash == 0 || !all_alnum(q + slash, end, PAGE_CHARS))
        return false;
    *ret = (ScrubShape){SCRUB_PAGE, (gsize)(q + slash - p), PAGE_CHARS};
    return true;
}

bool scrub_shape(const char *p, const char *end, ScrubShape *ret)
{
    return address_shape(p, end, ret) || page_shape(p, end, ret);
}

/* --- secrets ----------------------------------------------------------------------------- */

/* Is this extension one of a secret that verifies? */
static bool is_extension(Search *search, const char *extension, bool *ret, GError **error)
{
    gint64 epoch = 0;
    if (++search->candidates > MAX_CANDIDATES) {
        *ret = true;
        return true;
    }
    if (!extension_epoch(search->desk, extension, &epoch, error))
        return false;
    *ret = epoch >= 0 && token_verify_extension(search->desk->ring, extension, epoch);
    return true;
}

/* Is this the HASH of a page link that opens something? */
static bool is_page(Search *search, const char *page, bool *ret, GError **error)
{
    guint8 hash[32];
    gint64 ticket = 0, person = 0;
    GError *failure = NULL;
    *ret = false;
    if (!token_page_hash(page, hash))
        return true;
    *ret = ++search->candidates > MAX_CANDIDATES ||
           links_find(search->desk->store, hash, 0, &ticket, &person, &failure);
    if (!failure)
        return true;
    g_propagate_error(error, failure);
    return false;
}

/* Looks at one position; ret->kind is SCRUB_NOTHING where no secret of ours begins. */
static bool look_at(Search *search, const char *p, const char *end, ScrubShape *ret,
                    GError **error)
{
    ScrubShape shape = {0};
    bool ours = false;
    *ret = shape;
    if (!scrub_shape(p, end, &shape))
        return true;
    g_autofree char *secret = g_strndup(p + shape.lead, shape.length);
    if (!(shape.kind == SCRUB_ADDRESS ? is_extension(search, secret, &ours, error)
                                      : is_page(search, secret, &ours, error)))
        return false;
    if (ours)
        *ret = shape;
    return true;
}

bool scrub_text(Desk *desk, const char *text, char **ret, GError **error)
{
    Search search = {desk, 0};
    const char *end = text + strlen(text);
    g_autoptr(GString) out = g_string_sized_new((gsize)(end - text));
    const char *done = text;
    for (const char *p = text + strcspn(text, STARTS); p < end; p += strcspn(p, STARTS)) {
        ScrubShape found;
        if (!look_at(&search, p, end, &found, error))
            return false;
        if (found.kind == SCRUB_NOTHING) {
            p++;
            continue;
        }
        bool page = found.kind == SCRUB_PAGE; /* its path may stay */
        g_string_append_len(out, done, p - done + (page ? (gssize)found.lead : 0));
        g_string_append(out, page ? "…" : "");
        p += found.lead + found.length;
        done = p;
    }
    g_string_append_len(out, done, end - done);
    *ret = g_string_free(g_steal_pointer(&out), FALSE);
    return true;
}

static bool bytes_hold_secret(Search *search, const GByteArray *bytes, bool *ret,
                              GError **error)
{
    const char *end = (const char *)bytes->data + bytes->len;
    for (const char *p = (const char *)bytes->data; p < end; p++) {
        ScrubShape found;
        if (!look_at(search, p, end, &found, error))
            return false;
        if (found.kind != SCRUB_NOTHING) {
            *ret = true;
            return true;
        }
    }
    return true;
}

static bool is_searched(const MailAttachment *part)
{
    return g_str_has_prefix(part->type, "text/") || g_str_has_prefix(part->type, "message/") ||
           g_str_has_suffix(part->name, ".eml") || g_str_has_suffix(part->name, ".txt") ||
           g_str_has_suffix(part->name, ".html");
}

bool scrub_attachment_holds_secret(Desk *desk, int fd, const MailAttachment *part,
                                   guint64 *left, bool *ret, GError **error)
{
    const Extent *outer = &part->place.outer;
    Search search = {desk, 0};
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree guint8 *block = g_malloc(BLOCK);
    g_auto(PlaceDecoder) decoder;
    guint64 done = 0;

    place_decoder_init(&decoder, &part->place);
    *ret = is_searched(part) && *left == 0;
    while (is_searched(part) && done < outer->length && !place_is_over(&decoder) && !*ret) {
        gsize want = (gsize)MIN((guint64)BLOCK, outer->length - done);
        ssize_t got = pread(fd, block, want, (off_t)(outer->offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_errno(error, got < 0 ? errno : EIO, "reading the spooled mail");
        done += (guint64)got;
        *left -= MIN(*left, (guint64)got);
        place_decode(&decoder, block, (gsize)got, bytes);
        if (done == outer->length)
            place_finish(&decoder, bytes);
        if (!bytes_hold_secret(&search, bytes, ret, error))
            return false;
        *ret |= *left == 0;
        /* Keep enough of the end that a secret across two blocks is seen whole. */
        guint keep = MIN(bytes->len, SECRET_MAX - 1);
        g_byte_array_remove_range(bytes, 0, bytes->len - keep);
    }
    return true;
}
