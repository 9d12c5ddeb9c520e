/* mailwicket check: is the store whole?
 *
 * Reads only: the store is opened read-only, and neither key nor lock is needed, so that a copy
 * of a data folder can be looked at too. Not here: which questions are asked (schema/audit.c).
 */
#include "core/base/owner.h"
#include "ctl/ctl.h"
#include "schema/audit.h"

#include <stdio.h>
#include <unistd.h>

#define SHOW_USEC (G_USEC_PER_SEC / 5)

typedef struct {
    bool json;
    gint64 findings;
    bool terminal; /* somebody watches */
    bool showing;  /* a line of progress stands there */
    gint64 shown;  /* when, monotonic */
} Check;

/* --- progress ---------------------------------------------------------------------------- */

static void clear_progress(Check *check)
{
    if (check->showing)
        fputs("\r\033[K", stderr);
    check->showing = false;
}

static void show_progress(const char *part, gint64 at, gint64 last, void *user)
{
    Check *check = user;
    gint64 now = g_get_monotonic_time();
    if (!check->terminal || (last != 0 && now - check->shown < SHOW_USEC))
        return;
    clear_progress(check);
    if (last != 0)
        fprintf(stderr, "%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, part, at, last);
    else
        fprintf(stderr, "%s, which may take long", part);
    check->showing = true;
    check->shown = now;
}

/* --- findings ---------------------------------------------------------------------------- */

static void print_json(const AuditFinding *finding)
{
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json = {.out = out};
    json_object_begin(&json, NULL);
    json_string(&json, "kind", finding->kind);
    json_integer(&json, "id", finding->id);
    json_string(&json, "what", finding->what);
    json_string(&json, "cure", finding->cure);
    json_object_end(&json);
    ctl_json_line(&json);
}

static void print_words(const AuditFinding *finding)
{
    g_autofree char *id =
        finding->id ? g_strdup_printf(" %" G_GINT64_FORMAT " ", finding->id) : g_strdup(": ");
    printf("WRONG %s%s%s%s%s\n", finding->kind, id, finding->what, finding->cure ? ": " : "",
           finding->cure ? finding->cure : "");
}

static void tell(const AuditFinding *finding, void *user)
{
    Check *check = user;
    check->findings++;
    clear_progress(check);
    if (check->json)
        print_json(finding);
    else
        print_words(finding);
}

/* --- counts ------------------------------------------------------------------------------ */

static const AuditTable counted[] = {AUDIT_LEDGER, AUDIT_MESSAGES, AUDIT_TICKETS, AUDIT_OUTBOX};

static void sum_up_json(const Check *check, const Audit *audit)
{
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json = {.out = out};
    json_object_begin(&json, NULL);
    json_integer(&json, "findings", check->findings);
    json_integer(&json, "raw_mails", audit->looked_at[AUDIT_RAWS]);
    for (gsize i = 0; i < G_N_ELEMENTS(counted); i++) {
        g_autofree char *key = g_strdelimit(g_strdup(audit_table_name(counted[i])), " ", '_');
        json_integer(&json, key, audit->looked_at[counted[i]]);
    }
    json_object_end(&json);
    ctl_json_line(&json);
}

static void sum_up_words(const Check *check, const Audit *audit)
{
    if (check->findings == 0)
        printf("ok    the database is whole");
    else
        printf("%" G_GINT64_FORMAT " findings", check->findings);
    printf("; %" G_GINT64_FORMAT " raw mails read", audit->looked_at[AUDIT_RAWS]);
    for (gsize i = 0; i < G_N_ELEMENTS(counted); i++)
        printf(", %" G_GINT64_FORMAT " %s", audit->looked_at[counted[i]],
               audit_table_name(counted[i]));
    puts(" compared");
}

/* --- all --------------------------------------------------------------------------------- */

/* Each part has a connection of its own: what SQLite's long check has read is of no use to the
 * other, and its memory is given back. */
static bool run_part(const Config *config, bool (*part)(Audit *audit, GError **error),
                     Audit *audit, GError **error)
{
    g_autoptr(Store) store = NULL;
    if (!store_open(config->site.data_dir, STORE_READ_ONLY, &store, error))
        return false;
    audit->store = store;
    return part(audit, error);
}

static bool check_all(Ctl *ctl, Audit *audit, GError **error)
{
    return owner_become(ctl->config->site.data_dir, error) &&
           run_part(ctl->config, audit_file, audit, error) &&
           run_part(ctl->config, audit_rows, audit, error);
}

int cmd_check(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!ctl_parse_list(ctl, argc, argv, &status) || !ctl_open_config(ctl, &status))
        return status;
    Check check = {.json = ctl->json, .terminal = isatty(STDERR_FILENO)};
    Audit audit = {.found = tell, .progress = show_progress, .user = &check};
    bool done = check_all(ctl, &audit, &error);
    clear_progress(&check);
    if (!done)
        return ctl_fail(error);
    if (ctl->json)
        sum_up_json(&check, &audit);
    else
        sum_up_words(&check, &audit);
    return check.findings ? STATUS_REFUSED : STATUS_DONE;
}
