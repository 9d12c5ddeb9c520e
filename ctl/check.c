/* mailwicket check: is the store whole?
 *
 * Reads only, and holds nothing up: a raw mail is read piece by piece. Not here: which
 * questions are asked (schema/audit.c). */
#include "core/base/error.h"
#include "core/mail/digest.h"
#include "ctl/ctl.h"
#include "schema/audit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    Store *store;
    bool json;
    int findings;
} Check;

/* What stands behind each finding is the same: a fault of the disk, of memory, or a hand that
 * changed the database. */
#define CURE "restore the database from a backup made before, or ask its authors"

static void print_json(const char *kind, gint64 id, const char *what)
{
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json = {.out = out};
    json_object_begin(&json, NULL);
    json_string(&json, "kind", kind);
    json_integer(&json, "id", id);
    json_string(&json, "what", what);
    json_object_end(&json);
    ctl_json_line(&json);
}

/* AuditFinding */
static void tell(const char *kind, gint64 id, const char *what, void *user)
{
    Check *check = user;
    check->findings++;
    if (check->json)
        print_json(kind, id, what);
    else if (id)
        printf("WRONG %s %" G_GINT64_FORMAT " %s\n", kind, id, what);
    else
        printf("WRONG %s: %s\n", kind, what);
}

/* --- raw mails --------------------------------------------------------------------------- */

static bool digest_raw(Store *store, gint64 raw, guint64 size, char **ret, GError **error)
{
    g_autofree guint8 *piece = g_malloc(RAW_PIECE_BYTES);
    Digest digest;
    digest_init(&digest);
    for (guint64 offset = 0; offset < size; offset += RAW_PIECE_BYTES) {
        gsize length;
        if (!raw_read(store, raw, offset, piece, RAW_PIECE_BYTES, &length, error))
            return false;
        digest_add(&digest, piece, length);
    }
    *ret = digest_hex(&digest);
    return true;
}

static char *hex_of(const guint8 hash[32])
{
    GString *hex = g_string_new(NULL);
    for (int i = 0; i < 32; i++)
        g_string_append_printf(hex, "%02x", hash[i]);
    return g_string_free(hex, FALSE);
}

static bool check_raw(Check *check, gint64 raw, guint64 size, const guint8 hash[32],
                      GError **error)
{
    g_autofree char *found = NULL, *expected = hex_of(hash);
    g_autoptr(GError) why = NULL;
    if (!digest_raw(check->store, raw, size, &found, &why)) {
        if (!g_error_matches(why, WICKET_ERROR, ERROR_CORRUPT)) {
            g_propagate_error(error, g_steal_pointer(&why));
            return false;
        }
        tell("raw mail", raw, "is incomplete", check);
    } else if (strcmp(found, expected) != 0) {
        tell("raw mail", raw, "is not what its SHA-256 says", check);
    }
    return true;
}

static void show_progress(gint64 done, gint64 all, bool last)
{
    if (!isatty(STDERR_FILENO) || (done % 100 != 0 && !last))
        return;
    fprintf(stderr, "\rraw mails: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "%s", done, all,
            last ? "\n" : "");
}

static bool check_raws(Check *check, gint64 *ret_count, GError **error)
{
    gint64 raw = 0, all = 0;
    guint64 size;
    guint8 hash[32];
    if (!audit_count_raws(check->store, &all, error))
        return false;
    for (*ret_count = 0;; (*ret_count)++) {
        if (!audit_next_raw(check->store, raw, &raw, &size, hash, error))
            return false;
        show_progress(*ret_count, all, raw == 0);
        if (raw == 0)
            return true;
        if (!check_raw(check, raw, size, hash, error))
            return false;
    }
}

/* --- all --------------------------------------------------------------------------------- */

static bool check_all(Check *check, gint64 *ret_raws, GError **error)
{
    return audit_file(check->store, tell, check, error) &&
           audit_rows(check->store, tell, check, error) && check_raws(check, ret_raws, error);
}

int cmd_check(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    gint64 raws = 0;
    if (!ctl_open_list(ctl, argc, argv, &status))
        return status;
    Check check = {.store = ctl->desk->store, .json = ctl->json};
    if (!check_all(&check, &raws, &error))
        return ctl_fail(error);
    if (!ctl->json && check.findings == 0)
        printf("ok    the database is whole; %" G_GINT64_FORMAT " raw mails read\n", raws);
    else if (!ctl->json)
        printf("%d findings; %" G_GINT64_FORMAT " raw mails read: " CURE "\n", check.findings,
               raws);
    return check.findings ? STATUS_REFUSED : STATUS_DONE;
}
