/* mailwicket status: what runs, what waits, what is left of the disk; exit status 1 when an
 * admin should look. What is wired wrongly is doctor's to say. */
#include "core/base/error.h"
#include "core/base/timestamp.h"
#include "ctl/ctl.h"
#include "ctl/reach.h"
#include "schema/depths.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define MIB (1024 * 1024)
/* Past these somebody should look. */
#define DUE_SECONDS 3600
#define WAL_BYTES (256 * (gint64)MIB)
#define FREE_BYTES (100 * (gint64)MIB)
#define FREE_PERCENT 5

typedef struct {
    ServerLife server;
    bool notifier;
    Depths depths;
    gint64 wal, database, free, disk; /* bytes */
} Status;

/* --- looking ----------------------------------------------------------------------------- */

static bool look_at_disk(const Config *config, Status *status, GError **error)
{
    g_autofree char *path = g_build_filename(config->site.data_dir, "mailwicket.db", NULL);
    struct stat file;
    struct statvfs disk;
    if (stat(path, &file) != 0 || statvfs(config->site.data_dir, &disk) != 0)
        return error_errno(error, errno, "%s", path);
    status->database = file.st_size;
    status->free = (gint64)(disk.f_bavail * disk.f_frsize);
    status->disk = (gint64)(disk.f_blocks * disk.f_frsize);
    return true;
}

static bool look(Ctl *ctl, Status *status, GError **error)
{
    Store *store = ctl->desk->store;
    status->server = reach_server(ctl->config);
    return reach_notifier(ctl->config, &status->notifier, error) &&
           depths_read(store, now_utc(), &status->depths, error) &&
           store_wal_bytes(store, &status->wal, error) &&
           look_at_disk(ctl->config, status, error);
}

/* --- judging ----------------------------------------------------------------------------- */

/* Sentences with the cure, none if all is well. */
static GPtrArray *troubles(const Status *status)
{
    GPtrArray *found = g_ptr_array_new();
    if (status->server == SERVER_DEAD)
        g_ptr_array_add(found, "the mail server does not answer: restart mailwicket-mda");
    if (!status->notifier)
        g_ptr_array_add(found, "no notifier is running: start mailwicket-notifier");
    if (status->depths.due && now_utc() - status->depths.since > DUE_SECONDS)
        g_ptr_array_add(found, "mails have been due for over an hour: `mailwicket outbox list` "
                               "says why");
    if (status->wal > WAL_BYTES)
        g_ptr_array_add(found, "the database's log is large: it is the notifier that moves it; "
                               "its log says why it does not");
    if (status->free < FREE_BYTES || status->free * 100 < status->disk * FREE_PERCENT)
        g_ptr_array_add(found, "the disk of the data folder is nearly full: mail will be "
                               "deferred; make space");
    return found;
}

/* --- telling ----------------------------------------------------------------------------- */

static const char *server_word(ServerLife server)
{
    switch (server) {
    case SERVER_ABSENT:
        return "none";
    case SERVER_DEAD:
        return "dead";
    case SERVER_LIVES:
        break;
    }
    return "running";
}

static char *when(gint64 at)
{
    return at ? timestamp_rfc3339(at) : g_strdup("never");
}

static void print_words(const Status *status)
{
    const Depths *depths = &status->depths;
    g_autofree char *in = when(depths->last_in), *out = when(depths->last_out);
    printf("server    %s\n", server_word(status->server));
    printf("notifier  %s\n", status->notifier ? "running" : "none");
    printf("in        last %s; %" G_GINT64_FORMAT " in a day, %" G_GINT64_FORMAT " unparsed\n",
           in, depths->deliveries, depths->unparsed);
    printf("out       last %s; %" G_GINT64_FORMAT " wait, %" G_GINT64_FORMAT
           " of them due, %" G_GINT64_FORMAT " given up in a day\n",
           out, depths->waiting, depths->due, depths->dead);
    printf("held      %" G_GINT64_FORMAT "\n", depths->held);
    printf("database  %" G_GINT64_FORMAT " MB, log %" G_GINT64_FORMAT
           " MB, disk free %" G_GINT64_FORMAT " MB\n",
           status->database / MIB, status->wal / MIB, status->free / MIB);
}

static void print_json(const Status *status, const GPtrArray *found)
{
    g_autoptr(GString) out = g_string_new(NULL);
    JsonWriter json = {.out = out};
    const Depths *depths = &status->depths;
    json_object_begin(&json, NULL);
    json_string(&json, "server", server_word(status->server));
    json_bool(&json, "notifier", status->notifier);
    json_time(&json, "last_in", depths->last_in);
    json_time(&json, "last_out", depths->last_out);
    json_integer(&json, "deliveries", depths->deliveries);
    json_integer(&json, "unparsed", depths->unparsed);
    json_integer(&json, "waiting", depths->waiting);
    json_integer(&json, "due", depths->due);
    json_time(&json, "due_since", depths->since);
    json_integer(&json, "dead", depths->dead);
    json_integer(&json, "held", depths->held);
    json_integer(&json, "database_bytes", status->database);
    json_integer(&json, "wal_bytes", status->wal);
    json_integer(&json, "free_bytes", status->free);
    json_array_begin(&json, "wrong");
    for (guint i = 0; i < found->len; i++)
        json_string(&json, NULL, found->pdata[i]);
    json_array_end(&json);
    json_object_end(&json);
    ctl_json_line(&json);
}

int cmd_status(Ctl *ctl, int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    Status status = {0};
    int end = 0;
    if (!ctl_open_list(ctl, argc, argv, &end))
        return end;
    if (!look(ctl, &status, &error))
        return ctl_fail(error);
    g_autoptr(GPtrArray) found = troubles(&status);
    if (ctl->json) {
        print_json(&status, found);
    } else {
        print_words(&status);
        for (guint i = 0; i < found->len; i++)
            printf("WRONG     %s\n", (const char *)found->pdata[i]);
    }
    return found->len ? STATUS_REFUSED : STATUS_DONE;
}
