/* Searching bytes for secrets of ours. Linear but for one look-up per candidate, and a
 * candidate must have the whole shape of a secret, so hostile text buys few look-ups: at most
 * MAX_CANDIDATES per text; past them every candidate is taken for a secret. */
#include "core/desk/scrub.h"

#include "core/base/error.h"
#include "core/base/transfer.h"
#include "core/desk/token.h"
#include "schema/ledger.h"
#include "schema/links.h"
#include "schema/people.h"
#include "schema/tickets.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAX_CANDIDATES 200
#define PAGE_PATH "/ticket/"
#define PAGE_CHARS 26
#define MAC_CHARS 16
#define EXTENSION_MAX (1 + 15 + 1 + MAC_CHARS) /* letter, digits, dot, mac */
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

/* Length of the extension of a secret at `p` (behind the +), 0 when it is none. */
static bool match_extension(Search *search, const char *p, const char *end, gsize *ret,
                            GError **error)
{
    *ret = 0;
    gsize n = 1;
    while (p + n < end && n <= 15 && g_ascii_isdigit(p[n]))
        n++;
    gsize length = n + 1 + MAC_CHARS;
    if (n < 2 || p + length > end || p[n] != '.')
        return true;
    for (gsize i = n + 1; i < length; i++)
        if (!g_ascii_isalnum(p[i]))
            return true;
    char extension[EXTENSION_MAX + 1] = "";
    memcpy(extension, p, MIN(length, EXTENSION_MAX));
    gint64 epoch = 0;
    if (++search->candidates > MAX_CANDIDATES) {
        *ret = length;
        return true;
    }
    if (!extension_epoch(search->desk, extension, &epoch, error))
        return false;
    if (epoch >= 0 && token_verify_extension(search->desk->ring, extension, epoch))
        *ret = length;
    return true;
}

/* Length of the HASH of a page link at `p` (behind /ticket/), 0 when it opens nothing. */
static bool match_page(Search *search, const char *p, const char *end, gsize *ret,
                       GError **error)
{
    *ret = 0;
    if (end - p < PAGE_CHARS)
        return true;
    g_autofree char *page = g_strndup(p, PAGE_CHARS);
    guint8 hash[32];
    gint64 ticket = 0, person = 0;
    GError *failure = NULL;
    if (!token_page_hash(page, hash))
        return true;
    if (++search->candidates > MAX_CANDIDATES ||
        links_find(search->desk->store, hash, 0, &ticket, &person, &failure))
        *ret = PAGE_CHARS;
    if (failure) {
        g_propagate_error(error, failure);
        return false;
    }
    return true;
}

typedef struct {
    const char *cut;  /* first byte to take out */
    gsize length;     /* of what to take out; 0: nothing found here */
    const char *mark; /* what stands in its place */
} Finding;

/* Looks at one position. */
static bool look_at(Search *search, const char *p, const char *end, Finding *finding,
                    GError **error)
{
    gsize plus = 0, length = 0;
    *finding = (Finding){0};
    if (*p == '+')
        plus = 1;
    else if (end - p > 3 && g_ascii_strncasecmp(p, "%2B", 3) == 0)
        plus = 3; /* in a mailto: link */
    if (plus > 0) {
        if (!match_extension(search, p + plus, end, &length, error))
            return false;
        *finding = (Finding){p, length ? plus + length : 0, ""};
        return true;
    }
    gsize path = strlen(PAGE_PATH);
    if (*p == '/' && (gsize)(end - p) > path && memcmp(p, PAGE_PATH, path) == 0) {
        if (!match_page(search, p + path, end, &length, error))
            return false;
        *finding = (Finding){p + path, length, "…"};
    }
    return true;
}

bool scrub_text(Desk *desk, const char *text, char **ret, GError **error)
{
    Search search = {desk, 0};
    const char *end = text + strlen(text);
    g_autoptr(GString) out = g_string_sized_new((gsize)(end - text));
    const char *done = text;
    for (const char *p = text; p < end; p++) {
        Finding found;
        p += strcspn(p, "+%/");
        if (p == end)
            break;
        if (!look_at(&search, p, end, &found, error))
            return false;
        if (found.length == 0)
            continue;
        g_string_append_len(out, done, found.cut - done);
        g_string_append(out, found.mark);
        done = found.cut + found.length;
        p = done - 1;
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
        Finding found;
        if (*p != '+' && *p != '%' && *p != '/')
            continue;
        if (!look_at(search, p, end, &found, error))
            return false;
        if (found.length > 0) {
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

bool scrub_attachment_holds_secret(Desk *desk, int fd, const MailAttachment *part, bool *ret,
                                   GError **error)
{
    Search search = {desk, 0};
    TransferDecoder decoder;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree guint8 *block = g_malloc(BLOCK);
    guint64 done = 0;

    *ret = false;
    if (!is_searched(part))
        return true;
    transfer_init(&decoder, part->encoding);
    while (done < part->length && !*ret) {
        gsize want = (gsize)MIN((guint64)BLOCK, part->length - done);
        ssize_t got = pread(fd, block, want, (off_t)(part->offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return error_errno(error, got < 0 ? errno : EIO, "reading the spooled mail");
        done += (guint64)got;
        transfer_decode(&decoder, block, (gsize)got, bytes);
        if (done == part->length)
            transfer_finish(&decoder, bytes);
        if (!bytes_hold_secret(&search, bytes, ret, error))
            return false;
        /* Keep enough of the end that a secret across two blocks is seen whole. */
        guint keep = MIN(bytes->len, (guint)(strlen(PAGE_PATH) + EXTENSION_MAX));
        g_byte_array_remove_range(bytes, 0, bytes->len - keep);
    }
    return true;
}
